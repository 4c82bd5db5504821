package io.github.videotomp3.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.github.videotomp3.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Checks an object as the API server does with {@code fieldValidation=Strict}: a field that the kind does not have is a
 * fault, as is a value of another type.
 */
final class StrictSchema {

    /** The files in {@code src/test/resources/schemas} for kinds that a CRD describes. */
    private static final Map<String, String> CUSTOM = Map.of(
            "ClientTrafficPolicy", "gateway.envoyproxy.io_clienttrafficpolicies",
            "PodMonitor", "monitoring.coreos.com_podmonitors",
            "Gateway", "gateway.networking.k8s.io_gateways",
            "HTTPRoute", "gateway.networking.k8s.io_httproutes",
            "RabbitmqCluster", "rabbitmq.com_rabbitmqclusters",
            "ScaledObject", "keda.sh_scaledobjects",
            "TriggerAuthentication", "keda.sh_triggerauthentications");

    private StrictSchema() {}

    /** What is wrong, each with its path; empty when nothing is. */
    static List<String> faults(JsonNode object) {
        String kind = object.path("kind").asText();
        Class<? extends HasMetadata> type = Manifests.KINDS.get(kind);
        if (type == null) {
            return CUSTOM.containsKey(kind)
                    ? custom(CUSTOM.get(kind), object)
                    : List.of(kind + ": no schema for this kind");
        }
        if (!HasMetadata.getApiVersion(type).equals(object.path("apiVersion").asText())) {
            return List.of(kind + ".apiVersion: must be " + HasMetadata.getApiVersion(type));
        }
        try {
            List<String> faults = new ArrayList<>();
            walk(kind + "/" + object.at("/metadata/name").asText(), Manifests.YAML.convertValue(object, type), faults);
            return faults;
        } catch (IllegalArgumentException e) {
            return List.of(kind + ": " + e.getMessage());
        }
    }

    private static List<String> custom(String file, JsonNode object) {
        try {
            return new Schema(file).faults(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The model keeps what it does not know in {@code additionalProperties}. */
    private static void walk(String path, Object value, List<String> faults) {
        if (value instanceof Collection<?> list) {
            int i = 0;
            for (Object element : list) {
                walk(path + "[" + i++ + "]", element, faults);
            }
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, element) -> walk(path + "." + key, element, faults));
        } else if (value instanceof KubernetesResource) {
            for (Method getter : value.getClass().getMethods()) {
                if (getter.getParameterCount() == 0 && getter.getName().equals("getAdditionalProperties")) {
                    ((Map<?, ?>) call(value, getter)).keySet().forEach(name -> faults.add(path + "." + name));
                } else if (getter.getParameterCount() == 0 && getter.getName().startsWith("get")) {
                    String name = Character.toLowerCase(getter.getName().charAt(3))
                            + getter.getName().substring(4);
                    walk(path + "." + name, call(value, getter), faults);
                }
            }
        }
    }

    private static Object call(Object object, Method getter) {
        try {
            return getter.invoke(object);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }
}
