package io.github.videotomp3.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressServiceBackend;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The manifests are what their schemas allow, and what they name is there. */
class ManifestsTest {

    private static final Set<String> BUNDLES = Set.of("auth", "gateway", "converter", "notification");

    @BeforeAll
    static void needsKubectl() {
        assumeTrue(Manifests.canRender(), "kubectl with kustomize 5 or later is not on the PATH");
    }

    static List<String> overlays() {
        return Manifests.overlays();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void areWhatTheirSchemasAllow(String overlay) {
        List<String> faults = Manifests.render(overlay).objects().stream()
                .flatMap(object -> StrictSchema.faults(object).stream())
                .toList();

        assertThat(faults).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/spec/template/spec/containers/0, readinessprobe, {}, readinessprobe",
        "/spec/template/spec, terminationGracePeriodSeconds, soon, terminationGracePeriodSeconds",
        "/spec, replica, 2, spec.replica",
        "'', apiVersion, apps/v1beta1, apiVersion",
        "'', kind, Deploiment, Deploiment"
    })
    void areFoundOutWhenTheyAreNot(String parent, String field, String value, String fault) {
        ObjectNode deployment = Manifests.render("keda").objects().stream()
                .filter(object -> object.path("kind").asText().equals("Deployment"))
                .map(ObjectNode.class::cast)
                .findFirst()
                .orElseThrow();
        ((ObjectNode) deployment.at(parent)).put(field, value);

        assertThat(StrictSchema.faults(deployment)).singleElement().asString().contains(fault);
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void nameOnlyWhatIsThere(String overlay) {
        Map<String, Set<String>> secrets = overlay.equals("demo") ? Secrets.ofTheDemo() : Secrets.documented();

        assertThat(new References(Manifests.render(overlay), secrets).missing()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Service/auth, /spec/ports/0, targetPort, htpp",
        "Service/gateway, /spec/selector, app.kubernetes.io/name, gatewai",
        "Deployment/auth, /spec/template/spec/containers/0/env/1/valueFrom/secretKeyRef, key, pasword",
        "Deployment/auth, /spec/template/spec/containers/0/env/1/valueFrom/secretKeyRef, name, my-sql",
        "Deployment/converter, /spec/template/spec/containers/0/volumeMounts/0, name, works",
        "Deployment/converter, /spec/template/spec/containers/0/envFrom/0/configMapRef, name, settings",
        "Deployment/converter, /spec/template/spec/containers/0/env/0, name, BUNDLE",
        "Deployment/gateway, /spec/template/spec/containers/0/readinessProbe/httpGet, port, managment",
        "Deployment/gateway, /spec/template/spec, serviceAccountName, gatway",
        "Ingress/gateway, /spec/rules/0/http/paths/0/backend/service, name, getaway",
        "PodDisruptionBudget/auth, /spec/selector/matchLabels, app.kubernetes.io/name, aut",
        "NetworkPolicy/auth, /spec/podSelector/matchLabels, app.kubernetes.io/name, aut"
    })
    void areFoundOutWhenTheyNameWhatIsNot(String object, String parent, String field, String value) {
        Manifests demo = Manifests.render("demo");
        ObjectNode changed = demo.objects().stream()
                .filter(it -> object.equals(
                        it.path("kind").asText() + "/" + it.at("/metadata/name").asText()))
                .map(ObjectNode.class::cast)
                .findFirst()
                .orElseThrow();
        assertThat(changed.at(parent).has(field)).isTrue();
        ((ObjectNode) changed.at(parent)).put(field, value);

        assertThat(new References(demo, Secrets.ofTheDemo()).missing()).isNotEmpty();
    }

    @Test
    void giveBundlesMoreTimeToStopThanTheyTake() {
        for (Deployment deployment : Manifests.render("demo").all(Deployment.class)) {
            if (BUNDLES.contains(deployment.getMetadata().getName())) {
                PodSpec pod = deployment.getSpec().getTemplate().getSpec();
                long routes =
                        Long.parseLong(env(pod, "CAMEL_MAIN_SHUTDOWNTIMEOUT").orElse("60"));
                assertThat(pod.getTerminationGracePeriodSeconds())
                        .as(deployment.getMetadata().getName())
                        .isGreaterThan(routes);
            }
        }
    }

    private static Optional<String> env(PodSpec pod, String name) {
        return pod.getContainers().get(0).getEnv().stream()
                .filter(variable -> variable.getName().equals(name))
                .map(EnvVar::getValue)
                .findFirst();
    }

    /** Collects what objects name and nobody brings. */
    private static final class References {

        private final Manifests manifests;
        private final Map<String, Set<String>> secrets;
        private final List<String> missing = new ArrayList<>();

        References(Manifests manifests, Map<String, Set<String>> secrets) {
            this.manifests = manifests;
            this.secrets = secrets;
        }

        List<String> missing() {
            manifests.pods().forEach(this::pod);
            manifests.all(Service.class).forEach(this::service);
            manifests.all(Ingress.class).forEach(this::ingress);
            manifests
                    .all(PodDisruptionBudget.class)
                    .forEach(budget -> selected(
                            "PodDisruptionBudget/" + budget.getMetadata().getName(),
                            budget.getSpec().getSelector().getMatchLabels()));
            manifests
                    .all(NetworkPolicy.class)
                    .forEach(policy -> selected(
                            "NetworkPolicy/" + policy.getMetadata().getName(),
                            policy.getSpec().getPodSelector().getMatchLabels()));
            for (JsonNode object : manifests.objects()) {
                object.at("/spec/rules")
                        .forEach(rule -> rule.path("backendRefs")
                                .forEach(to -> backend(
                                        "HTTPRoute",
                                        to.path("name").asText(),
                                        port -> Objects.equals(
                                                port.getPort(), to.path("port").asInt()))));
                JsonNode scaled = object.at("/spec/scaleTargetRef/name");
                if (scaled.isTextual()
                        && manifests.find(Deployment.class, scaled.asText()).isEmpty()) {
                    missing.add("ScaledObject: no Deployment " + scaled.asText());
                }
            }
            return missing;
        }

        private void pod(String name, PodTemplateSpec template) {
            PodSpec pod = template.getSpec();
            if (pod.getServiceAccountName() != null
                    && manifests
                            .find(ServiceAccount.class, pod.getServiceAccountName())
                            .isEmpty()) {
                missing.add(name + ": no ServiceAccount " + pod.getServiceAccountName());
            }
            Set<String> volumes = Stream.concat(
                            pod.getVolumes().stream().map(volume -> volume.getName()), Stream.of("data"))
                    .collect(Collectors.toSet());
            pod.getVolumes().forEach(volume -> {
                if (volume.getConfigMap() != null) {
                    configMap(name, volume.getConfigMap().getName());
                }
                if (volume.getSecret() != null) {
                    volume.getSecret()
                            .getItems()
                            .forEach(item -> secret(name, volume.getSecret().getSecretName(), item.getKey()));
                }
            });
            for (Container container : pod.getContainers()) {
                container.getVolumeMounts().stream()
                        .filter(mount -> !volumes.contains(mount.getName()))
                        .forEach(mount -> missing.add(name + ": no volume " + mount.getName()));
                container
                        .getEnvFrom()
                        .forEach(from -> configMap(name, from.getConfigMapRef().getName()));
                container.getEnv().forEach(variable -> variable(name, variable));
                Stream.of(container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe())
                        .filter(Objects::nonNull)
                        .map(Probe::getHttpGet)
                        .filter(Objects::nonNull)
                        .forEach(get -> port(name, container, get.getPort()));
            }
        }

        private void variable(String pod, EnvVar variable) {
            if (BUNDLES.contains(pod)) {
                setting(pod, variable.getName());
            }
            if (variable.getValueFrom() != null) {
                SecretKeySelector secret = variable.getValueFrom().getSecretKeyRef();
                secret(pod, secret.getName(), secret.getKey());
            }
        }

        private void setting(String where, String variable) {
            if (!Settings.knows(variable)) {
                missing.add(where + ": no setting " + variable);
            }
        }

        private void secret(String where, String name, String key) {
            if (!secrets.getOrDefault(name, Set.of()).contains(key)) {
                missing.add(where + ": nobody makes the key " + key + " of a Secret " + name);
            }
        }

        private void configMap(String where, String name) {
            Optional<ConfigMap> map = manifests.find(ConfigMap.class, name);
            if (map.isEmpty()) {
                missing.add(where + ": no ConfigMap " + name);
            } else if (name.startsWith("video-to-mp3-")) {
                map.get().getData().keySet().forEach(variable -> setting(name, variable));
            }
        }

        private void port(String where, Container container, IntOrString port) {
            boolean there = container.getPorts().stream().anyMatch(it -> is(it, port));
            if (!there) {
                missing.add(where + ": no port " + port.getValue());
            }
        }

        private static boolean is(ContainerPort port, IntOrString wanted) {
            return wanted.getValue().equals(port.getName()) || wanted.getValue().equals(port.getContainerPort());
        }

        private void service(Service service) {
            String where = "Service/" + service.getMetadata().getName();
            for (String pod : selected(where, service.getSpec().getSelector())) {
                Container container =
                        manifests.pods().get(pod).getSpec().getContainers().get(0);
                service.getSpec().getPorts().forEach(port -> port(where, container, port.getTargetPort()));
            }
        }

        private void ingress(Ingress ingress) {
            ingress.getSpec().getRules().stream()
                    .flatMap(rule -> rule.getHttp().getPaths().stream())
                    .forEach(path -> {
                        IngressServiceBackend to = path.getBackend().getService();
                        backend(
                                "Ingress/" + ingress.getMetadata().getName(),
                                to.getName(),
                                port -> Objects.equals(
                                        port.getName(), to.getPort().getName()));
                    });
        }

        private void backend(String where, String service, Predicate<ServicePort> port) {
            boolean there = manifests
                    .find(Service.class, service)
                    .map(it -> it.getSpec().getPorts().stream().anyMatch(port))
                    .orElse(false);
            if (!there) {
                missing.add(where + ": no Service " + service + " with that port");
            }
        }

        private List<String> selected(String where, Map<String, String> labels) {
            if (labels == null || labels.isEmpty()) {
                return List.of(); // all pods, or chosen by expressions
            }
            List<String> pods = manifests.selected(labels);
            boolean ofTheOperator = where.equals("NetworkPolicy/rabbitmq");
            if (pods.isEmpty() && !ofTheOperator) {
                missing.add(where + ": selects no pod");
            }
            return pods;
        }
    }
}
