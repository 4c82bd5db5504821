package io.github.videotomp3.k8s;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The Secrets of a cluster, by name and key. */
final class Secrets {

    private static final Path SCRIPT = Path.of("k8s/overlays/demo/make-secrets.sh");

    private static final Path README = Path.of("k8s/README.md");
    private static final Pattern COMMAND = Pattern.compile("kubectl create secret (generic|tls) (\\S+)(.*)");
    private static final Pattern LITERAL = Pattern.compile("--from-literal=([^=]+)=");

    /** What the RabbitMQ cluster operator makes for a cluster named rabbitmq, as its documentation says. */
    private static final Map<String, Set<String>> OF_THE_OPERATOR =
            Map.of("rabbitmq-default-user", Set.of("username", "password", "host", "port", "connection_string"));

    private Secrets() {}

    /** The keys of the Secrets that the demo makes, by name. */
    static Map<String, Set<String>> ofTheDemo() {
        Map<String, Set<String>> made = new LinkedHashMap<>();
        values().forEach((name, values) -> made.put(name, values.keySet()));
        return made;
    }

    /** The keys of the Secrets that the operator makes or the README tells people to make, by name. */
    static Map<String, Set<String>> documented() {
        try {
            Map<String, Set<String>> documented = new LinkedHashMap<>(OF_THE_OPERATOR);
            Matcher command = COMMAND.matcher(Files.readString(README));
            while (command.find()) {
                documented.put(
                        command.group(2),
                        command.group(1).equals("tls")
                                ? Set.of("tls.crt", "tls.key")
                                : LITERAL.matcher(command.group(3))
                                        .results()
                                        .map(literal -> literal.group(1))
                                        .collect(Collectors.toSet()));
            }
            return documented;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs the script of the demo with a kubectl that writes down what it is told. */
    static Map<String, Map<String, String>> values() {
        try {
            Path bin = Files.createTempDirectory("bin");
            Path kubectl = bin.resolve("kubectl");
            try {
                Files.writeString(kubectl, "#!/bin/sh\n[ \"$1\" = get ] && exit 1\nprintf '%s\\n' \"$@\"\n");
                Files.setPosixFilePermissions(kubectl, PosixFilePermissions.fromString("rwx------"));
                ProcessBuilder script = new ProcessBuilder("sh", SCRIPT.toString());
                script.environment().merge("PATH", bin.toString(), (path, first) -> first + ":" + path);
                Process process =
                        script.redirectError(ProcessBuilder.Redirect.INHERIT).start();
                String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (process.waitFor() != 0) {
                    throw new AssertionError(SCRIPT + " failed: " + said);
                }
                return parse(said);
            } finally {
                Files.deleteIfExists(kubectl);
                Files.deleteIfExists(bin);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Map<String, String>> parse(String said) {
        Map<String, Map<String, String>> secrets = new LinkedHashMap<>();
        for (String command : said.split("create\nsecret\ngeneric\n")) {
            String[] words = command.split("\n");
            if (!words[0].isEmpty()) {
                secrets.put(
                        words[0],
                        Arrays.stream(words)
                                .skip(1)
                                .map(word -> word.substring("--from-literal=".length())
                                        .split("=", 2))
                                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1])));
            }
        }
        return secrets;
    }
}
