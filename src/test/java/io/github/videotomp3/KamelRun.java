package io.github.videotomp3;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes, for each bundle and each way to run it, the {@code kamel run} of Camel K 2.10. */
final class KamelRun {

    private static final int WIDTH = 118;

    /** Where the management port of the program on Spring Boot answers. */
    private static final List<String> HEALTH = List.of(
            "health.enabled=true",
            "health.startup-probe-enabled=true",
            "health.startup-probe=/health/liveness",
            "health.startup-port=9876",
            "health.startup-period=2",
            "health.startup-failure-threshold=60",
            "health.liveness-probe-enabled=true",
            "health.liveness-probe=/health/liveness",
            "health.liveness-port=9876",
            "health.readiness-probe-enabled=true",
            "health.readiness-probe=/health/readiness",
            "health.readiness-port=9876",
            "health.readiness-timeout=5");

    /** The ways, as headings, with how one bundle is run that way. */
    private static final Map<String, Way> WAYS = new LinkedHashMap<>();

    static {
        WAYS.put("An image", KamelRun::image);
        WAYS.put("The route files", KamelRun::sources);
        WAYS.put("The repository", KamelRun::repository);
    }

    private interface Way {
        List<String> words(String bundle) throws IOException;
    }

    private KamelRun() {}

    static List<String> ways() {
        return List.copyOf(WAYS.keySet());
    }

    /** The commands of all bundles, as a shell takes them. */
    static String commands(String way) throws IOException {
        StringBuilder commands = new StringBuilder();
        for (String bundle : Integrations.BUNDLES) {
            commands.append(wrap(WAYS.get(way).words(bundle)));
        }
        return commands.toString();
    }

    private static List<String> image(String bundle) throws IOException {
        List<String> words = start(bundle);
        words.add("--image registry.example.com/video-to-mp3:1.0.0");
        words.addAll(onSpringBoot(bundle, environment(bundle)));
        return words;
    }

    /** Nobody sets there what the image sets: all that is written goes to /tmp, and others have to reach the ports. */
    private static List<String> repository(String bundle) throws IOException {
        Map<String, String> environment = environment(bundle);
        environment.put("SERVER_ADDRESS", "0.0.0.0");
        environment.put("MANAGEMENT_SERVER_ADDRESS", "0.0.0.0");
        environment.put("DATA_FOLDER", "/tmp/video-to-mp3");
        List<String> words = start(bundle);
        words.add("--git https://git.example.com/video-to-mp3.git --git-tag v1.0.0");
        words.addAll(onSpringBoot(bundle, environment));
        return words;
    }

    private static List<String> start(String bundle) {
        return new ArrayList<>(List.of("kamel run --name " + bundle));
    }

    private static Map<String, String> environment(String bundle) throws IOException {
        Map<String, String> environment = new LinkedHashMap<>(Integrations.environment(bundle));
        environment.put(
                "SPRING_CONFIG_ADDITIONALLOCATION", "file:/etc/camel/conf.d/_secrets/" + Integrations.SECRET + "/");
        if (bundle.equals("gateway")) {
            environment.put("GATEWAY_AUTH_URL", "http://auth/auth"); // the operator's Services have port 80
        } else if (bundle.equals("converter")) {
            environment.put("CONVERTER_WORKERS", "1");
        }
        return environment;
    }

    private static List<String> onSpringBoot(String bundle, Map<String, String> environment) throws IOException {
        JsonNode spec = Integrations.integration(bundle).get("spec");
        List<String> words = new ArrayList<>();
        environment.forEach((name, value) -> words.add("-e " + quote(name + "=" + value)));
        spec.at("/traits/mount/configs").forEach(config -> words.add("--config " + config.asText()));
        words.addAll(traits("container", spec.at("/traits/container")));
        HEALTH.forEach(setting -> words.add("-t " + setting));
        if (spec.at("/traits/service/enabled").asBoolean()) {
            words.add("-t service.auto=false"); // else the operator looks for HTTP in route files that it does not have
        }
        words.addAll(traits("service", spec.at("/traits/service")));
        words.add(template(spec));
        return words;
    }

    private static List<String> sources(String bundle) throws IOException {
        JsonNode spec = Integrations.integration(bundle).get("spec");
        List<String> words = start(bundle);
        Integrations.files(bundle).stream().map(Path::toString).forEach(words::add);
        spec.get("dependencies").forEach(dependency -> words.add("-d " + dependency.asText()));
        spec.at("/traits/camel/properties").forEach(property -> words.add("-p " + quote(property.asText())));
        spec.at("/traits/mount/configs").forEach(config -> words.add("--config " + config.asText()));
        spec.get("traits").properties().forEach(trait -> words.addAll(traits(trait.getKey(), trait.getValue())));
        words.add(template(spec));
        return words;
    }

    /** Those that are one value; lists have options of their own, and the triggers of KEDA none. */
    private static List<String> traits(String trait, JsonNode settings) {
        List<String> words = new ArrayList<>();
        settings.properties().forEach(setting -> {
            if (setting.getValue().isValueNode() && !trait.equals("keda")) {
                words.add("-t " + trait + "." + kebab(setting.getKey()) + "="
                        + setting.getValue().asText());
            }
        });
        return words;
    }

    private static String template(JsonNode spec) {
        return "--pod-template " + quote(spec.at("/template/spec").toString());
    }

    static String kebab(String name) {
        return name.replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    private static String quote(String word) {
        return word.matches("[\\w./:=@-]+") ? word : "'" + word + "'";
    }

    private static String wrap(List<String> words) {
        StringBuilder command = new StringBuilder();
        String line = "";
        for (String word : words) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > WIDTH) {
                command.append(line).append(" \\\n");
                line = "  " + word;
            } else {
                line = line.isEmpty() ? word : line + " " + word;
            }
        }
        return command.append(line).append("\n").toString();
    }
}
