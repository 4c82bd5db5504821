package io.github.videotomp3.k8s;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The settings in {@code application.properties}, also those that stand there as a comment. */
public final class Settings {

    private static final Map<String, String> BY_KEY = read();
    private static final Set<String> OF_SPRING_BOOT = ofSpringBoot();

    private Settings() {}

    private static Map<String, String> read() {
        try (Stream<String> lines = Files.lines(Path.of("src/main/resources/application.properties"))) {
            return lines.filter(line -> line.matches("#?[a-z][a-z0-9.-]*=.*"))
                    .map(line -> line.replaceFirst("^#", "").split("=", 2))
                    .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String value(String key) {
        return BY_KEY.get(key);
    }

    /** The environment variable that a key is. */
    static String variable(String key) {
        return key.replace(".", "_").replace("-", "").toUpperCase(Locale.ROOT);
    }

    /** Whether an environment variable is a setting, of ours or of Spring Boot. */
    public static boolean knows(String variable) {
        return variable.equals("JWT_SECRET")
                || OF_SPRING_BOOT.contains(variable)
                || BY_KEY.keySet().stream().map(Settings::variable).anyMatch(variable::equals);
    }

    /** What the metadata in the jars describes, as environment variables. */
    private static Set<String> ofSpringBoot() {
        try {
            Set<String> variables = new HashSet<>();
            for (URL metadata : Collections.list(
                    Settings.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
                new ObjectMapper()
                        .readTree(metadata)
                        .path("properties")
                        .forEach(property ->
                                variables.add(variable(property.path("name").asText())));
            }
            return variables;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
