package io.github.videotomp3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.rabbitmq.client.ConnectionFactory;
import io.github.videotomp3.boot.embedded.FreePort;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Properties;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The flows of the committed Integrations, taken back out of them and run without Spring Boot, all four together. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CamelKIT {

    @TempDir
    static Path home;

    private static final GreenMail MAIL =
            new GreenMail(new ServerSetup(FreePort.next(), "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

    private static final HttpClient HTTP_2 = HttpClient.newHttpClient();

    private Service stores;
    private PlainCamel auth;
    private PlainCamel gateway;
    private PlainCamel converter;
    private PlainCamel notification;

    @BeforeAll
    void start() throws Exception {
        MAIL.start();
        // for its broker and its document store
        stores = new Service(home.resolve("stores"), "--bundles=gateway", "--gateway.sweep.period=1h").start();
        ConnectionFactory broker = stores.broker();
        Properties secret = new Properties();
        secret.setProperty("auth.token.secrets", Service.SECRET);
        secret.setProperty("links.secrets", Service.LINKS_SECRET);
        secret.setProperty("spring.rabbitmq.host", broker.getHost());
        secret.setProperty("spring.rabbitmq.port", String.valueOf(broker.getPort()));
        secret.setProperty("spring.rabbitmq.username", broker.getUsername());
        secret.setProperty("spring.rabbitmq.password", broker.getPassword());
        secret.setProperty("spring.data.mongodb.uri", stores.mongoUri());
        secret.setProperty(
                "spring.datasource.url",
                "jdbc:h2:mem:auth;DB_CLOSE_DELAY=-1;MODE=MySQL;NON_KEYWORDS=USER;DATABASE_TO_LOWER=TRUE"
                        + ";CASE_INSENSITIVE_IDENTIFIERS=TRUE;IGNORECASE=TRUE");
        secret.setProperty("spring.datasource.username", "sa");
        secret.setProperty("spring.datasource.password", "sa");
        secret.setProperty("spring.mail.host", "127.0.0.1");
        secret.setProperty("spring.mail.port", String.valueOf(MAIL.getSmtp().getPort()));
        secret.setProperty("spring.mail.username", "");
        secret.setProperty("spring.mail.password", "");
        secret.setProperty("notification.from", "mp3@example.com");
        secret.setProperty("notification.starttls", "false");
        auth = camel("auth", home.resolve("auth"), secret).start();
        secret.setProperty("gateway.auth.url", auth.url() + "/auth");
        gateway = camel("gateway", home.resolve("gateway"), secret).start();
        secret.setProperty("notification.url", gateway.url());
        converter = camel("converter", home.resolve("converter"), secret).start();
        notification =
                camel("notification", home.resolve("notification"), secret).start();
    }

    PlainCamel camel(String bundle, Path folder, Properties secret) throws Exception {
        return new PlainCamel(bundle, folder, secret);
    }

    @AfterAll
    void stop() throws Exception {
        for (AutoCloseable part : Arrays.asList(gateway, auth, converter, notification, stores)) {
            if (part != null) {
                part.close();
            }
        }
        MAIL.stop();
    }

    @Test
    void runsWithoutSpringBoot() throws Exception {
        assertThat(gateway.classPath())
                .anyMatch(jar -> jar.contains("camel-platform-http-vertx"))
                .noneMatch(jar -> jar.contains("spring-boot")
                        || jar.contains("-starter")
                        || jar.contains("spring-web")
                        || jar.contains("tomcat")
                        || jar.endsWith("/target/classes"));
    }

    @Test
    void convertsMailsAndHandsOut() throws Exception {
        Person ann = Person.register(gateway.url());
        assertThat(ann.upload(Files.writeString(home.resolve("small"), "x"), "bitrate=1")
                        .body())
                .contains("bad-option");
        HttpResponse<String> answer = ann.upload(Clips.mp4(home, 3), "bitrate=64&title=%C3%BC");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        assertThat(Person.json(answer).get("options").toString()).isEqualTo("{\"bitrate\":64,\"title\":\"ü\"}");
        String id = Person.json(answer).get("id").asText();
        assertThat(answer.headers().firstValue("Location")).contains("/jobs/" + id);

        ann.await(id, "done");
        MimeMessage mail = Awaitility.await()
                .until(
                        () -> Arrays.stream(MAIL.getReceivedMessages())
                                .filter(each -> text(each).contains(id))
                                .findFirst()
                                .orElse(null),
                        found -> found != null);
        assertThat(mail.getSubject()).isEqualTo("MP3 Download");
        assertThat(mail.getAllRecipients()[0]).hasToString(ann.email());

        HttpResponse<byte[]> mp3 = ann.download(id);
        assertThat(mp3.statusCode()).isEqualTo(200);
        assertThat(mp3.headers().firstValue("Content-Type")).contains("audio/mpeg");
        assertThat(Person.follow(text(mail), "/download").body())
                .as("the link in the mail")
                .isEqualTo(mp3.body());
        assertThat(Clips.seconds(Files.write(home.resolve(id + ".mp3"), mp3.body())))
                .isCloseTo(3, within(0.15));
        HttpResponse<byte[]> part = ann.download(id, "Range", "bytes=100-199");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(mp3.body(), 100, 200));
        assertThat(part.headers().firstValue("Content-Length")).contains("100");
        assertThat(part.headers().firstValue("Transfer-Encoding")).isEmpty();
        HttpResponse<byte[]> overHttp2 = ApiDescription.checked(
                HTTP_2.send(ann.request("/download?fid=" + id).build(), BodyHandlers.ofByteArray()));
        assertThat(overHttp2.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(overHttp2.body()).isEqualTo(mp3.body());
        assertThat(Person.text(ann.request("/download?fid=" + id).method("HEAD", BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(200);
        assertThat(Person.follow(text(mail), "/unsubscribe").statusCode()).isEqualTo(200);
        assertThat(Person.text(HttpRequest.newBuilder(Person.link(text(mail), "/unsubscribe"))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(BodyPublishers.ofString("List-Unsubscribe=One-Click")))
                        .statusCode())
                .isEqualTo(200);
        assertThat(ann.get("/account").body()).contains("\"mails\":false");
        assertThat(Person.text(ann.request("/account", "Content-Type", "application/json")
                                .PUT(BodyPublishers.ofString("{\"mails\": true}")))
                        .body())
                .contains("\"mails\":true");
        assertThat(ann.delete("/jobs/" + id).statusCode()).isEqualTo(204);
        assertThat(ann.get("/jobs/" + id).statusCode()).isEqualTo(404);
    }

    @Test
    void describesItself() throws Exception {
        assertThat(Person.text(HttpRequest.newBuilder(URI.create(gateway.url() + "/openapi.yaml")))
                        .body())
                .isEqualTo(Files.readString(ApiDescription.FILE));
    }

    @Test
    void takesAVideoThatIsLargerThanTheHeap() throws Exception {
        Person ann = Person.register(gateway.url());
        Path large = home.resolve("large.bin");
        try (var file = Files.newByteChannel(
                large, java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.WRITE)) {
            file.position(300_000_000 - 1).write(java.nio.ByteBuffer.wrap(new byte[] {1}));
        }

        String id = ann.accepted(large);

        assertThat(ann.job(id).get("bytes").asLong()).isEqualTo(300_000_000);
        assertThat(ann.await(id, "rejected").get("reason").asText()).isNotEmpty();
    }

    @Test
    void refusesOverHttp2WithoutAConnectionHeader() throws Exception {
        Person ann = Person.register(gateway.url());
        assertThat(HTTP_2.send(ann.request("/jobs").build(), BodyHandlers.ofString())
                        .version())
                .as("the connection has been upgraded")
                .isEqualTo(HttpClient.Version.HTTP_2);

        HttpResponse<String> cut = ApiDescription.checked(HTTP_2.send(
                ann.request("/upload", "Content-Type", "multipart/form-data; boundary=" + Person.BOUNDARY)
                        .POST(Person.part("file", "cut.mp4"))
                        .build(),
                BodyHandlers.ofString()));

        assertThat(cut.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(cut.statusCode()).isEqualTo(400);
        assertThat(cut.headers().firstValue("Connection")).isEmpty();
    }

    @Test
    void refusesWhatIsNoVideoAndWhatHasNoToken() throws Exception {
        Person ann = Person.register(gateway.url());

        HttpResponse<String> none = Person.text(
                ann.request("/upload", "Content-Type", "text/plain").POST(BodyPublishers.ofString("no form")));
        assertThat(none.statusCode()).isEqualTo(415);
        assertThat(none.headers().firstValue("Content-Type")).contains("application/problem+json");
        HttpResponse<String> cut = ann.post(Person.part("file", "cut.mp4"));
        assertThat(cut.statusCode()).isEqualTo(400);
        assertThat(cut.headers().firstValue("Connection")).contains("close");
        HttpResponse<String> stranger = HTTP_2.send( // Vert.x answers by itself, and with no problem detail
                ann.request("/auth/validate").POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        assertThat(stranger.statusCode()).isEqualTo(404);
    }

    private static String text(MimeMessage mail) {
        try {
            return ((MimeMultipart) mail.getContent())
                    .getBodyPart(0)
                    .getContent()
                    .toString();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
