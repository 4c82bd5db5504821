package io.github.videotomp3.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.configuration.GreenMailConfiguration;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.github.videotomp3.Clips;
import io.github.videotomp3.Person;
import io.github.videotomp3.boot.embedded.EmbeddedMongo;
import io.github.videotomp3.boot.embedded.FreePort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * The Deployments of the demo and the bundles of {@code compose.yaml}, run as these say, with a real RabbitMQ and MariaDB,
 * and {@code mongo-java-server} in place of MongoDB.
 */
@EnabledIf(value = "isPossible", disabledReason = "needs root, Linux, kubectl, and a real RabbitMQ and MariaDB")
class ClusterIT {

    private static final List<String> BUNDLES = List.of("auth", "gateway", "converter", "notification");
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path home;

    private final GreenMail mail = new GreenMail(new ServerSetup(FreePort.next(), "127.0.0.1", "smtp"))
            .withConfiguration(GreenMailConfiguration.aConfig().withDisabledAuthentication());
    private final int mongoPort = FreePort.next();
    private EmbeddedMongo mongo;

    static boolean isPossible() {
        return Cluster.isPossible()
                && Manifests.canRender()
                && System.getenv("SPRING_RABBITMQ_HOST") != null
                && System.getenv("SPRING_DATASOURCE_URL") != null;
    }

    static boolean isImageBuilt() {
        return Image.isBuilt();
    }

    @BeforeEach
    void startServers() {
        mongo = new EmbeddedMongo(home.resolve("documents.db"), mongoPort);
        mail.start();
    }

    @AfterEach
    void stopServers() {
        mail.stop();
        mongo.close();
    }

    @Test
    void convertsAVideoAsTheDemoSays() throws Exception {
        try (Cluster cluster = demo()) {
            cluster.start();
            convertsAVideo(cluster);
        }
    }

    @Test
    void convertsAVideoAsComposeSays() throws Exception {
        try (Cluster cluster = compose(Map.of())) {
            cluster.start();
            convertsAVideo(cluster);
        }
    }

    @Test
    void isHealthyWhileItIsReady() throws Exception {
        try (Cluster cluster = demo()) {
            cluster.start();
            awaitReady(cluster);

            cluster.cutOff("rabbitmq", true);
            awaitHealthy(cluster, "converter", false);
            assertThat(cluster.isHealthy("auth")).isTrue();
            cluster.cutOff("rabbitmq", false);
            awaitHealthy(cluster, "converter", true);

            cluster.pause("converter", true);
            assertThat(cluster.isHealthy("converter")).isFalse();
            cluster.pause("converter", false);
            awaitHealthy(cluster, "converter", true);
        }
    }

    /** One that does not fit to the JVM or the jars is ignored by the JVM without a word. */
    @Test
    @EnabledIf(value = "isImageBuilt", disabledReason = "needs an image built by src/test/image/with-image")
    void startsFromTheArchiveOfItsClasses() throws Exception {
        Map<String, String> log = Map.of("JDK_JAVA_OPTIONS", "-Xlog:class+load:file=/work/classes.log");
        try (Cluster cluster = compose(log)) {
            cluster.start();
            awaitReady(cluster);

            for (String bundle : BUNDLES) {
                List<String> loaded =
                        Files.readAllLines(cluster.volume(bundle, "work").resolve("classes.log"));
                long archived = loaded.stream()
                        .filter(line -> line.endsWith("source: shared objects file (top)"))
                        .count();
                long fromJars = loaded.stream()
                        .filter(line -> line.contains("source: file:/app/"))
                        .count();
                assertThat(archived).as(bundle).isGreaterThan(fromJars);
            }
        }
    }

    /** Medians of so many starts, each bundle by itself: {@code -Dit.test=ClusterIT#startsSoonerFromTheArchive -Dstarts=3}. */
    @Test
    @EnabledIf(value = "isImageBuilt", disabledReason = "needs an image built by src/test/image/with-image")
    @EnabledIfSystemProperty(named = "starts", matches = "[1-9]\\d*", disabledReason = "a measurement: -Dstarts=3")
    void startsSoonerFromTheArchive() throws Exception {
        int starts = Integer.getInteger("starts");
        List<String> table = new ArrayList<>(List.of(
                "| bundle | ready with the archive | without | CPU with it | without |", "|---|---|---|---|---|"));
        for (String bundle : BUNDLES) {
            long[][] millis = new long[4][starts];
            for (int i = 0; i < starts; i++) {
                measureStart(bundle, image(), millis[0], millis[2], i);
                measureStart(bundle, image().withoutArchive(), millis[1], millis[3], i);
            }
            table.add("| " + bundle
                    + Stream.of(millis)
                            .map(values -> String.format(" | %.1f s", median(values) / 1e3))
                            .collect(Collectors.joining())
                    + " |");
            assertThat(median(millis[2])).as("CPU of " + bundle).isLessThan(median(millis[3]));
        }
        LoggerFactory.getLogger(getClass()).warn("\n{}", String.join("\n", table));
    }

    private void measureStart(String bundle, Image image, long[] ready, long[] cpu, int round) throws Exception {
        try (Cluster cluster = compose(image, Map.of())) {
            cluster.start(List.of(bundle));
            ProcessHandle process = cluster.process(bundle);
            Awaitility.await(bundle)
                    .pollInterval(Duration.ofMillis(20))
                    .atMost(Duration.ofSeconds(120))
                    .until(() -> read(cluster.log(bundle)).contains(" is ready after ") || !process.isAlive());
            assertThat(process.isAlive()).as(() -> read(cluster.log(bundle))).isTrue();
            ready[round] = Duration.between(process.info().startInstant().orElseThrow(), Instant.now())
                    .toMillis();
            cpu[round] = process.info().totalCpuDuration().orElseThrow().toMillis();
        }
    }

    private static long median(long[] values) {
        return LongStream.of(values).sorted().toArray()[values.length / 2];
    }

    private Cluster demo() throws Exception {
        return cluster(image(), Manifests.render("demo"), secrets());
    }

    private Cluster compose(Map<String, String> differently) throws Exception {
        return compose(image(), differently);
    }

    private Cluster compose(Image image, Map<String, String> differently) throws Exception {
        Compose compose = new Compose();
        Map<String, Map<String, String>> ofTheServers = secrets();
        Map<String, String> environment = new LinkedHashMap<>(differently);
        environment.put("SPRING_RABBITMQ_USERNAME", ofTheServers.get("rabbitmq").get("username"));
        environment.put("SPRING_DATASOURCE_USERNAME", ofTheServers.get("mysql").get("username"));
        environment.put("SPRING_DATA_MONGODB_URI", "mongodb://mongodb:27017/");
        Path secrets = Files.createDirectories(home.resolve("secrets"));
        compose.makeSecrets(secrets);
        Files.writeString(
                secrets.resolve("spring.rabbitmq.password"),
                ofTheServers.get("rabbitmq").get("password"));
        Files.writeString(
                secrets.resolve("spring.datasource.password"),
                ofTheServers.get("mysql").get("password"));
        return cluster(image, compose.manifests(environment), Map.of()).with("secrets", secrets);
    }

    private Image image() throws Exception {
        return Image.current(home.resolve("image"));
    }

    private Cluster cluster(Image image, Manifests manifests, Map<String, Map<String, String>> secrets)
            throws Exception {
        manifests.all(Deployment.class).forEach(deployment -> {
            var pod = deployment.getSpec().getTemplate().getSpec();
            if (pod.getContainers().get(0).getImage().equals("video-to-mp3")) {
                assertThat(pod.getSecurityContext().getRunAsUser() + ":"
                                + pod.getSecurityContext().getRunAsGroup())
                        .isEqualTo(image.user());
            }
        });
        return new Cluster(
                manifests,
                secrets,
                servers(mongoPort, mail.getSmtp().getPort()),
                image,
                Files.createTempDirectory(home, "pods"));
    }

    private void convertsAVideo(Cluster cluster) throws Exception {
        awaitReady(cluster);

        InetSocketAddress gateway = cluster.service("gateway", "http");
        Person ann = Person.register("http://" + gateway.getHostString() + ":" + gateway.getPort());
        String id = ann.accepted(Clips.music(home, 10));
        ann.await(id, "done", Duration.ofMillis(100));

        assertThat(ann.download(id).body()).hasSizeGreaterThan(50_000);
        assertThat(mail.waitForIncomingEmail(30_000, 1)).isTrue();
        assertThat(mail.getReceivedMessages()[0].getMessageID()).contains(id);
        for (String bundle : BUNDLES) {
            assertThat(cluster.memoryPeak(bundle)).as("memory of " + bundle).isLessThan(cluster.memoryLimit(bundle));
        }
    }

    /** As the demo makes them, but for the servers that are there already. */
    private static Map<String, Map<String, String>> secrets() {
        Map<String, Map<String, String>> secrets = new LinkedHashMap<>(Secrets.values());
        Map<String, String> environment = System.getenv();
        secrets.get("rabbitmq").replace("username", environment.getOrDefault("SPRING_RABBITMQ_USERNAME", "guest"));
        secrets.get("rabbitmq").replace("password", environment.getOrDefault("SPRING_RABBITMQ_PASSWORD", "guest"));
        secrets.get("mysql").replace("username", environment.get("SPRING_DATASOURCE_USERNAME"));
        secrets.get("mysql").replace("password", environment.get("SPRING_DATASOURCE_PASSWORD"));
        secrets.get("mongodb")
                .computeIfPresent(
                        "uri", (key, uri) -> uri.replaceFirst("//.*@", "//").replaceFirst("\\?.*", ""));
        return secrets;
    }

    private static Map<String, InetSocketAddress> servers(int mongo, int mail) {
        Map<String, String> environment = System.getenv();
        URI sql = URI.create(environment.get("SPRING_DATASOURCE_URL").replaceFirst("jdbc:", ""));
        return Map.of(
                "rabbitmq/amqp",
                new InetSocketAddress(
                        environment.get("SPRING_RABBITMQ_HOST"),
                        Integer.parseInt(environment.getOrDefault("SPRING_RABBITMQ_PORT", "5672"))),
                "mysql/mysql",
                new InetSocketAddress(sql.getHost(), sql.getPort()),
                "mongodb/mongodb",
                new InetSocketAddress("127.0.0.1", mongo),
                "mail/smtp",
                new InetSocketAddress("127.0.0.1", mail));
    }

    private static void awaitReady(Cluster cluster) {
        for (String bundle : BUNDLES) {
            Awaitility.await(bundle)
                    .atMost(Duration.ofSeconds(120))
                    .until(() -> !cluster.isAlive(bundle)
                            || cluster.isHealthy(bundle)
                                    && cluster.probes(bundle).stream()
                                            .allMatch(probe -> succeeds(cluster, bundle, probe)));
            assertThat(cluster.isAlive(bundle))
                    .as(() -> read(cluster.log(bundle)))
                    .isTrue();
        }
    }

    private static void awaitHealthy(Cluster cluster, String bundle, boolean healthy) {
        Awaitility.await(bundle).atMost(Duration.ofSeconds(60)).until(() -> cluster.isHealthy(bundle) == healthy);
    }

    private static boolean succeeds(Cluster cluster, String pod, Probe probe) {
        HTTPGetAction get = probe.getHttpGet();
        InetSocketAddress address = cluster.pod(pod, get.getPort().getStrVal());
        URI uri = URI.create("http://" + address.getHostString() + ":" + address.getPort() + get.getPath());
        try {
            HttpResponse<Void> answer = HTTP.send(
                    HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build(), BodyHandlers.discarding());
            return answer.statusCode() >= 200 && answer.statusCode() < 400;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
