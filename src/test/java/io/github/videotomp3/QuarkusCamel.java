package io.github.videotomp3;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.core.SpringVersion;

/**
 * An Integration on Quarkus, built and started as the operator of Camel K 2.10.1 does with the runtime plain-quarkus: the
 * same BOMs and plugin, the dependencies that the Integration names, its properties in one file and its secret in another.
 *
 * <p>Six extensions of Camel Quarkus 3.31.0 could not be had when this was written; in their place is the component alone.
 */
final class QuarkusCamel extends PlainCamel {

    private static final Set<String> WITHOUT_EXTENSION =
            Set.of("exec", "mail", "mongodb-gridfs", "mustache", "spring-rabbitmq", "sql");

    /** What these components need of Spring, and the BOM leaves out. */
    private static final List<String> SPRING =
            List.of("aop", "beans", "context", "core", "expression", "jcl", "jdbc", "messaging", "tx");

    private static final String EXTENSIONS = "org.apache.camel.quarkus:camel-quarkus-";

    private final Path project;

    QuarkusCamel(String bundle, Path home, Properties secret) throws IOException {
        super(bundle, home, new Properties());
        project = Files.createDirectories(home.resolve("project"));
        Properties mounted = Integrations.load(Path.of("camel-k/video-to-mp3.properties"));
        mounted.replaceAll((key, value) -> secret.getOrDefault(key, value));
        store(mounted, Files.createDirectories(home.resolve("secret")).resolve("application.properties"));
        secret.stringPropertyNames().stream()
                .filter(key -> !mounted.containsKey(key))
                .forEach(key -> settings.setProperty(key, secret.getProperty(key)));
        settings.setProperty(
                "camel.main.cloud-properties-location", home.resolve("secret").toString());
        settings.setProperty("quarkus.http.host", "127.0.0.1");
        settings.setProperty("quarkus.http.port", String.valueOf(port));
    }

    @Override
    String started() {
        return ". Listening on: ";
    }

    @Override
    ProcessBuilder program() throws Exception {
        build();
        Path file = home.resolve("user.properties");
        store(settings, file);
        ProcessBuilder java = java("-jar", app().resolve("quarkus-run.jar").toString());
        java.environment().put("QUARKUS_CONFIG_LOCATIONS", file.toString());
        return java;
    }

    private Path app() {
        return project.resolve("target").resolve("quarkus-app");
    }

    @Override
    List<String> classPath() throws IOException {
        try (Stream<Path> jars = Files.list(app().resolve("lib").resolve("main"))) {
            return jars.map(Path::toString).toList();
        }
    }

    private void build() throws IOException, InterruptedException {
        publishBeans();
        Files.writeString(project.resolve("pom.xml"), pom());
        Path log = home.resolve("build.log");
        int result = new ProcessBuilder(
                        Path.of("mvnw").toAbsolutePath().toString(),
                        "-B",
                        "-ntp",
                        "-Dmaven.repo.local.tail=" + repository(),
                        "-f",
                        project.toString(),
                        "package")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        assertThat(result).as(() -> read(log)).isZero();
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Path repository() {
        return home.resolve("repository").toAbsolutePath();
    }

    /** In a Maven repository, with a POM of its own. */
    private void publishBeans() throws IOException {
        String[] beans = coordinates("mvn:io.github.videotomp3:").get(0).split(":");
        Path folder = Files.createDirectories(repository()
                .resolve(beans[0].replace('.', '/'))
                .resolve(beans[1])
                .resolve(beans[3]));
        String name = beans[1] + "-" + beans[3];
        Files.copy(Jars.beans(), folder.resolve(name + "-" + beans[4] + "." + beans[2]));
        Files.writeString(
                folder.resolve(name + ".pom"),
                project("<groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version>"
                        .formatted(beans[0], beans[1], beans[3])));
    }

    /** The Integration's dependencies that begin so, without {@code mvn:} or {@code camel:}. */
    private List<String> coordinates(String start) {
        List<String> found = new ArrayList<>();
        for (JsonNode dependency : integration.at("/spec/dependencies")) {
            if (dependency.asText().startsWith(start)) {
                found.add(dependency.asText().replaceFirst("^[a-z]+:", ""));
            }
        }
        return found;
    }

    private String pom() {
        String quarkus = integration.at("/spec/traits/camel/runtimeVersion").asText();
        List<String> dependencies =
                new ArrayList<>(List.of(EXTENSIONS + "yaml-dsl", EXTENSIONS + "microprofile-health")); // the operator's
        for (String component : coordinates("camel:")) {
            dependencies.add(
                    WITHOUT_EXTENSION.contains(component)
                            ? "org.apache.camel:camel-" + component
                            : EXTENSIONS + component);
        }
        dependencies.addAll(coordinates("mvn:"));
        SPRING.forEach(
                part -> dependencies.add("org.springframework:spring-" + part + ":jar:" + SpringVersion.getVersion()));
        if (bundle.equals("auth")) {
            dependencies.add("com.h2database:h2"); // the tests' database
        }
        return project("""
                <groupId>org.apache.camel.k.integration</groupId>
                <artifactId>camel-k-integration</artifactId>
                <version>2.10.1</version>
                <properties><project.build.sourceEncoding>UTF-8</project.build.sourceEncoding></properties>
                <dependencyManagement><dependencies>%s%s</dependencies></dependencyManagement>
                <dependencies>%s</dependencies>
                <build><plugins><plugin>
                <groupId>io.quarkus</groupId><artifactId>quarkus-maven-plugin</artifactId><version>%s</version>
                <executions><execution><goals><goal>build</goal></goals></execution></executions>
                </plugin></plugins></build>
                """.formatted(
                        bom("quarkus-camel-bom", quarkus),
                        bom("quarkus-bom", quarkus),
                        dependencies.stream().map(QuarkusCamel::dependency).reduce("", String::concat),
                        quarkus));
    }

    private static String project(String content) {
        return "<project xmlns=\"http://maven.apache.org/POM/4.0.0\"><modelVersion>4.0.0</modelVersion>" + content
                + "</project>";
    }

    private static String bom(String artifact, String version) {
        return dependency("io.quarkus.platform:" + artifact + ":pom:" + version)
                .replace("</dependency>", "<scope>import</scope></dependency>");
    }

    /** Reads coordinates as Camel K does: group:artifact[:version], group:artifact:type:version[:classifier]. */
    private static String dependency(String coordinates) {
        String[] parts = coordinates.split(":");
        List<String> names = parts.length == 3
                ? List.of("groupId", "artifactId", "version")
                : List.of("groupId", "artifactId", "type", "version", "classifier");
        StringBuilder xml = new StringBuilder("<dependency>");
        for (int i = 0; i < parts.length; i++) {
            xml.append("<%1$s>%2$s</%1$s>".formatted(names.get(i), parts[i]));
        }
        return xml.append("</dependency>").toString();
    }
}
