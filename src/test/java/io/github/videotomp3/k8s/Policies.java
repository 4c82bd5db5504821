package io.github.videotomp3.k8s;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.List;

/** What NetworkPolicies let through between pods of one namespace. */
final class Policies {

    private final Manifests manifests;

    Policies(Manifests manifests) {
        this.manifests = manifests;
    }

    /** Whether one pod may connect to a port of another: where it starts, and where it arrives. */
    boolean letThrough(String from, String to, ContainerPort port) {
        List<NetworkPolicy> out = of(from, "Egress");
        List<NetworkPolicy> in = of(to, "Ingress");
        return (out.isEmpty()
                        || out.stream()
                                .flatMap(policy -> policy.getSpec().getEgress().stream())
                                .anyMatch(rule -> isAmong(to, rule.getTo()) && isOpen(port, rule.getPorts())))
                && (in.isEmpty()
                        || in.stream()
                                .flatMap(policy -> policy.getSpec().getIngress().stream())
                                .anyMatch(rule -> isAmong(from, rule.getFrom()) && isOpen(port, rule.getPorts())));
    }

    private List<NetworkPolicy> of(String pod, String type) {
        return manifests.all(NetworkPolicy.class).stream()
                .filter(policy -> policy.getSpec().getPolicyTypes().contains(type))
                .filter(policy ->
                        manifests.selected(policy.getSpec().getPodSelector()).contains(pod))
                .toList();
    }

    private boolean isAmong(String pod, List<NetworkPolicyPeer> peers) {
        return peers.isEmpty()
                || peers.stream()
                        .filter(peer -> peer.getNamespaceSelector() == null && peer.getIpBlock() == null)
                        .anyMatch(peer ->
                                manifests.selected(peer.getPodSelector()).contains(pod));
    }

    private static boolean isOpen(ContainerPort port, List<NetworkPolicyPort> ports) {
        return ports.isEmpty() || ports.stream().anyMatch(it -> Manifests.is(port, it.getPort()));
    }
}
