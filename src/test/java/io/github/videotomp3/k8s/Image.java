package io.github.videotomp3.k8s;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the last stage of the {@code Dockerfile} makes of the lean jar, read from it.
 *
 * @param files what it copies, as a tree to lay over a root file system
 */
record Image(Path files, List<String> entrypoint, Map<String, String> environment) {

    private static final Pattern VARIABLE = Pattern.compile("(\\w+)=(?:\"([^\"]*)\"|(\\S+))");

    static Image assemble(Path files) throws IOException, InterruptedException {
        String dockerfile = Files.readString(Path.of("Dockerfile"))
                .replaceAll("(?m)^\\s*#.*\\R", "")
                .replaceAll("\\\\\\R\\s*", " ");
        String runtime = dockerfile.substring(dockerfile.lastIndexOf("\nFROM "));
        Map<String, String> environment = new LinkedHashMap<>();
        List<String> entrypoint = List.of();
        for (String line : runtime.lines().toList()) {
            if (line.startsWith("ENV ")) {
                Matcher variable = VARIABLE.matcher(line);
                while (variable.find()) {
                    environment.put(
                            variable.group(1), variable.group(2) == null ? variable.group(3) : variable.group(2));
                }
            } else if (line.startsWith("ENTRYPOINT ")) {
                entrypoint = new ObjectMapper().readValue(line.substring(11), new TypeReference<List<String>>() {});
            }
        }
        return new Image(files, entrypoint, environment);
    }
}
