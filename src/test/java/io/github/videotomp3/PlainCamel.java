package io.github.videotomp3;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.videotomp3.boot.embedded.FreePort;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * An Integration in a JVM of its own, on {@code camel-main} and Vert.x and without Spring Boot: its flows as one file, as
 * the operator of Camel K hands them over, its properties, and the jar of the beans.
 */
class PlainCamel implements AutoCloseable {

    /** Spring Boot, what only it brings, and what was compiled here, in the place of which comes the jar of the beans. */
    private static final Pattern LEFT_OUT = Pattern.compile(
            "(camel-)?spring-boot.*|.*-starter(-.*)?|spring-(web|webmvc|test|security-crypto)-.*|tomcat-.*|camel-(spring|spring-main|"
                    + "spring-xml|test-spring-junit5|test-junit5)-\\d.*|junit.*|classes|test-classes");

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    final String bundle;
    final Path home;
    final JsonNode integration;
    final Properties settings = new Properties();
    final int port = FreePort.next();
    private Process process;

    /** @param secret what the Integration's secret would hold, and what else has to differ here */
    PlainCamel(String bundle, Path home, Properties secret) throws IOException {
        this.bundle = bundle;
        this.home = Files.createDirectories(home);
        integration = IntegrationsTest.committed(bundle);
        for (JsonNode property : integration.at("/spec/traits/camel/properties")) {
            String[] pair = property.asText().split("=", 2);
            settings.setProperty(pair[0], pair[1]);
        }
        settings.putAll(secret);
        Path flows = home.resolve("camel-k-embedded-flow.yaml");
        Integrations.YAML.writeValue(flows.toFile(), integration.at("/spec/flows"));
        settings.setProperty("camel.main.routes-include-pattern", "file:" + flows);
        settings.setProperty("data.folder", home.resolve("data").toString());
    }

    PlainCamel start() throws Exception {
        process = program()
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("log").toFile())
                .start();
        Awaitility.await(bundle).atMost(PATIENCE).until(() -> !process.isAlive() || log().contains(started()));
        assertThat(log()).contains(started());
        return this;
    }

    /** What the log says when all is up. */
    String started() {
        return ") started in ";
    }

    ProcessBuilder program() throws Exception {
        settings.setProperty(
                "camel.server.enabled",
                integration.at("/spec/traits/service/enabled").asText());
        settings.setProperty("camel.server.host", "127.0.0.1");
        settings.setProperty("camel.server.port", String.valueOf(port));
        store(settings, home.resolve("application.properties"));
        Files.writeString(
                home.resolve("logback.xml"),
                "<configuration><appender name='out' class='ch.qos.logback.core.ConsoleAppender'><encoder>"
                        + "<pattern>%-5level %logger{20} %m%n</pattern></encoder></appender>"
                        + "<root level='INFO'><appender-ref ref='out'/></root></configuration>");
        return java(
                "-cp",
                classPath().stream().collect(Collectors.joining(File.pathSeparator)),
                "org.apache.camel.main.Main");
    }

    static ProcessBuilder java(String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    static void store(Properties properties, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            properties.store(out, null);
        }
    }

    List<String> classPath() throws IOException {
        List<String> classPath =
                new ArrayList<>(List.of(home.toString(), Jars.beans().toString()));
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !LEFT_OUT.matcher(Path.of(entry).getFileName().toString())
                        .matches())
                .filter(entry -> !entry.contains("video-to-mp3-"))
                .forEach(classPath::add);
        return classPath;
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    String log() throws IOException {
        Path log = home.resolve("log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    @Override
    public void close() throws InterruptedException {
        if (process != null) {
            process.destroy();
            if (!process.waitFor(90, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(bundle + " did not stop within 90 s of SIGTERM");
            }
        }
    }
}
