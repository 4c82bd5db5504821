package io.github.videotomp3.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressServiceBackend;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Collects what objects name and nobody brings. */
final class References {

    private final Manifests manifests;
    private final Map<String, Set<String>> secrets;
    private final List<String> missing = new ArrayList<>();

    /**
     * @param secrets the keys of those that somebody makes, by name
     */
    References(Manifests manifests, Map<String, Set<String>> secrets) {
        this.manifests = manifests;
        this.secrets = secrets;
    }

    List<String> missing() {
        manifests.pods().forEach(this::pod);
        manifests.all(Service.class).forEach(this::service);
        manifests.all(StatefulSet.class).forEach(this::statefulSet);
        manifests.all(Ingress.class).forEach(this::ingress);
        manifests.all(RoleBinding.class).forEach(this::roleBinding);
        manifests.all(Role.class).forEach(this::role);
        manifests
                .all(PodDisruptionBudget.class)
                .forEach(budget -> selected(name(budget), budget.getSpec().getSelector()));
        manifests.all(NetworkPolicy.class).forEach(this::networkPolicy);
        for (JsonNode object : manifests.objects()) {
            switch (object.path("kind").asText()) {
                case "Gateway" -> gateway(object);
                case "HTTPRoute" -> httpRoute(object);
                case "ClientTrafficPolicy" -> object.at("/spec/targetRefs").forEach(to -> there(object, to));
                case "ScaledObject" -> scaledObject(object);
                case "TriggerAuthentication" ->
                    object.at("/spec/secretTargetRef").forEach(ref -> secret(object, ref));
                case "PodMonitor" -> podMonitor(object);
                default -> {} // the other kinds name nothing, or were there already
            }
        }
        return missing;
    }

    private static String name(HasMetadata object) {
        return object.getKind() + "/" + object.getMetadata().getName();
    }

    private static String name(JsonNode object) {
        return object.path("kind").asText() + "/" + object.at("/metadata/name").asText();
    }

    // --- pods

    private void pod(String name, PodTemplateSpec template) {
        PodSpec pod = template.getSpec();
        if (pod.getServiceAccountName() != null) {
            serviceAccount(name, pod.getServiceAccountName());
        }
        pod.getTopologySpreadConstraints().forEach(spread -> selected(name, spread.getLabelSelector()));
        for (Volume volume : pod.getVolumes()) {
            if (volume.getConfigMap() != null) {
                configMap(name, volume.getConfigMap().getName());
            }
            if (volume.getSecret() != null) {
                volume.getSecret()
                        .getItems()
                        .forEach(item -> secret(name, volume.getSecret().getSecretName(), item.getKey()));
            }
        }
        for (Container container : Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream())
                .toList()) {
            container.getVolumeMounts().forEach(mount -> mount(name, pod, mount));
            container
                    .getEnvFrom()
                    .forEach(from -> configMap(name, from.getConfigMapRef().getName()));
            container.getEnv().forEach(variable -> variable(name, variable));
            Stream.of(container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe())
                    .filter(Objects::nonNull)
                    .forEach(probe -> probe(name, probe));
        }
    }

    private void probe(String pod, Probe probe) {
        if (probe.getHttpGet() != null) {
            port(pod, pod, probe.getHttpGet().getPort());
        } else if (probe.getTcpSocket() != null) {
            port(pod, pod, probe.getTcpSocket().getPort());
        }
    }

    private void mount(String name, PodSpec pod, VolumeMount mount) {
        Optional<Volume> volume = pod.getVolumes().stream()
                .filter(it -> it.getName().equals(mount.getName()))
                .findFirst();
        boolean claimed = manifests.find(StatefulSet.class, name).stream()
                .flatMap(set -> set.getSpec().getVolumeClaimTemplates().stream())
                .anyMatch(claim -> claim.getMetadata().getName().equals(mount.getName()));
        if (volume.isEmpty() && !claimed) {
            missing.add(name + ": no volume " + mount.getName());
        }
        volume.map(Volume::getConfigMap)
                .filter(map -> mount.getSubPath() != null)
                .flatMap(map -> manifests.find(ConfigMap.class, map.getName()))
                .filter(map -> !map.getData().containsKey(mount.getSubPath()))
                .ifPresent(map -> missing.add(name + ": no " + mount.getSubPath() + " in " + name(map)));
    }

    private void variable(String pod, EnvVar variable) {
        if (Manifests.BUNDLES.contains(pod)) {
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

    private void secret(JsonNode where, JsonNode ref) {
        secret(name(where), ref.path("name").asText(), ref.path("key").asText());
    }

    private void certificate(String where, String secret) {
        secret(where, secret, "tls.crt");
        secret(where, secret, "tls.key");
    }

    private void configMap(String where, String name) {
        Optional<ConfigMap> map = manifests.find(ConfigMap.class, name);
        if (map.isEmpty()) {
            missing.add(where + ": no ConfigMap " + name);
        } else if (name.startsWith("video-to-mp3-")) {
            map.get().getData().keySet().forEach(variable -> setting(name, variable));
        }
    }

    private void serviceAccount(String where, String name) {
        if (manifests.find(ServiceAccount.class, name).isEmpty()) {
            missing.add(where + ": no ServiceAccount " + name);
        }
    }

    private void port(String where, String pod, IntOrString port) {
        if (Manifests.ports(manifests.pods().get(pod)).stream().noneMatch(it -> Manifests.is(it, port))) {
            missing.add(where + ": " + pod + " has no port " + port.getValue());
        }
    }

    // --- what leads to pods

    private void service(Service service) {
        LabelSelector selector = new LabelSelectorBuilder()
                .withMatchLabels(service.getSpec().getSelector())
                .build();
        for (String pod : selected(name(service), selector)) {
            service.getSpec().getPorts().forEach(port -> port(name(service), pod, port.getTargetPort()));
        }
    }

    private void statefulSet(StatefulSet set) {
        Optional<Service> service = manifests.find(Service.class, set.getSpec().getServiceName());
        if (service.isEmpty()
                || !set.getSpec()
                        .getTemplate()
                        .getMetadata()
                        .getLabels()
                        .entrySet()
                        .containsAll(service.get().getSpec().getSelector().entrySet())) {
            missing.add(name(set) + ": no Service " + set.getSpec().getServiceName() + " for its pods");
        }
    }

    private void ingress(Ingress ingress) {
        ingress.getSpec().getTls().forEach(tls -> certificate(name(ingress), tls.getSecretName()));
        ingress.getSpec().getRules().stream()
                .flatMap(rule -> rule.getHttp().getPaths().stream())
                .forEach(path -> {
                    IngressServiceBackend to = path.getBackend().getService();
                    backend(
                            name(ingress),
                            to.getName(),
                            port -> Objects.equals(port.getName(), to.getPort().getName()));
                });
    }

    private void gateway(JsonNode gateway) {
        gateway.at("/spec/listeners")
                .forEach(listener -> listener.at("/tls/certificateRefs")
                        .forEach(ref ->
                                certificate(name(gateway), ref.path("name").asText())));
    }

    private void httpRoute(JsonNode route) {
        for (JsonNode parent : route.at("/spec/parentRefs")) {
            if (manifests.listener(parent).isEmpty()) {
                missing.add(name(route) + ": no listener " + parent);
            }
        }
        route.at("/spec/rules")
                .forEach(rule -> rule.path("backendRefs")
                        .forEach(to -> backend(
                                name(route),
                                to.path("name").asText(),
                                port -> Objects.equals(
                                        port.getPort(), to.path("port").asInt()))));
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

    private void there(JsonNode where, JsonNode to) {
        String wanted = to.path("kind").asText() + "/" + to.path("name").asText();
        if (manifests.objects().stream().map(References::name).noneMatch(wanted::equals)) {
            missing.add(name(where) + ": no " + wanted);
        }
    }

    private List<String> selected(String where, LabelSelector selector) {
        List<String> pods = manifests.selected(selector);
        if (pods.isEmpty()) {
            missing.add(where + ": selects no pod");
        }
        return pods;
    }

    // --- who may do what

    private void roleBinding(RoleBinding binding) {
        if (manifests.find(Role.class, binding.getRoleRef().getName()).isEmpty()) {
            missing.add(name(binding) + ": no Role " + binding.getRoleRef().getName());
        }
        binding.getSubjects().forEach(subject -> serviceAccount(name(binding), subject.getName()));
    }

    private void role(Role role) {
        role.getRules().stream()
                .flatMap(rule -> rule.getResourceNames().stream())
                .filter(name -> !secrets.containsKey(name))
                .forEach(name -> missing.add(name(role) + ": nobody makes a Secret " + name));
    }

    private void networkPolicy(NetworkPolicy policy) {
        List<String> pods = selected(name(policy), policy.getSpec().getPodSelector());
        policy.getSpec().getIngress().forEach(rule -> {
            peers(policy, rule.getFrom());
            ports(policy, pods, rule.getPorts());
        });
        policy.getSpec().getEgress().forEach(rule -> ports(policy, peers(policy, rule.getTo()), rule.getPorts()));
    }

    /** The pods, of those that are known, that the peers are. */
    private Set<String> peers(NetworkPolicy policy, List<NetworkPolicyPeer> peers) {
        Set<String> pods = new HashSet<>();
        for (NetworkPolicyPeer peer : peers) {
            if (peer.getPodSelector() != null && peer.getNamespaceSelector() == null) {
                pods.addAll(selected(name(policy), peer.getPodSelector()));
                peer.getPodSelector().getMatchExpressions().stream()
                        .flatMap(expression ->
                                expression.getValues().stream().map(value -> Map.of(expression.getKey(), value)))
                        .forEach(labels -> selected(
                                name(policy) + " " + labels,
                                new LabelSelectorBuilder()
                                        .withMatchLabels(labels)
                                        .build()));
            }
        }
        return pods;
    }

    private void ports(NetworkPolicy policy, Iterable<String> pods, List<NetworkPolicyPort> ports) {
        for (String pod : pods) {
            ports.forEach(port -> port(name(policy), pod, port.getPort()));
        }
    }

    // --- KEDA and Prometheus

    private void scaledObject(JsonNode scaled) {
        String target = scaled.at("/spec/scaleTargetRef/name").asText();
        Optional<Deployment> deployment = manifests.find(Deployment.class, target);
        if (deployment.isEmpty()) {
            missing.add(name(scaled) + ": no Deployment " + target);
            return;
        }
        for (JsonNode trigger : scaled.at("/spec/triggers")) {
            String host = trigger.at("/metadata/host").asText();
            String fromEverywhere = "http://" + manifests.environment(target).get("SPRING_RABBITMQ_HOST") + "."
                    + scaled.at("/metadata/namespace").asText() + ".svc:15672/";
            if (!host.equals(fromEverywhere)) {
                missing.add(name(scaled) + ": KEDA, in its own namespace, does not find " + host);
            }
            if (!trigger.at("/metadata/queueName").asText().equals(Settings.value("queues.video"))) {
                missing.add(name(scaled) + ": no queue " + trigger.at("/metadata/queueName"));
            }
            manifests.objects().stream()
                    .filter(object -> name(object)
                            .equals("TriggerAuthentication/"
                                    + trigger.at("/authenticationRef/name").asText()))
                    .findFirst()
                    .ifPresentOrElse(
                            it -> it.at("/spec/env").forEach(ref -> variableOf(it, deployment.get(), ref)),
                            () -> missing.add(name(scaled) + ": no " + trigger.path("authenticationRef")));
        }
    }

    private void variableOf(JsonNode where, Deployment deployment, JsonNode ref) {
        boolean there = deployment.getSpec().getTemplate().getSpec().getContainers().stream()
                .filter(container ->
                        container.getName().equals(ref.path("containerName").asText()))
                .flatMap(container -> container.getEnv().stream())
                .anyMatch(variable -> variable.getName().equals(ref.path("name").asText()));
        if (!there) {
            missing.add(name(where) + ": no variable " + ref);
        }
    }

    private void podMonitor(JsonNode monitor) {
        LabelSelector selector = Manifests.YAML.convertValue(monitor.at("/spec/selector"), LabelSelector.class);
        for (JsonNode endpoint : monitor.at("/spec/podMetricsEndpoints")) {
            for (String pod : selected(name(monitor), selector)) {
                port(name(monitor), pod, new IntOrString(endpoint.path("port").asText()));
            }
            endpoint.path("basicAuth").forEach(ref -> secret(monitor, ref));
        }
    }
}
