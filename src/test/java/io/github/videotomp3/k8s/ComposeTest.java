package io.github.videotomp3.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Quantity;
import io.github.videotomp3.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code compose.yaml} is what its schema allows, and agrees with the manifests, the settings and itself. */
class ComposeTest {

    private static final Set<String> BUNDLES = Set.of("auth", "gateway", "converter", "notification");

    /**
     * Set in Kubernetes, where a pod has more time to stop, a mail server of one's own wants an account, and Prometheus
     * reads the operator's name from a Secret.
     */
    private static final Set<String> OF_KUBERNETES_ALONE = Set.of(
            "OPERATOR_NAME",
            "CAMEL_MAIN_SHUTDOWNTIMEOUT",
            "SPRING_LIFECYCLE_TIMEOUTPERSHUTDOWNPHASE",
            "SPRING_MAIL_USERNAME",
            "SPRING_MAIL_PASSWORD");

    private static final Pattern SECRET = Pattern.compile("/secrets/([a-z.]+)|\\$\\{([a-z.]+)}");
    private static final Pattern ADDRESS = Pattern.compile("(?://|@)([a-z0-9]+):(\\d+)");

    private Compose compose;
    private Map<String, Container> demo;

    @TempDir
    Path folder;

    @BeforeEach
    void read() throws IOException {
        compose = new Compose();
        demo = Compose.demo().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        pod -> pod.getValue().getSpec().getContainers().get(0)));
    }

    @Test
    void isWhatItsSchemaAllows() throws IOException {
        assertThat(Schema.ofCompose().faults(compose.file())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/services/auth | readonly | true",
                "/services/auth | read_only | [1]",
                "/services/auth/depends_on/mysql | condition | ready",
                "/services/mysql/healthcheck | intervall | 5s",
                "/services/gateway | ports | 8080",
                "'' | servces | {}"
            })
    void isFoundOutWhenItIsNot(String parent, String field, String value) throws IOException {
        ((ObjectNode) compose.file().at(parent)).set(field, Manifests.YAML.readTree(value));

        assertThat(Schema.ofCompose().faults(compose.file())).isNotEmpty();
    }

    @Test
    void hasTheBundlesAndTheServersOfTheDemo() {
        Set<String> services = new TreeSet<>(compose.services());
        services.remove(Compose.SECRETS);

        assertThat(services).isEqualTo(new TreeSet<>(demo.keySet()));
        demo.forEach((name, container) ->
                assertThat(compose.service(name).get("image").asText()).isEqualTo(container.getImage()));
    }

    @Test
    void givesBundlesTheSettingsThatThePodsHave() throws Exception {
        Set<String> files = compose.makeSecrets(folder).keySet();
        for (String bundle : BUNDLES) {
            Map<String, String> environment = compose.environment(bundle);
            Set<String> given = new HashSet<>(environment.keySet());
            files.forEach(key -> given.add(Settings.variable(key)));
            Set<String> wanted = demo.get(bundle).getEnv().stream()
                    .map(variable ->
                            variable.getName().equals("JWT_SECRET") ? "AUTH_TOKEN_SECRETS" : variable.getName())
                    .collect(Collectors.toCollection(HashSet::new));
            wanted.removeAll(OF_KUBERNETES_ALONE);

            assertThat(given).as(bundle).containsAll(wanted);
            assertThat(environment).containsEntry("BUNDLES", bundle);
            assertThat(environment.keySet()).allMatch(Settings::knows);
        }
        assertThat(files).allMatch(file -> file.equals("mongodb.password") || Settings.knows(Settings.variable(file)));
    }

    @Test
    void reachesEachServerWhereItListens() throws IOException {
        for (String bundle : BUNDLES) {
            Map<String, String> environment = compose.environment(bundle);
            Map<String, String> addresses = new LinkedHashMap<>();
            addresses.put(environment.get("SPRING_RABBITMQ_HOST"), environment.get("SPRING_RABBITMQ_PORT"));
            addresses.put(environment.get("SPRING_MAIL_HOST"), environment.get("SPRING_MAIL_PORT"));
            for (String key : List.of("SPRING_DATASOURCE_URL", "SPRING_DATA_MONGODB_URI", "GATEWAY_AUTH_URL")) {
                Matcher address = ADDRESS.matcher(environment.get(key));
                assertThat(address.find()).as(key).isTrue();
                addresses.put(address.group(1), address.group(2));
            }
            assertThat(addresses).hasSize(5);
            addresses.forEach((host, port) -> assertThat(demo.get(host).getPorts())
                    .as(host)
                    .anyMatch(it -> it.getContainerPort().toString().equals(port)));
        }
    }

    @Test
    void namesOnlySecretsThatItMakes() throws Exception {
        Set<String> made = compose.makeSecrets(folder).keySet();
        Set<String> named = SECRET.matcher(compose.file().toString())
                .results()
                .map(it -> it.group(1) == null ? it.group(2) : it.group(1))
                .collect(Collectors.toSet());

        assertThat(named).isNotEmpty().isSubsetOf(made);
    }

    @Test
    void makesSecretsThatNobodyKnowsAndKeepsThem() throws Exception {
        Map<String, String> made = compose.makeSecrets(folder);

        assertThat(made.values()).doesNotHaveDuplicates().allMatch(secret -> secret.matches("[A-Za-z0-9]{48,}"));
        assertThat(compose.makeSecrets(folder)).isEqualTo(made);
        assertThat(compose.makeSecrets(Files.createDirectory(folder.resolve("other")))
                        .values())
                .doesNotContainAnyElementsOf(made.values());
    }

    @Test
    void givesNobodyMoreThanItNeeds() {
        List<String> published = new ArrayList<>();
        for (String name : compose.services()) {
            ObjectNode service = compose.service(name);
            service.path("ports").forEach(port -> published.add(name + " " + port.asText()));
            assertThat(service.get("cap_drop").toString()).as(name).isEqualTo("[\"ALL\"]");
            assertThat(service.get("security_opt").toString()).as(name).contains("no-new-privileges:true");
            assertThat(service.path("privileged").isMissingNode()).as(name).isTrue();
            if (service.get("image").asText().equals("video-to-mp3")) {
                assertThat(service.get("read_only").asBoolean()).as(name).isTrue();
            }
            if (demo.containsKey(name)) {
                assertThat(bytes(service.get("mem_limit").asText()))
                        .as(name)
                        .isEqualTo(bytes(demo.get(name)
                                .getResources()
                                .getLimits()
                                .get("memory")
                                .toString()));
            }
        }
        assertThat(published).containsExactlyInAnyOrder("gateway 127.0.0.1:8080:8080", "mail 127.0.0.1:8025:8025");
    }

    /** Docker's m and g are Kubernetes's Mi and Gi. */
    private static long bytes(String quantity) {
        return Quantity.getAmountInBytes(
                        new Quantity(quantity.replaceFirst("m$", "Mi").replaceFirst("g$", "Gi")))
                .longValue();
    }

    @Test
    void keepsWhatHasToStayInVolumes() {
        Set<String> volumes = new HashSet<>();
        compose.file().get("volumes").fieldNames().forEachRemaining(volumes::add);

        assertThat(volumes).containsExactlyInAnyOrder("secrets", "rabbitmq", "mongodb", "mysql");
        for (String server : List.of("rabbitmq", "mongodb", "mysql")) {
            String path = demo.get(server).getVolumeMounts().stream()
                    .filter(mount -> mount.getName().equals("data"))
                    .findFirst()
                    .orElseThrow()
                    .getMountPath();
            assertThat(compose.service(server).get("volumes").toString()).contains("\"" + server + ":" + path + "\"");
        }
    }

    @Test
    void startsBundlesWhenTheirServersAreHealthy() {
        for (String bundle : BUNDLES) {
            JsonNode before = compose.service(bundle).get("depends_on");
            assertThat(before.at("/secrets/condition").asText()).isEqualTo("service_completed_successfully");
            for (String server : List.of("rabbitmq", "mongodb", "mysql")) {
                assertThat(before.at("/" + server + "/condition").asText()).isEqualTo("service_healthy");
                assertThat(compose.service(server).at("/healthcheck/test").isMissingNode())
                        .isFalse();
            }
        }
    }

    @Test
    void asksForTheSameHealthAsKubernetes() throws IOException {
        String path = demo.get("gateway").getReadinessProbe().getHttpGet().getPath();

        assertThat(Files.readString(Path.of("Dockerfile"))).contains("GET " + path + " HTTP/1.0");
    }

    @Test
    void givesBundlesMoreTimeToStopThanTheyTake() {
        for (String bundle : BUNDLES) {
            String grace = compose.service(bundle).get("stop_grace_period").asText();
            assertThat(Integer.parseInt(grace.replaceFirst("s$", "")))
                    .isGreaterThan(Integer.parseInt(Settings.value("camel.main.shutdown-timeout")))
                    .isGreaterThan(Integer.parseInt(Settings.value("spring.lifecycle.timeout-per-shutdown-phase")
                            .replaceFirst("s$", "")));
        }
    }
}
