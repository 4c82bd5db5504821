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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Deployments of the demo, run as their manifests say, with a real RabbitMQ and MariaDB, and
 * {@code mongo-java-server} in place of MongoDB.
 */
@EnabledIf(value = "isPossible", disabledReason = "needs root, Linux, kubectl, and a real RabbitMQ and MariaDB")
class ClusterIT {

    private static final List<String> BUNDLES = List.of("auth", "gateway", "converter", "notification");
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path home;

    static boolean isPossible() {
        return Cluster.isPossible()
                && Manifests.canRender()
                && System.getenv("SPRING_RABBITMQ_HOST") != null
                && System.getenv("SPRING_DATASOURCE_URL") != null;
    }

    @Test
    void convertsAVideo() throws Exception {
        Manifests demo = Manifests.render("demo");
        int mongoPort = FreePort.next();
        GreenMail mail = new GreenMail(new ServerSetup(FreePort.next(), "127.0.0.1", ServerSetup.PROTOCOL_SMTP))
                .withConfiguration(GreenMailConfiguration.aConfig().withDisabledAuthentication());
        mail.start();
        try (EmbeddedMongo mongo = new EmbeddedMongo(home.resolve("documents.db"), mongoPort);
                Cluster cluster = new Cluster(
                                demo,
                                secrets(),
                                servers(mongoPort, mail.getSmtp().getPort()),
                                Image.assemble(home.resolve("image")),
                                Files.createDirectories(home.resolve("pods")))
                        .start()) {
            BUNDLES.forEach(bundle ->
                    awaitReady(cluster, demo.find(Deployment.class, bundle).orElseThrow()));

            InetSocketAddress gateway = cluster.service("gateway", "http");
            Person ann = Person.register("http://" + gateway.getHostString() + ":" + gateway.getPort());
            String id = ann.accepted(Clips.music(home, 10));
            ann.await(id, "done", Duration.ofMillis(100));

            assertThat(ann.download(id).body()).hasSizeGreaterThan(50_000);
            assertThat(mail.waitForIncomingEmail(30_000, 1)).isTrue();
            assertThat(mail.getReceivedMessages()[0].getContent().toString()).contains(id);
        } finally {
            mail.stop();
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

    private static void awaitReady(Cluster cluster, Deployment deployment) {
        var container =
                deployment.getSpec().getTemplate().getSpec().getContainers().get(0);
        String name = deployment.getMetadata().getName();
        Awaitility.await(name)
                .atMost(Duration.ofSeconds(120))
                .until(() -> !cluster.isAlive(name)
                        || Stream.of(
                                        container.getStartupProbe(),
                                        container.getLivenessProbe(),
                                        container.getReadinessProbe())
                                .allMatch(probe -> succeeds(cluster, name, probe)));
        assertThat(cluster.isAlive(name)).as(() -> read(cluster.log(name))).isTrue();
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
