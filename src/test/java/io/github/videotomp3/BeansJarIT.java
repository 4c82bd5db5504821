package io.github.videotomp3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * The jar with the routes' beans alone, as it is used where there is no Spring Boot. Of Spring it names RabbitMQ's client
 * ({@code org.springframework.amqp}) and the retries that Camel's endpoint takes ({@code org.springframework.retry}), both
 * of which camel-spring-rabbitmq brings, and it does so in the package {@code camel} only.
 */
class BeansJarIT {

    private static final Pattern SPRING = Pattern.compile("(\\S+)\\s+-> (org\\.springframework\\.\\S+).*");
    private static final Pattern ALLOWED = Pattern.compile("org\\.springframework\\.(amqp|retry)\\..*");

    @Test
    void namesNothingOfSpringButRabbitMqsClient() throws IOException {
        List<String> uses = uses(Jars.beans());

        assertThat(uses).anyMatch(use -> use.contains("org.springframework.amqp")); // else jdeps saw nothing
        assertThat(uses).allMatch(use -> {
            var pair = SPRING.matcher(use);
            return pair.matches()
                    && pair.group(1).startsWith("io.github.videotomp3.camel.")
                    && ALLOWED.matcher(pair.group(2)).matches();
        });
    }

    @Test
    void seesTheSpringInOtherClasses() throws IOException {
        assertThat(uses(Path.of("target/classes"))).anyMatch(use -> use.contains("org.springframework.boot."));
    }

    @Test
    void holdsTheBundlesTheMigrationsTheMailsAndThePageOnly() throws IOException {
        try (JarFile jar = new JarFile(Jars.beans().toFile())) {
            List<String> names = jar.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> !name.endsWith("/") && !name.startsWith("META-INF/"))
                    .toList();

            assertThat(names)
                    .contains(
                            "io/github/videotomp3/job/Jobs.class",
                            "io/github/videotomp3/gateway/api.yaml",
                            "db/migration/V2__admin.sql",
                            "mails/letter.html",
                            "page/index.html")
                    .allMatch(name -> name.matches("(io/github/videotomp3|db/migration|mails|page)/.*"))
                    .noneMatch(name -> name.contains("/boot/"));
        }
    }

    private static List<String> uses(Path classes) {
        StringWriter out = new StringWriter();
        ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(
                        new PrintWriter(out),
                        new PrintWriter(out),
                        "--multi-release",
                        "base",
                        "-verbose:class",
                        classes.toString());
        return out.toString()
                .lines()
                .map(String::strip)
                .filter(line -> line.contains("-> org.springframework."))
                .toList();
    }
}
