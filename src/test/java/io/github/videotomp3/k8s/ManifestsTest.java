package io.github.videotomp3.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressRule;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.convert.DurationStyle;

/** The manifests are what their schemas allow, what they name is there, and what belongs together fits. */
class ManifestsTest {

    /** The overlay that {@code k8s/README.md} shows as an example of one's own. */
    private static final String EXAMPLE = "the example";

    @BeforeAll
    static void needsKubectl() {
        assumeTrue(Manifests.canRender(), "kubectl with kustomize 5 or later is not on the PATH");
    }

    static Stream<String> overlays() {
        return Stream.concat(Manifests.overlays().stream(), Stream.of(EXAMPLE));
    }

    private static Manifests render(String overlay) {
        return overlay.equals(EXAMPLE) ? Manifests.renderExample() : Manifests.render(overlay);
    }

    private static Map<String, Set<String>> secrets(String overlay) {
        return overlay.equals("demo") ? Secrets.ofTheDemo() : Secrets.documented();
    }

    // --- schemas

    @ParameterizedTest
    @MethodSource("overlays")
    void areWhatTheirSchemasAllow(String overlay) {
        List<String> faults = render(overlay).objects().stream()
                .flatMap(object -> StrictSchema.faults(object).stream())
                .toList();

        assertThat(faults).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Deployment/auth, /spec/template/spec/containers/0, readinessprobe, {}, readinessprobe",
        "Deployment/auth, /spec/template/spec, terminationGracePeriodSeconds, soon, terminationGracePeriodSeconds",
        "Deployment/auth, /spec, replica, 2, spec.replica",
        "Deployment/auth, '', apiVersion, apps/v1beta1, apiVersion",
        "Deployment/auth, '', kind, Deploiment, Deploiment",
        "ClientTrafficPolicy/long-uploads, /spec/timeout/http, streamIdleTimeOut, 1h, streamIdleTimeOut",
        "PodMonitor/video-to-mp3, /spec/podMetricsEndpoints/0, basicauth, x, basicauth",
        "ScaledObject/converter, /spec, maxReplicas, 8, maxReplicas"
    })
    void areFoundOutWhenTheyAreNot(String object, String parent, String field, String value, String fault) {
        Manifests example = Manifests.renderExample();
        ObjectNode changed = object(example, object);
        ((ObjectNode) changed.at(parent)).put(field, value);

        assertThat(StrictSchema.faults(changed)).singleElement().asString().contains(fault);
    }

    // --- references

    @ParameterizedTest
    @MethodSource("overlays")
    void nameOnlyWhatIsThere(String overlay) {
        assertThat(new References(render(overlay), secrets(overlay)).missing()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "demo, Service/auth, /spec/ports/0, targetPort, htpp",
        "demo, Service/gateway, /spec/selector, app.kubernetes.io/name, gatewai",
        "demo, Deployment/auth, /spec/template/spec/containers/0/env/1/valueFrom/secretKeyRef, key, pasword",
        "demo, Deployment/auth, /spec/template/spec/containers/0/env/1/valueFrom/secretKeyRef, name, my-sql",
        "demo, Deployment/auth, /spec/template/spec/containers/0/env/1, name, SPRING_DATASOURCE_USRNAME",
        "demo, Deployment/converter, /spec/template/spec/containers/0/volumeMounts/0, name, works",
        "demo, Deployment/converter, /spec/template/spec/containers/0/envFrom/0/configMapRef, name, settings",
        "demo, Deployment/converter, /spec/template/spec/containers/0/env/0, name, BUNDLE",
        "demo, Deployment/gateway, /spec/template/spec/containers/0/readinessProbe/httpGet, port, managment",
        "demo, Deployment/gateway, /spec/template/spec, serviceAccountName, gatway",
        "demo, Deployment/gateway, /spec/template/spec/topologySpreadConstraints/0/labelSelector/matchLabels,"
                + " app.kubernetes.io/name, getaway",
        "demo, StatefulSet/mongodb, /spec/template/spec/initContainers/0/volumeMounts/0, name, secrets",
        "demo, StatefulSet/mongodb, /spec, serviceName, mongo",
        "demo, StatefulSet/mysql, /spec, serviceName, rabbitmq",
        "demo, StatefulSet/mysql, /spec/template/spec/containers/0/volumeMounts/0, name, dat",
        "demo, StatefulSet/rabbitmq, /spec/template/spec/containers/0/readinessProbe/tcpSocket, port, ampq",
        "demo, StatefulSet/rabbitmq, /spec/template/spec/containers/0/volumeMounts/1, subPath, rabbitmq.conf",
        "demo, Ingress/gateway, /spec/rules/0/http/paths/0/backend/service, name, getaway",
        "demo, PodDisruptionBudget/auth, /spec/selector/matchLabels, app.kubernetes.io/name, aut",
        "demo, NetworkPolicy/auth, /spec/podSelector/matchLabels, app.kubernetes.io/name, aut",
        "demo, NetworkPolicy/auth, /spec/ingress/0/from/0/podSelector/matchLabels, app.kubernetes.io/name, getaway",
        "demo, NetworkPolicy/auth, /spec/ingress/0/ports/0, port, htpp",
        "demo, NetworkPolicy/mysql, /spec/ingress/0/ports/0, port, 3307",
        "demo, NetworkPolicy/gateway, /spec/egress/0/ports/0, port, 8081",
        "demo, RoleBinding/make-secrets, /roleRef, name, make-secret",
        "demo, RoleBinding/make-secrets, /subjects/0, name, make-secret",
        "ingress-nginx, Ingress/gateway, /spec/tls/0, secretName, mp3converter",
        "the example, Gateway/video-to-mp3, /spec/listeners/1/tls/certificateRefs/0, name, mp3converter",
        "the example, HTTPRoute/gateway, /spec/parentRefs/0, name, video",
        "the example, HTTPRoute/gateway, /spec/parentRefs/0, sectionName, tls",
        "the example, HTTPRoute/gateway, /spec/rules/0/backendRefs/0, port, 8081",
        "the example, ClientTrafficPolicy/long-uploads, /spec/targetRefs/0, name, video",
        "the example, ScaledObject/converter, /spec/scaleTargetRef, name, convertor",
        "the example, ScaledObject/converter, /spec/triggers/0/metadata, host, http://rabbitmq:15672/",
        "the example, ScaledObject/converter, /spec/triggers/0/metadata, queueName, videos",
        "the example, ScaledObject/converter, /spec/triggers/0/authenticationRef, name, rabbitmq",
        "the example, TriggerAuthentication/rabbitmq-management, /spec/env/0, name, RABBITMQ_USERNAME",
        "the example, Deployment/converter, /spec/template/spec/containers/0, name, worker",
        "the example, PodMonitor/video-to-mp3, /spec/podMetricsEndpoints/0, port, metrics",
        "the example, PodMonitor/video-to-mp3, /spec/podMetricsEndpoints/0/basicAuth/username, key, name"
    })
    void areFoundOutWhenTheyNameWhatIsNot(String overlay, String object, String parent, String field, String value) {
        Manifests manifests = render(overlay);
        change(manifests, object, parent, field, value);

        assertThat(new References(manifests, secrets(overlay)).missing()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "NetworkPolicy/mysql, /spec/ingress/0/from/0/podSelector/matchExpressions/0/values, ath",
        "Role/make-secrets, /rules/1/resourceNames, rabbit"
    })
    void areFoundOutWhenTheyListWhatIsNot(String object, String list, String value) {
        Manifests demo = Manifests.render("demo");
        ((ArrayNode) object(demo, object).at(list)).add(value);

        assertThat(new References(demo, Secrets.ofTheDemo()).missing()).isNotEmpty();
    }

    /** Components patch what the ones before them have brought. */
    @ParameterizedTest
    @ValueSource(strings = {"keda,rabbitmq-operator", "rabbitmq-operator,keda"})
    void countTheQueueWithTheConvertersAccount(String components) {
        Manifests manifests = Manifests.renderComponents(components.split(","));

        assertThat(new References(manifests, Secrets.documented()).missing()).isEmpty();
        JsonNode env =
                object(manifests, "TriggerAuthentication/rabbitmq-management").at("/spec/env");
        assertThat(env)
                .hasSize(2)
                .allSatisfy(ref -> assertThat(manifests
                                .find(Deployment.class, "converter")
                                .orElseThrow()
                                .getSpec()
                                .getTemplate()
                                .getSpec()
                                .getContainers()
                                .get(0)
                                .getEnv())
                        .filteredOn(variable ->
                                variable.getName().equals(ref.path("name").asText()))
                        .singleElement()
                        .satisfies(variable -> {
                            assertThat(variable.getValueFrom().getSecretKeyRef().getName())
                                    .isEqualTo("rabbitmq-default-user");
                            assertThat(variable.getValueFrom().getSecretKeyRef().getKey())
                                    .isEqualTo(ref.path("parameter").asText());
                        }));
    }

    // --- network

    @Test
    void letThroughWhatBundlesNeedAndNoMore() {
        Manifests demo = Manifests.render("demo");

        assertThat(connections(demo))
                .containsExactlyInAnyOrder(
                        "auth > mysql/mysql",
                        "gateway > auth/http",
                        "gateway > rabbitmq/amqp",
                        "gateway > mongodb/mongodb",
                        "converter > rabbitmq/amqp",
                        "converter > mongodb/mongodb",
                        "notification > rabbitmq/amqp",
                        "notification > mongodb/mongodb",
                        "notification > mail/smtp",
                        "mongodb > mongodb/mongodb");
    }

    @Test
    void letBundlesReachTheBrokerOfTheOperator() {
        assertThat(connections(Manifests.renderExample()))
                .containsExactlyInAnyOrder(
                        "gateway > auth/http",
                        "gateway > rabbitmq/amqp",
                        "converter > rabbitmq/amqp",
                        "notification > rabbitmq/amqp",
                        "rabbitmq > rabbitmq/amqp",
                        "rabbitmq > rabbitmq/management");
    }

    private static List<String> connections(Manifests manifests) {
        Policies policies = new Policies(manifests);
        Map<String, PodTemplateSpec> pods = manifests.pods();
        List<String> connections = new ArrayList<>();
        for (String from : pods.keySet()) {
            pods.forEach((to, pod) -> {
                for (ContainerPort port : Manifests.ports(pod)) {
                    if (policies.letThrough(from, to, port)) {
                        connections.add(from + " > " + to + "/" + port.getName());
                    }
                }
            });
        }
        return connections;
    }

    /** Links in mails are of use only if somebody answers there. */
    @ParameterizedTest
    @ValueSource(strings = {"demo", "gateway-api", "ingress-nginx", EXAMPLE})
    void serveTheAddressThatMailsName(String overlay) {
        Manifests manifests = render(overlay);
        String address = manifests.environment("notification").get("NOTIFICATION_URL");

        assertThat(addresses(manifests)).containsExactly(address);
        assertThat(address).isEqualTo((overlay.equals("demo") ? "http" : "https") + "://mp3converter.com");
    }

    @ParameterizedTest
    @CsvSource({
        "ingress-nginx, Ingress/gateway, /spec/rules/0, host, mp3convertor.com",
        "gateway-api, Gateway/video-to-mp3, /spec/listeners/1, protocol, HTTP",
        "gateway-api, HTTPRoute/gateway, /spec/parentRefs/0, sectionName, http"
    })
    void areFoundOutWhenTheyServeAnother(String overlay, String object, String parent, String field, String value) {
        Manifests manifests = render(overlay);
        change(manifests, object, parent, field, value);

        assertThat(addresses(manifests))
                .doesNotContain(manifests.environment("notification").get("NOTIFICATION_URL"));
    }

    @Test
    void redirectHttpToHttps() {
        JsonNode route = object(Manifests.render("gateway-api"), "HTTPRoute/to-https");

        assertThat(route.at("/spec/parentRefs/0/sectionName").asText()).isEqualTo("http");
        assertThat(route.at("/spec/rules/0/filters/0/requestRedirect/scheme").asText())
                .isEqualTo("https");
    }

    /** Where the gateway bundle is served to people. */
    private static Set<String> addresses(Manifests manifests) {
        Set<String> addresses = new HashSet<>();
        for (Ingress ingress : manifests.all(Ingress.class)) {
            Set<String> withTls = ingress.getSpec().getTls().stream()
                    .flatMap(tls -> tls.getHosts().stream())
                    .collect(Collectors.toSet());
            ingress.getSpec().getRules().stream()
                    .filter(rule -> rule.getHttp()
                            .getPaths()
                            .get(0)
                            .getBackend()
                            .getService()
                            .getName()
                            .equals("gateway"))
                    .map(IngressRule::getHost)
                    .forEach(host -> addresses.add((withTls.contains(host) ? "https://" : "http://") + host));
        }
        for (JsonNode route : manifests.objects()) {
            if (route.at("/spec/rules/0/backendRefs/0/name").asText().equals("gateway")) {
                JsonNode listener =
                        manifests.listener(route.at("/spec/parentRefs/0")).orElseThrow();
                if (route.at("/spec/hostnames/0").equals(listener.get("hostname"))) {
                    addresses.add(listener.get("protocol").asText().toLowerCase(Locale.ROOT) + "://"
                            + listener.get("hostname").asText());
                }
            }
        }
        return addresses;
    }

    // --- images and Jobs

    /** An image without a tag is asked for in a registry at each start, also where a node has it. */
    @ParameterizedTest
    @MethodSource("overlays")
    void startFromAnImageThatANodeHas(String overlay) {
        assertThat(asked(render(overlay))).isEmpty();
    }

    @Test
    void areFoundOutWhenTheyAskForTheLatest() {
        Manifests demo = Manifests.render("demo");
        change(demo, "Deployment/auth", "/spec/template/spec/containers/0", "imagePullPolicy", "Always");
        change(demo, "StatefulSet/mysql", "/spec/template/spec/containers/0", "image", "mysql:latest");

        assertThat(asked(demo)).containsExactlyInAnyOrder("auth", "mysql");
    }

    private static List<String> asked(Manifests manifests) {
        return manifests.pods().entrySet().stream()
                .filter(pod -> containers(pod.getValue().getSpec())
                        .anyMatch(container -> container.getImage() != null
                                && container.getImage().matches("[^:]*(:latest)?")
                                && !"IfNotPresent".equals(container.getImagePullPolicy())))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static Stream<Container> containers(PodSpec pod) {
        return Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream());
    }

    @Test
    void runTheImageThatOnesOwnOverlayNames() {
        Map<String, PodTemplateSpec> pods = Manifests.renderExample().pods();

        assertThat(Manifests.BUNDLES)
                .allSatisfy(bundle -> assertThat(pods.get(bundle)
                                .getSpec()
                                .getContainers()
                                .get(0)
                                .getImage())
                        .isEqualTo("registry.example.com/video-to-mp3:1.0.0"));
    }

    /** A Job's template can't be changed: a name with a hash of the content would be such a change. */
    @Test
    void canBeAppliedAgainWhenAScriptHasChanged() {
        assertThat(Manifests.render("demo").all(Job.class)).isNotEmpty().allSatisfy(job -> {
            assertThat(job.getSpec().getTtlSecondsAfterFinished()).isNotNull();
            assertThat(job.getSpec().getTemplate().getSpec().getVolumes())
                    .filteredOn(volume -> volume.getConfigMap() != null)
                    .isNotEmpty()
                    .allSatisfy(volume ->
                            assertThat(volume.getConfigMap().getName()).doesNotMatch(".*-[0-9a-z]{10}"));
        });
    }

    // --- numbers

    @Test
    void areAsManyAsInTheOriginal() {
        Map<String, Integer> replicas = Manifests.render("demo").all(Deployment.class).stream()
                .collect(Collectors.toMap(
                        it -> it.getMetadata().getName(), it -> it.getSpec().getReplicas()));

        assertThat(replicas).containsAllEntriesOf(Map.of("auth", 2, "gateway", 2, "converter", 4, "notification", 4));
    }

    @Test
    void areServedUnderTheHostsOfTheOriginal() {
        Set<String> hosts = Manifests.render("demo").all(Ingress.class).stream()
                .flatMap(ingress -> ingress.getSpec().getRules().stream())
                .map(IngressRule::getHost)
                .collect(Collectors.toSet());

        assertThat(hosts).contains("mp3converter.com", "rabbitmq-manager.com");
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "ingress-nginx"})
    void streamLongUploadsThroughNginx(String overlay) {
        Map<String, String> annotations = render(overlay)
                .find(Ingress.class, "gateway")
                .orElseThrow()
                .getMetadata()
                .getAnnotations();

        assertThat(annotations)
                .containsAllEntriesOf(Map.of(
                        "nginx.ingress.kubernetes.io/proxy-body-size", "0",
                        "nginx.ingress.kubernetes.io/proxy-request-buffering", "off",
                        "nginx.ingress.kubernetes.io/proxy-buffering", "off",
                        "nginx.ingress.kubernetes.io/proxy-read-timeout", "3600",
                        "nginx.ingress.kubernetes.io/proxy-send-timeout", "3600"));
    }

    @Test
    void streamLongUploadsThroughTheGatewayApi() {
        Manifests example = Manifests.renderExample();

        assertThat(object(example, "HTTPRoute/gateway")
                        .at("/spec/rules/0/timeouts/request")
                        .asText())
                .isEqualTo("0s");
        assertThat(DurationStyle.detectAndParse(object(example, "ClientTrafficPolicy/long-uploads")
                        .at("/spec/timeout/http/streamIdleTimeout")
                        .asText()))
                .isGreaterThan(Duration.ofMinutes(5));
    }

    @Test
    void scaleConvertersFromNoneToEight() {
        Manifests keda = Manifests.render("keda");
        JsonNode scaled = object(keda, "ScaledObject/converter").get("spec");

        assertThat(scaled.get("minReplicaCount").asInt()).isZero();
        assertThat(scaled.get("maxReplicaCount").asInt()).isEqualTo(8);
        assertThat(scaled.at("/triggers/0/metadata/protocol").asText()).isEqualTo("http");
        assertThat(scaled.at("/triggers/0/metadata/excludeUnacknowledged").asText())
                .isEqualTo("false");
        assertThat(keda.find(Deployment.class, "converter")
                        .orElseThrow()
                        .getSpec()
                        .getReplicas())
                .isNull();
    }

    @Test
    void haveABrokerOfThree() {
        JsonNode cluster = object(Manifests.render("rabbitmq-operator"), "RabbitmqCluster/rabbitmq");

        assertThat(cluster.at("/spec/replicas").asInt()).isEqualTo(3);
        assertThat(Settings.value("queues.type")).isEqualTo("quorum");
    }

    /** Of a minikube with 2 cores and 6 GB, its own pods and the ingress controller ask for less than 1 core and 0.5 GB. */
    @Test
    void fitOnASmallMachine() {
        assertThat(requested("cpu")).isLessThanOrEqualTo(BigDecimal.ONE);
        assertThat(requested("memory")).isLessThanOrEqualTo(new BigDecimal(5L << 30));
    }

    private static BigDecimal requested(String resource) {
        Manifests demo = Manifests.render("demo");
        Map<String, Integer> replicas = new LinkedHashMap<>();
        demo.all(Deployment.class)
                .forEach(it ->
                        replicas.put(it.getMetadata().getName(), it.getSpec().getReplicas()));
        demo.all(StatefulSet.class)
                .forEach(it ->
                        replicas.put(it.getMetadata().getName(), it.getSpec().getReplicas()));
        return demo.pods().entrySet().stream()
                .map(pod -> Quantity.getAmountInBytes(pod.getValue().getSpec().getContainers().stream()
                                .map(container ->
                                        container.getResources().getRequests().get(resource))
                                .findFirst()
                                .orElseThrow())
                        .multiply(BigDecimal.valueOf(replicas.getOrDefault(pod.getKey(), 1))))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    // --- stopping

    @Test
    void giveBundlesMoreTimeToStopThanTheyTake() {
        assertThat(cutOff(Manifests.render("demo"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Deployment/auth, /spec/template/spec, terminationGracePeriodSeconds, 95",
        "Deployment/notification, /spec/template/spec, terminationGracePeriodSeconds, 90",
        "Deployment/converter, /spec/template/spec/containers/0/env/1, value, 3600",
        "Deployment/converter, /spec/template/spec/containers/0/env/2, value, 3720s"
    })
    void areFoundOutWhenTheyCutBundlesOff(String object, String parent, String field, String value) {
        Manifests demo = Manifests.render("demo");
        change(demo, object, parent, field, value);

        assertThat(cutOff(demo)).singleElement().isEqualTo(object.replace("Deployment/", ""));
    }

    /** The bundles of which one thing that has to end before another may last as long. */
    private static List<String> cutOff(Manifests manifests) {
        List<String> faults = new ArrayList<>();
        for (String bundle : Manifests.BUNDLES) {
            PodSpec pod = manifests.pods().get(bundle).getSpec();
            Container container = pod.getContainers().get(0);
            Map<String, String> environment = manifests.environment(bundle);
            long preStop = container.getLifecycle() == null
                    ? 0
                    : container.getLifecycle().getPreStop().getSleep().getSeconds();
            long spring = DurationStyle.detectAndParse(
                            setting(environment, "spring.lifecycle.timeout-per-shutdown-phase"))
                    .toSeconds();
            long camel = Long.parseLong(setting(environment, "camel.main.shutdown-timeout"));
            long work =
                    bundle.equals("converter") ? Long.parseLong(setting(environment, "converter.timeout")) / 1000 : 0;
            if (pod.getTerminationGracePeriodSeconds() <= preStop + spring || spring <= camel || camel <= work) {
                faults.add(bundle);
            }
        }
        return faults;
    }

    private static String setting(Map<String, String> environment, String key) {
        return environment.getOrDefault(Settings.variable(key), Settings.value(key));
    }

    private static ObjectNode object(Manifests manifests, String name) {
        return manifests.objects().stream()
                .filter(it -> name.equals(
                        it.path("kind").asText() + "/" + it.at("/metadata/name").asText()))
                .map(ObjectNode.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private static void change(Manifests manifests, String object, String parent, String field, String value) {
        JsonNode changed = object(manifests, object).at(parent);
        assertThat(changed.has(field)).isTrue();
        ((ObjectNode) changed).put(field, value);
    }
}
