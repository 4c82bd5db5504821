package io.github.videotomp3.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/** {@code compose.yaml}, as Docker Compose understands it. */
final class Compose {

    static final String SECRETS = "secrets";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path FILE = Path.of("compose.yaml");
    private static final List<String> PODS =
            List.of("auth", "gateway", "converter", "notification", "rabbitmq", "mongodb", "mysql", "mail");

    private final ObjectNode file;

    Compose() throws IOException {
        // merge keys are resolved here; Jackson does not know them
        file = JSON.valueToTree(new Yaml().load(Files.readString(FILE)));
    }

    ObjectNode file() {
        return file;
    }

    ObjectNode service(String name) {
        return (ObjectNode) file.get("services").get(name);
    }

    Set<String> services() {
        Set<String> names = new LinkedHashSet<>();
        file.get("services").fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** What a container of the service gets, with {@code $$} unescaped. */
    Map<String, String> environment(String service) throws IOException {
        Map<String, String> environment = new TreeMap<>();
        if (service(service).has("env_file")) {
            for (String line :
                    Files.readAllLines(Path.of(service(service).get("env_file").asText()))) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    environment.put(line.split("=", 2)[0], line.split("=", 2)[1]);
                }
            }
        }
        service(service)
                .path("environment")
                .properties()
                .forEach(variable -> environment.put(
                        variable.getKey(), variable.getValue().asText().replace("$$", "$")));
        return environment;
    }

    /** The secrets that the service of this name makes, by file; they lie in the folder afterwards. */
    Map<String, String> makeSecrets(Path folder) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        service(SECRETS).get("entrypoint").forEach(word -> command.add(word.asText()));
        service(SECRETS)
                .get("command")
                .forEach(word -> command.add(word.asText().replace("$$", "$")));
        Process bash = new ProcessBuilder(command)
                .directory(folder.toFile())
                .inheritIO()
                .start();
        if (bash.waitFor() != 0) {
            throw new AssertionError("the secrets could not be made");
        }
        Map<String, String> secrets = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path secret : files.toList()) {
                secrets.put(secret.getFileName().toString(), Files.readString(secret));
            }
        }
        return secrets;
    }

    /** The pods of the demo for Kubernetes, by the name of what makes them. */
    static Map<String, PodTemplateSpec> demo() throws IOException {
        List<JsonNode> objects = new ArrayList<>();
        for (Path folder : List.of(Path.of("k8s/base"), Path.of("k8s/overlays/demo"))) {
            for (String name : PODS) {
                Path manifest = folder.resolve(name + ".yaml");
                if (Files.exists(manifest)) {
                    objects.addAll(
                            Manifests.read(Files.newInputStream(manifest)).objects());
                }
            }
        }
        return new Manifests(objects).pods();
    }

    /**
     * The same as manifests, for a {@link Cluster} to run: the pods of the demo, the bundles with what they have here, and
     * each reached by its name and its own ports.
     *
     * @param differently environment variables that bundles get in place of those here
     */
    Manifests manifests(Map<String, String> differently) throws IOException {
        List<HasMetadata> objects = new ArrayList<>();
        for (Map.Entry<String, PodTemplateSpec> pod : demo().entrySet()) {
            String name = pod.getKey();
            PodTemplateSpec template = pod.getValue();
            template.getMetadata().setLabels(Map.of("service", name));
            Container container = template.getSpec().getContainers().get(0);
            if (container.getImage().equals("video-to-mp3")) {
                Map<String, String> environment = environment(name);
                environment.putAll(differently);
                asHere(container, service(name), environment);
            }
            objects.add(new DeploymentBuilder()
                    .withNewMetadata()
                    .withName(name)
                    .endMetadata()
                    .withNewSpec()
                    .withTemplate(template)
                    .endSpec()
                    .build());
            objects.add(new ServiceBuilder()
                    .withNewMetadata()
                    .withName(name)
                    .withNamespace("compose")
                    .endMetadata()
                    .withNewSpec()
                    .addToSelector("service", name)
                    .withPorts(container.getPorts().stream()
                            .map(port -> new ServicePortBuilder()
                                    .withName(port.getName())
                                    .withPort(port.getContainerPort())
                                    .withNewTargetPort(port.getContainerPort())
                                    .build())
                            .toList())
                    .endSpec()
                    .build());
        }
        return new Manifests(objects.stream()
                .map(object -> Manifests.YAML.<JsonNode>valueToTree(object))
                .toList());
    }

    private static void asHere(Container container, JsonNode service, Map<String, String> environment) {
        container.setEnvFrom(List.of());
        container.setEnv(environment.entrySet().stream()
                .map(variable -> new EnvVar(variable.getKey(), variable.getValue(), null))
                .toList());
        container
                .getSecurityContext()
                .setReadOnlyRootFilesystem(service.get("read_only").asBoolean());
        container.setVolumeMounts(new ArrayList<>());
        for (JsonNode volume : service.get("volumes")) {
            String[] parts = volume.asText().split(":");
            container
                    .getVolumeMounts()
                    .add(new VolumeMountBuilder()
                            .withName(parts.length == 1 ? "work" : parts[0])
                            .withMountPath(parts[parts.length == 1 ? 0 : 1])
                            .build());
        }
        container.setStartupProbe(null);
        container.setLivenessProbe(null);
        container.setReadinessProbe(null);
    }
}
