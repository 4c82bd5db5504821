package io.github.videotomp3.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The objects that {@code kubectl apply -k} would send for an overlay. */
final class Manifests {

    static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    static final Set<String> BUNDLES = Set.of("auth", "gateway", "converter", "notification");

    /** The kinds that Kubernetes brings itself and that we use; others are described by a CRD. */
    static final Map<String, Class<? extends HasMetadata>> KINDS = Stream.of(
                    ConfigMap.class,
                    Deployment.class,
                    Ingress.class,
                    Job.class,
                    Namespace.class,
                    NetworkPolicy.class,
                    PodDisruptionBudget.class,
                    Role.class,
                    RoleBinding.class,
                    Service.class,
                    ServiceAccount.class,
                    StatefulSet.class)
            .collect(LinkedHashMap::new, (kinds, kind) -> kinds.put(kind.getSimpleName(), kind), Map::putAll);

    private static final Path OVERLAYS = Path.of("k8s", "overlays");
    private static final Pattern EXAMPLE = Pattern.compile("(?s)```yaml\\R(apiVersion: kustomize.*?)```");

    private final List<JsonNode> objects;

    Manifests(List<JsonNode> objects) {
        this.objects = objects;
    }

    /** True when there is a kubectl whose kustomize knows components (5 or later). */
    static boolean canRender() {
        try {
            Process kubectl = new ProcessBuilder("kubectl", "version", "--client")
                    .redirectErrorStream(true)
                    .start();
            String answer = new String(kubectl.getInputStream().readAllBytes());
            return kubectl.waitFor() == 0 && answer.matches("(?s).*Kustomize Version: v([5-9]|\\d\\d).*");
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The names of all overlays. */
    static List<String> overlays() {
        try (Stream<Path> folders = Files.list(OVERLAYS)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Manifests render(String overlay) {
        return render(OVERLAYS.resolve(overlay));
    }

    /** The overlay of one's own that {@code k8s/README.md} shows. */
    static Manifests renderExample() {
        try {
            Matcher example = EXAMPLE.matcher(Files.readString(Path.of("k8s/README.md")));
            if (!example.find()) {
                throw new AssertionError("k8s/README.md shows no kustomization");
            }
            return renderText(example.group(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A combination of components with the base. */
    static Manifests renderComponents(String... components) {
        return renderText("namespace: video-to-mp3\nresources: [../../base]\ncomponents:\n"
                + Stream.of(components)
                        .map(component -> "  - ../../components/" + component + "\n")
                        .collect(Collectors.joining()));
    }

    /** A kustomization, as if it stood in a folder beside the overlays. */
    private static Manifests renderText(String kustomization) {
        try {
            Path folder = Files.createTempDirectory(Path.of("target"), "overlay");
            Path file = folder.resolve("kustomization.yaml");
            try {
                Files.writeString(file, kustomization.replace("../../", "../../k8s/"));
                return render(folder);
            } finally {
                Files.deleteIfExists(file);
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Manifests render(Path folder) {
        try {
            Process kubectl = new ProcessBuilder("kubectl", "kustomize", folder.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            Manifests manifests = read(kubectl.getInputStream());
            if (kubectl.waitFor() != 0) {
                throw new AssertionError("kubectl kustomize " + folder + " failed");
            }
            return manifests;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static Manifests read(InputStream yaml) throws IOException {
        return new Manifests(
                YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml).readAll());
    }

    List<JsonNode> objects() {
        return objects;
    }

    <T extends HasMetadata> List<T> all(Class<T> kind) {
        return objects.stream()
                .filter(object -> object.path("kind").asText().equals(kind.getSimpleName()))
                .map(object -> YAML.convertValue(object, kind))
                .toList();
    }

    <T extends HasMetadata> Optional<T> find(Class<T> kind, String name) {
        return all(kind).stream()
                .filter(object -> object.getMetadata().getName().equals(name))
                .findFirst();
    }

    /**
     * What pods are made of, by the name of the Deployment, StatefulSet or Job that makes them; also those that RabbitMQ's
     * operator makes of a RabbitmqCluster.
     */
    Map<String, PodTemplateSpec> pods() {
        Map<String, PodTemplateSpec> pods = new LinkedHashMap<>();
        all(Deployment.class)
                .forEach(it -> pods.put(it.getMetadata().getName(), it.getSpec().getTemplate()));
        all(StatefulSet.class)
                .forEach(it -> pods.put(it.getMetadata().getName(), it.getSpec().getTemplate()));
        all(Job.class)
                .forEach(it -> pods.put(it.getMetadata().getName(), it.getSpec().getTemplate()));
        for (JsonNode object : objects) {
            if (object.path("kind").asText().equals("RabbitmqCluster")) {
                String name = object.at("/metadata/name").asText();
                pods.put(name, ofTheOperator(name));
            }
        }
        return pods;
    }

    /** Labels and ports as in the operator's documentation. */
    private static PodTemplateSpec ofTheOperator(String cluster) {
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .addToLabels("app.kubernetes.io/name", cluster)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .addNewPort()
                .withName("amqp")
                .withContainerPort(5672)
                .endPort()
                .addNewPort()
                .withName("management")
                .withContainerPort(15672)
                .endPort()
                .endContainer()
                .endSpec()
                .build();
    }

    /** What the first container of the pod has as environment, but for what comes from Secrets. */
    Map<String, String> environment(String pod) {
        Map<String, String> environment = new LinkedHashMap<>();
        Container container = pods().get(pod).getSpec().getContainers().get(0);
        container
                .getEnvFrom()
                .forEach(from -> find(ConfigMap.class, from.getConfigMapRef().getName())
                        .ifPresent(map -> environment.putAll(map.getData())));
        container.getEnv().stream()
                .filter(variable -> variable.getValue() != null)
                .forEach(variable -> environment.put(variable.getName(), variable.getValue()));
        return environment;
    }

    static List<ContainerPort> ports(PodTemplateSpec pod) {
        return pod.getSpec().getContainers().stream()
                .flatMap(container -> container.getPorts().stream())
                .toList();
    }

    static boolean is(ContainerPort port, IntOrString wanted) {
        return wanted.getValue().equals(port.getName()) || wanted.getValue().equals(port.getContainerPort());
    }

    /** The listener of a Gateway that a parentRef names. */
    Optional<JsonNode> listener(JsonNode parentRef) {
        return objects.stream()
                .filter(object -> object.path("kind").asText().equals("Gateway")
                        && object.at("/metadata/name").equals(parentRef.path("name")))
                .flatMap(gateway ->
                        StreamSupport.stream(gateway.at("/spec/listeners").spliterator(), false))
                .filter(listener -> listener.path("name").equals(parentRef.path("sectionName")))
                .findFirst();
    }

    /** The names of those whose pods carry these labels. */
    List<String> selected(Map<String, String> labels) {
        return selected(new LabelSelectorBuilder().withMatchLabels(labels).build());
    }

    /** The names of those whose pods a selector chooses; one that says nothing chooses all. */
    List<String> selected(LabelSelector selector) {
        List<String> names = new ArrayList<>();
        pods().forEach((name, pod) -> {
            Map<String, String> labels =
                    Optional.ofNullable(pod.getMetadata().getLabels()).orElse(Map.of());
            boolean chosen = selector.getMatchExpressions().stream().allMatch(expression -> isMet(expression, labels));
            if (chosen
                    && labels.entrySet().containsAll(selector.getMatchLabels().entrySet())) {
                names.add(name);
            }
        });
        return names;
    }

    private static boolean isMet(LabelSelectorRequirement expression, Map<String, String> labels) {
        if (!expression.getOperator().equals("In")) {
            throw new IllegalStateException("not understood here: " + expression);
        }
        return expression.getValues().contains(labels.get(expression.getKey()));
    }
}
