package io.github.videotomp3.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.videotomp3.Jars;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.util.FileSystemUtils;

/**
 * What the last stage of the {@code Dockerfile} makes of the lean jar, read from it.
 *
 * @param files what it copies to {@code /app}, as a tree to lay over a root file system
 */
record Image(Path files, List<String> entrypoint, Map<String, String> environment) {

    private static final Pattern VARIABLE = Pattern.compile("(\\w+)=(?:\"([^\"]*)\"|(\\S+))");
    private static final Pattern LAYER = Pattern.compile("COPY --from=build /build/image/layers/(\\w+)/ \\./");
    private static final Pattern FOLDER = Pattern.compile("COPY (\\w+) (\\w+)");

    static Image assemble(Path files) throws IOException, InterruptedException {
        Path app = Files.createDirectories(files.resolve("app"));
        Path layers = Files.createTempDirectory("layers");
        extract(layers);
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put(
                "PATH",
                System.getProperty("java.home") + "/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        List<String> entrypoint = List.of();
        for (String line : lastStage().lines().toList()) {
            Matcher layer = LAYER.matcher(line);
            Matcher folder = FOLDER.matcher(line);
            if (layer.matches()) {
                FileSystemUtils.copyRecursively(layers.resolve(layer.group(1)), app);
            } else if (folder.matches()) {
                FileSystemUtils.copyRecursively(Path.of(folder.group(1)), app.resolve(folder.group(2)));
            } else if (line.startsWith("ENV ")) {
                Matcher variable = VARIABLE.matcher(line);
                while (variable.find()) {
                    environment.put(
                            variable.group(1), variable.group(2) == null ? variable.group(3) : variable.group(2));
                }
            } else if (line.startsWith("ENTRYPOINT ")) {
                entrypoint = new ObjectMapper().readValue(line.substring(11), new TypeReference<List<String>>() {});
            }
        }
        FileSystemUtils.deleteRecursively(layers);
        return new Image(files, entrypoint, environment);
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
