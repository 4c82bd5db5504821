package io.github.videotomp3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the picture in the README against the route files. */
class RoutePictureTest {

    private static final Path README = Path.of("README.md");
    private static final Pattern PICTURE =
            Pattern.compile("(?<=<!-- routes -->\n```mermaid\n).*?(?=```\n<!-- /routes -->)", Pattern.DOTALL);

    @Test
    void isWhatTheRouteFilesSay() throws IOException {
        String fresh = RoutePicture.of(new RouteFiles(Path.of("routes"), "", ""));
        if (Boolean.getBoolean("rewrite")) {
            Files.writeString(
                    README, PICTURE.matcher(Files.readString(README)).replaceFirst(Matcher.quoteReplacement(fresh)));
        }

        assertThat(PICTURE.matcher(Files.readString(README)).results().map(picture -> picture.group()))
                .as("./mvnw test -Dtest=RoutePictureTest -Drewrite=true writes it anew")
                .containsExactly(fresh);
    }
}
