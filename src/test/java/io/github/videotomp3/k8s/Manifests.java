package io.github.videotomp3.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
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
import java.util.stream.Stream;

/** The objects that {@code kubectl apply -k} would send for an overlay. */
final class Manifests {

    static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

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
        try {
            Process kubectl = new ProcessBuilder(
                            "kubectl", "kustomize", OVERLAYS.resolve(overlay).toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            Manifests manifests = read(kubectl.getInputStream());
            if (kubectl.waitFor() != 0) {
                throw new AssertionError("kubectl kustomize " + overlay + " failed");
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

    /** What pods are made of, by the name of the Deployment, StatefulSet or Job that makes them. */
    Map<String, PodTemplateSpec> pods() {
        Map<String, PodTemplateSpec> pods = new LinkedHashMap<>();
        all(Deployment.class)
                .forEach(it -> pods.put(it.getMetadata().getName(), it.getSpec().getTemplate()));
        all(StatefulSet.class)
                .forEach(it -> pods.put(it.getMetadata().getName(), it.getSpec().getTemplate()));
        all(Job.class)
                .forEach(it -> pods.put(it.getMetadata().getName(), it.getSpec().getTemplate()));
        return pods;
    }

    /** The names of those whose pods carry these labels. */
    List<String> selected(Map<String, String> labels) {
        List<String> names = new ArrayList<>();
        pods().forEach((name, pod) -> {
            Map<String, String> its =
                    Optional.ofNullable(pod.getMetadata().getLabels()).orElse(Map.of());
            if (its.entrySet().containsAll(labels.entrySet())) {
                names.add(name);
            }
        });
        return names;
    }
}
