package io.github.videotomp3;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Quantity;
import io.github.videotomp3.k8s.Settings;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds {@code camel-k/} against the route files and against Camel K's own schema. */
class IntegrationsTest {

    private static final Path README = Path.of("camel-k/README.md");

    static Stream<String> bundles() {
        return Integrations.BUNDLES.stream();
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void isWhatTheRouteFilesSay(String bundle) throws IOException {
        String fresh = Integrations.yaml(bundle);
        if (Boolean.getBoolean("rewrite")) {
            Files.writeString(Integrations.file(bundle), fresh);
        }

        assertThat(Integrations.file(bundle))
                .as("./mvnw test -Dtest=IntegrationsTest -Drewrite=true writes it anew")
                .hasContent(fresh);
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void fitsTheSchemaOfCamelK(String bundle) throws IOException {
        assertThat(schema().faults(committed(bundle))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/spec/traits/container, limit-memory",
        "/spec, flow",
        "/spec/traits/keda, replicas",
        "/spec/template/spec, grace"
    })
    void findsAFieldThatCamelKDoesNotKnow(String place, String field) throws IOException {
        JsonNode wrong = committed("converter");
        ((ObjectNode) wrong.at(place)).put(field, "1");

        assertThat(schema().faults(wrong)).hasSize(1).first().asString().contains(field);
    }

    @Test
    void findsAValueOfAWrongType() throws IOException {
        JsonNode wrong = committed("auth");
        ((ObjectNode) wrong.at("/spec/traits/health")).put("enabled", "yes");

        assertThat(schema().faults(wrong)).hasSize(1).first().asString().contains("enabled");
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void hasAValueForEachKeyOfItsFlows(String bundle) throws IOException {
        JsonNode integration = committed(bundle);
        Set<String> known = new HashSet<>(
                Integrations.load(Path.of("camel-k/video-to-mp3.properties")).stringPropertyNames());
        integration
                .at("/spec/traits/camel/properties")
                .forEach(property -> known.add(
                        property.asText().substring(0, property.asText().indexOf('='))));
        List<String> keys = Integrations.keys(integration.at("/spec").toString(), false);

        assertThat(keys).isNotEmpty().allMatch(known::contains);
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void namesTheVersionsOfTheBuild(String bundle) throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));

        committed(bundle).at("/spec/dependencies").forEach(dependency -> {
            String[] parts = dependency.asText().split(":");
            if (pom.contains("<artifactId>" + parts[parts.length - 2] + "</artifactId>\n      <version>")) {
                assertThat(pom).contains(">" + parts[parts.length - 1] + "<");
            }
        });
    }

    static Stream<String> ways() {
        return KamelRun.ways().stream();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void isRunByTheCommandsOfTheReadme(String way) throws IOException {
        String fresh = KamelRun.commands(way);
        if (Boolean.getBoolean("rewrite")) {
            Files.writeString(
                    README,
                    commands(way).matcher(Files.readString(README)).replaceFirst(Matcher.quoteReplacement(fresh)));
        }

        assertThat(commands(way).matcher(Files.readString(README)).results().map(MatchResult::group))
                .as("./mvnw test -Dtest=IntegrationsTest -Drewrite=true writes it anew")
                .containsExactly(fresh);
    }

    private static Pattern commands(String way) {
        return Pattern.compile(
                "(?<=<!-- kamel run: " + way + " -->\n```sh\n).*?(?=```\n<!-- /kamel run -->)", Pattern.DOTALL);
    }

    /** As a shell reads it. */
    @Test
    void isMadeOfTheRouteFilesByTheCommandsOfTheReadme() throws Exception {
        Map<String, List<String>> commands = words("The route files");

        assertThat(commands).containsOnlyKeys(Integrations.BUNDLES);
        for (String bundle : Integrations.BUNDLES) {
            JsonNode spec = committed(bundle).get("spec");
            List<String> words = commands.get(bundle);
            assertThat(words)
                    .filteredOn(word -> word.endsWith(".camel.yaml"))
                    .allMatch(word -> Files.exists(Path.of(word)));
            assertThat(after(words, "-d")).isEqualTo(texts(spec.get("dependencies")));
            assertThat(after(words, "-p")).isEqualTo(texts(spec.at("/traits/camel/properties")));
            assertThat(after(words, "--config")).isEqualTo(texts(spec.at("/traits/mount/configs")));
            assertThat(Integrations.YAML.readTree(after(words, "--pod-template").get(0)))
                    .isEqualTo(spec.at("/template/spec"));
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void isRunWithTraitsThatCamelKKnows(String way) throws Exception {
        JsonNode known = Schema.of("camel.apache.org_integrations").at("/properties/spec/properties/traits/properties");
        words(way)
                .forEach((bundle, words) -> assertThat(after(words, "-t"))
                        .isNotEmpty()
                        .allSatisfy(setting -> {
                            String[] names =
                                    setting.substring(0, setting.indexOf('=')).split("\\.");
                            List<String> properties = new ArrayList<>();
                            known.at("/" + names[0] + "/properties")
                                    .fieldNames()
                                    .forEachRemaining(name -> properties.add(KamelRun.kebab(name)));
                            assertThat(properties).contains(names[1]);
                        }));
    }

    @ParameterizedTest
    @ValueSource(strings = {"An image", "The repository"})
    void isRunOnSpringBootWithSettingsThatThereAre(String way) throws Exception {
        words(way)
                .forEach((bundle, words) -> assertThat(after(words, "-e"))
                        .contains("BUNDLES=" + bundle)
                        .allMatch(variable -> Settings.knows(variable.substring(0, variable.indexOf('=')))));
    }

    /** What kamel would get, by the name of the Integration. */
    private static Map<String, List<String>> words(String way) throws IOException, InterruptedException {
        Matcher commands = commands(way).matcher(Files.readString(README));
        assertThat(commands.find()).isTrue();
        Process sh = new ProcessBuilder("sh", "-euc", "kamel() { printf '%s\\n' \"$@\"; }\n" + commands.group())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines = new String(sh.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(sh.waitFor()).isZero();
        Map<String, List<String>> words = new LinkedHashMap<>();
        List<String> current = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).equals("run")) {
                current = new ArrayList<>();
                words.put(lines.get(i + 2), current);
            }
            current.add(lines.get(i));
        }
        return words;
    }

    private static List<String> after(List<String> words, String option) {
        return IntStream.range(1, words.size())
                .filter(i -> words.get(i - 1).equals(option))
                .mapToObj(words::get)
                .toList();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(element -> texts.add(element.asText()));
        return texts;
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void asksForNoMoreThanItMayHave(String bundle) throws IOException {
        JsonNode container = committed(bundle).at("/spec/traits/container");

        for (String resource : List.of("CPU", "Memory")) {
            assertThat(amount(container.get("request" + resource)))
                    .isLessThanOrEqualTo(amount(container.get("limit" + resource)));
        }
    }

    private static BigDecimal amount(JsonNode quantity) {
        return Quantity.getAmountInBytes(new Quantity(quantity.asText()));
    }

    @Test
    void letsAConversionEndBeforeItStops() throws IOException {
        JsonNode spec = committed("converter").get("spec");
        Properties settings = new Properties();
        spec.at("/traits/camel/properties").forEach(property -> {
            String[] pair = property.asText().split("=", 2);
            settings.setProperty(pair[0], pair[1]);
        });
        int shutdown = Integer.parseInt(settings.getProperty("camel.main.shutdown-timeout"));

        assertThat(spec.at("/template/spec/terminationGracePeriodSeconds").asInt())
                .isGreaterThan(shutdown);
        assertThat(shutdown).isGreaterThan(Integer.parseInt(settings.getProperty("converter.timeout")) / 1000);
    }

    static JsonNode committed(String bundle) throws IOException {
        return Integrations.YAML.readTree(Files.readString(Integrations.file(bundle)));
    }

    private static Schema schema() throws IOException {
        return new Schema("camel.apache.org_integrations");
    }
}
