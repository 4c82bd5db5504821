package io.github.videotomp3;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Writes, for each bundle, the Integration that {@code kamel run} makes of its files (Camel K 2.10). */
final class Integrations {

    static final List<String> BUNDLES = List.of("auth", "gateway", "converter", "notification");
    static final Path FOLDER = Path.of("camel-k");

    private static final Path DEFAULTS = Path.of("src/main/resources/application.properties");
    static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory()
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .disable(YAMLGenerator.Feature.SPLIT_LINES)
                    .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR))
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    static final String SECRET = "video-to-mp3";

    private static final Pattern KEY = Pattern.compile("\\{\\{([^}:]*)(:[^}]*)?}}");

    private static final Map<String, List<String>> CONNECTIONS = Map.of(
            // its failures.camel.yaml names the queues; it never connects to them
            "auth", List.of("rabbitmq", "sql"),
            "gateway", List.of("rabbitmq", "mongodb"),
            "converter", List.of("rabbitmq", "mongodb"),
            "notification", List.of("rabbitmq", "mongodb"));

    /** What the beans of failures.camel.yaml name, so each bundle. */
    private static final List<String> COMPONENTS =
            List.of("bean", "direct", "http", "jackson", "mail", "spring-rabbitmq");

    private static final Map<String, List<String>> MORE_COMPONENTS = Map.of(
            "auth", List.of("platform-http", "sql"),
            "gateway", List.of("mongodb-gridfs", "platform-http", "timer"),
            "converter", List.of("exec", "timer"),
            "notification", List.of("mustache", "timer"));

    /** In the order of Camel K: classifier last. What has no version is Quarkus' to choose, whose BOM has its parts too. */
    private static final List<String> JARS =
            List.of("io.github.videotomp3:video-to-mp3:jar:1.0.0-SNAPSHOT:beans", "org.mongodb:mongodb-driver-sync");

    private static final List<String> JWT =
            List.of("io.jsonwebtoken:jjwt-impl:0.13.0", "io.jsonwebtoken:jjwt-jackson:0.13.0");

    private static final Map<String, List<String>> MORE_JARS = Map.of(
            "auth",
                    List.of(
                            "com.zaxxer:HikariCP:6.3.3",
                            "org.flywaydb:flyway-mysql",
                            "com.mysql:mysql-connector-j:9.7.0",
                            "org.bouncycastle:bcprov-jdk18on:1.82",
                            JWT.get(0),
                            JWT.get(1)),
            "gateway", List.of("org.apache.james:apache-mime4j-core:0.8.14", JWT.get(0), JWT.get(1)),
            "converter", List.of("ws.schild:jave-nativebin-linux64:3.5.0"),
            "notification", List.of());

    /** What is another value in a cluster. */
    private static final Map<String, String> OVERRIDES = Map.of(
            "gateway.auth.url", "http://auth{{auth.path}}",
            "data.folder", "/tmp/video-to-mp3",
            "converter.workers", "1",
            "notification.starttls", "true");

    private Integrations() {}

    static Path file(String bundle) {
        return FOLDER.resolve(bundle + ".integration.yaml");
    }

    static String yaml(String bundle) throws IOException {
        return "# Generated from the route files; CONTRIBUTING.md says how.\n"
                + YAML.writeValueAsString(integration(bundle));
    }

    /** The files in the order in which {@code kamel run} gets them: what is named has to be declared before. */
    static List<Path> files(String bundle) throws IOException {
        List<Path> files = new ArrayList<>();
        CONNECTIONS.get(bundle).forEach(name -> files.add(FOLDER.resolve("connections/" + name + ".camel.yaml")));
        files.add(Path.of("routes/failures.camel.yaml"));
        try (Stream<Path> own = Files.list(Path.of("routes", bundle))) {
            own.sorted(Comparator.comparing((Path file) -> !file.endsWith("beans.camel.yaml"))
                            .thenComparing(Path::toString))
                    .forEach(files::add);
        }
        return files;
    }

    static ObjectNode integration(String bundle) throws IOException {
        ObjectNode integration = YAML.createObjectNode();
        integration.put("apiVersion", "camel.apache.org/v1").put("kind", "Integration");
        integration
                .putObject("metadata")
                .put("name", bundle)
                .putObject("annotations")
                .put("camel.apache.org/operator.id", "camel-k");
        ObjectNode spec = integration.putObject("spec");
        ArrayNode flows = spec.putArray("flows");
        for (Path file : files(bundle)) {
            YAML.readTree(Files.readString(file)).forEach(flows::add);
        }
        ArrayNode dependencies = spec.putArray("dependencies");
        Stream.concat(COMPONENTS.stream(), MORE_COMPONENTS.get(bundle).stream())
                .forEach(component -> dependencies.add("camel:" + component));
        Stream.concat(JARS.stream(), MORE_JARS.get(bundle).stream()).forEach(jar -> dependencies.add("mvn:" + jar));
        spec.set("traits", YAML.valueToTree(traits(bundle, flows)));
        ObjectNode pod = spec.putObject("template").putObject("spec");
        pod.putArray("containers"); // the schema wants it; nothing is added to the operator's container
        pod.set(
                "terminationGracePeriodSeconds",
                deployment(bundle).at("/spec/template/spec/terminationGracePeriodSeconds"));
        return integration;
    }

    /** The bundle's Deployment in {@code k8s/base}: how long it may take to stop is written there. */
    private static JsonNode deployment(String bundle) throws IOException {
        return YAML
                .readerFor(JsonNode.class)
                .<JsonNode>readValues(Path.of("k8s/base", bundle + ".yaml").toFile())
                .readAll()
                .stream()
                .filter(object -> object.path("kind").asText().equals("Deployment"))
                .findFirst()
                .orElseThrow();
    }

    /** What its container has as environment, but for what comes from Secrets and the ConfigMap. */
    static Map<String, String> environment(String bundle) throws IOException {
        Map<String, String> environment = new LinkedHashMap<>();
        for (JsonNode variable : deployment(bundle).at("/spec/template/spec/containers/0/env")) {
            if (variable.has("value")) {
                environment.put(
                        variable.get("name").asText(), variable.get("value").asText());
            }
        }
        return environment;
    }

    private static Map<String, Object> traits(String bundle, JsonNode flows) throws IOException {
        boolean http = bundle.equals("auth") || bundle.equals("gateway");
        List<String> properties = new ArrayList<>(List.of(
                "camel.main.stream-caching-enabled=false",
                "camel.main.shutdown-timeout="
                        + environment(bundle)
                                .getOrDefault(
                                        "CAMEL_MAIN_SHUTDOWNTIMEOUT",
                                        load(DEFAULTS).getProperty("camel.main.shutdown-timeout"))));
        if (bundle.equals("gateway")) {
            // none: gateway.limit.bytes is the limit; Quarkus' own is 10 MiB
            properties.add("quarkus.http.limits.max-body-size=");
        }
        settings(flows).forEach((key, value) -> properties.add(key + "=" + value));
        Map<String, Object> traits = new TreeMap<>();
        traits.put(
                "camel",
                new TreeMap<>(Map.of(
                        "runtimeProvider", "plain-quarkus", "runtimeVersion", "3.31.1", "properties", properties)));
        traits.put(
                "container",
                new TreeMap<>(Map.of(
                        "port",
                        8080,
                        "requestCPU",
                        bundle.equals("converter") ? "1" : "100m",
                        // left out, Camel K limits a container to half a core, and refuses to ask for more
                        "limitCPU",
                        "2",
                        "requestMemory",
                        "512Mi",
                        "limitMemory",
                        bundle.equals("converter") ? "3Gi" : "768Mi")));
        traits.put(
                "health",
                new TreeMap<>(Map.of("enabled", true, "livenessProbeEnabled", true, "readinessProbeEnabled", true)));
        traits.put("mount", Map.of("configs", List.of("secret:" + SECRET)));
        traits.put("service", Map.of("enabled", http));
        if (bundle.equals("converter")) {
            traits.put("keda", keda());
        }
        return traits;
    }

    /** Over HTTP the broker counts what is being converted too; over AMQP a converter would be stopped at its work. */
    private static Map<String, Object> keda() {
        Map<String, Object> trigger = new LinkedHashMap<>();
        trigger.put("type", "rabbitmq");
        trigger.put(
                "metadata",
                new TreeMap<>(Map.of(
                        "protocol",
                        "http",
                        "queueName",
                        "video",
                        "vhostName",
                        "/",
                        "mode",
                        "QueueLength",
                        "value",
                        "2")));
        trigger.put(
                "secrets",
                List.of(Map.of(
                        "name",
                        "rabbitmq-management",
                        "mapping",
                        new TreeMap<>(Map.of("host", "host", "username", "username", "password", "password")))));
        return new TreeMap<>(Map.of(
                "enabled",
                true,
                "pollingInterval",
                10,
                "cooldownPeriod",
                300,
                "minReplicaCount",
                0,
                "maxReplicaCount",
                8,
                "triggers",
                List.of(trigger)));
    }

    /** The settings that the flows name, and those that these name, but for what the secret holds. */
    private static Map<String, String> settings(JsonNode flows) throws IOException {
        Properties defaults = load(DEFAULTS);
        Properties secret = load(FOLDER.resolve(SECRET + ".properties"));
        Map<String, String> settings = new TreeMap<>();
        List<String> wanted = new ArrayList<>(keys(flows.toString(), true));
        while (!wanted.isEmpty()) {
            String key = wanted.remove(0);
            String value = OVERRIDES.getOrDefault(key, defaults.getProperty(key));
            if (secret.containsKey(key) || settings.containsKey(key)) {
                continue;
            }
            if (value == null) {
                throw new IllegalStateException(key + " has no value: give it one in application.properties, in "
                        + "Integrations or in " + SECRET + ".properties");
            }
            String ours = value.replaceAll("\\$\\{([^}]*)}", "{{$1}}");
            settings.put(key, ours);
            wanted.addAll(keys(ours, true));
        }
        return settings;
    }

    /** The keys in a text, with those that have a default there or without. */
    static List<String> keys(String text, boolean withDefault) {
        List<String> keys = new ArrayList<>();
        Matcher key = KEY.matcher(text);
        while (key.find()) {
            if (withDefault || key.group(2) == null) {
                keys.add(key.group(1));
            }
        }
        return keys;
    }

    static Properties load(Path file) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            properties.load(in);
        }
        return properties;
    }
}
