package io.github.videotomp3.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.videotomp3.Jars;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.util.FileSystemUtils;

/**
 * What the {@code Dockerfile} makes.
 *
 * @param root the file system
 * @param files a tree to lay over it
 * @param user as {@code user:group}
 * @param healthCheck a command that succeeds while the container is healthy
 * @param healthTimeout after which it has failed
 */
record Image(
        Path root,
        Path files,
        String user,
        List<String> entrypoint,
        Map<String, String> environment,
        List<String> healthCheck,
        Duration healthTimeout) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern VARIABLE = Pattern.compile("(\\w+)=(?:\"([^\"]*)\"|(\\S+))");
    private static final Pattern LAYER = Pattern.compile("COPY --from=build /build/image/layers/(\\w+)/ \\./");
    private static final Pattern COPY = Pattern.compile("COPY ([\\w/]+) (\\w+)");
    private static final Pattern HEALTH_CHECK = Pattern.compile("HEALTHCHECK .*--timeout=(\\d+)s .*CMD (\\[.*\\])");

    /** The built image that {@code src/test/image/with-image} names, else an assembled one. */
    static Image current(Path files) throws IOException, InterruptedException {
        return isBuilt() ? built(Path.of(System.getenv("IMAGE")), files) : assemble(files);
    }

    static boolean isBuilt() {
        return System.getenv("IMAGE") != null;
    }

    private static Image built(Path folder, Path files) throws IOException {
        JsonNode config = JSON.readTree(folder.resolve("image.json").toFile()).at("/Docker/config");
        Map<String, String> environment = new LinkedHashMap<>();
        strings(config.get("Env"))
                .forEach(variable -> environment.put(variable.split("=", 2)[0], variable.split("=", 2)[1]));
        List<String> healthCheck = strings(config.at("/Healthcheck/Test"));
        assertThat(healthCheck).startsWith("CMD");
        return new Image(
                folder.resolve("root").toRealPath(),
                Files.createDirectories(files),
                config.get("User").asText(),
                strings(config.get("Entrypoint")),
                environment,
                healthCheck.subList(1, healthCheck.size()),
                Duration.ofNanos(config.at("/Healthcheck/Timeout").asLong()));
    }

    /** The same, whose JVM has the archive of its own classes only. */
    Image withoutArchive() {
        List<String> entrypoint = List.of(
                "sh", "-c", "exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC $JAVA_OPTS -jar /app/video-to-mp3.jar");
        return new Image(root, files, user, entrypoint, environment, healthCheck, healthTimeout);
    }

    private static List<String> strings(JsonNode array) {
        return JSON.convertValue(array, new TypeReference<>() {});
    }

    /** This machine's own file system with what the last stage copies of the lean jar, and what else it says. */
    private static Image assemble(Path files) throws IOException, InterruptedException {
        Path app = Files.createDirectories(files.resolve("app"));
        Path layers = Files.createTempDirectory("layers");
        extract(layers);
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put(
                "PATH",
                System.getProperty("java.home") + "/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        String user = "";
        List<String> entrypoint = List.of();
        List<String> healthCheck = List.of();
        Duration healthTimeout = Duration.ZERO;
        for (String line : lastStage().lines().toList()) {
            Matcher layer = LAYER.matcher(line);
            Matcher copy = COPY.matcher(line);
            Matcher health = HEALTH_CHECK.matcher(line);
            if (layer.matches()) {
                FileSystemUtils.copyRecursively(layers.resolve(layer.group(1)), app);
            } else if (copy.matches()) {
                FileSystemUtils.copyRecursively(Path.of(copy.group(1)), app.resolve(copy.group(2)));
            } else if (health.matches()) {
                healthCheck = strings(JSON.readTree(health.group(2)));
                healthTimeout = Duration.ofSeconds(Long.parseLong(health.group(1)));
            } else if (line.startsWith("USER ")) {
                user = line.substring(5);
            } else if (line.startsWith("ENV ")) {
                Matcher variable = VARIABLE.matcher(line);
                while (variable.find()) {
                    environment.put(
                            variable.group(1), variable.group(2) == null ? variable.group(3) : variable.group(2));
                }
            } else if (line.startsWith("ENTRYPOINT ")) {
                entrypoint = strings(JSON.readTree(line.substring(11)));
            }
        }
        FileSystemUtils.deleteRecursively(layers);
        return new Image(Path.of("/"), files, user, entrypoint, environment, healthCheck, healthTimeout);
    }

    /** Without comments, and each instruction on one line. */
    private static String lastStage() throws IOException {
        String dockerfile = Files.readString(Path.of("Dockerfile"))
                .replaceAll("(?m)^\\s*#.*\\R", "")
                .replaceAll("\\\\\\R\\s*", " ");
        return dockerfile.substring(dockerfile.lastIndexOf("\nFROM "));
    }

    private static void extract(Path layers) throws IOException, InterruptedException {
        Path jar = Files.copy(Jars.lean(), layers.resolve("video-to-mp3.jar"));
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djarmode=tools",
                        "-jar",
                        jar.toString(),
                        "extract",
                        "--layers",
                        "--force",
                        "--destination",
                        layers.toString())
                .inheritIO()
                .start();
        assertThat(java.waitFor()).isZero();
    }
}
