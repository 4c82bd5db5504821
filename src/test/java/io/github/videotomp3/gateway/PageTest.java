package io.github.videotomp3.gateway;

import static io.github.videotomp3.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageTest {

    private static final Path FOLDER = Path.of("src/main/resources/page");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Where the page names a text: attributes of elements, and calls with a name that is written out. */
    private static final Pattern TEXT = Pattern.compile("data-(?:text|label)=\"([\\w-]+)\"|\\bsay\\('(\\w+)'");

    private final Page page = new Page();
    private final Map<String, Object> headers = new HashMap<>(Map.of("Authorization", "Bearer secret"));

    static List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void handsOutEachFileWithItsTypeAndNothingOfTheRequest(String name) throws IOException {
        assertThat(page.file(null, name, null, headers)).isEqualTo(Files.readAllBytes(FOLDER.resolve(name)));
        assertThat(headers)
                .containsOnlyKeys(
                        "Content-Type",
                        "ETag",
                        "Cache-Control",
                        "Content-Security-Policy",
                        "Referrer-Policy",
                        "X-Frame-Options");
        assertThat(headers.get("Content-Type")).isNotNull();
    }

    @Test
    void isTheStartWithoutAName() {
        assertThat(new String(page.file(null, null, null, headers), StandardCharsets.UTF_8))
                .startsWith("<!doctype html>");
        assertThat(headers.get("Content-Security-Policy").toString())
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
    }

    @Test
    void sendsNothingThatTheBrowserHas() {
        page.file(null, "app.js", null, headers);
        Object etag = headers.get("ETag");

        assertThat(page.file(null, "app.js", etag.toString(), headers)).isNull();
        assertThat(headers).containsEntry("CamelHttpResponseCode", 304).containsEntry("ETag", etag);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "other.js", "../application.properties", "app.js/"})
    void hasNoOtherFile(String name) {
        assertThat(refusalOf(() -> page.file(null, name, null, headers)).getStatus())
                .isEqualTo(404);
    }

    /** Else the policy would stop it, and a browser say so in a window that nobody sees. */
    @Test
    void hasNoScriptOrStyleInTheDocument() throws IOException {
        assertThat(read("index.html"))
                .doesNotContainPattern("<script(?![^>]*src=)|<style|\\son\\w+=|\\sstyle=|javascript:");
    }

    @Test
    void saysTheSameInEveryLanguage() throws IOException {
        Set<String> english = keys("en.json");
        Set<String> german = keys("de.json");
        german.remove("sentences"); // which are English where the service says them

        assertThat(german).isEqualTo(english);
    }

    @Test
    void namesNoTextThatIsNotThere() throws IOException {
        List<String> named = new ArrayList<>();
        for (String file : files()) {
            Matcher text = TEXT.matcher(read(file));
            while (text.find()) {
                named.add(text.group(1) == null ? text.group(2) : text.group(1));
            }
        }

        assertThat(named).hasSizeGreaterThan(30);
        assertThat(keys("en.json")).containsAll(named);
    }

    private static Set<String> keys(String catalogue) throws IOException {
        JsonNode texts = JSON.readTree(FOLDER.resolve(catalogue).toFile());
        Set<String> keys = new TreeSet<>();
        texts.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    private static String read(String file) throws IOException {
        return Files.readString(FOLDER.resolve(file));
    }
}
