package io.github.videotomp3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The bundles in JVMs of their own. */
class BundlesIT {

    @TempDir
    Path home;

    @Test
    void convertsInAJvmOfItsOwnAndQueuesWhatWaitsForIt() throws Exception {
        try (Service rest = new Service(home.resolve("rest"), "--bundles=auth,gateway,notification").start()) {
            Person ann = Person.register(rest.url());
            String waiting = ann.accepted(Clips.mp4(home, 3));
            assertThat(ann.job(waiting).get("state").asText()).isEqualTo("queued");

            try (Service converter = new Service(rest, home.resolve("converter"), "--bundles=converter").start()) {
                ann.await(waiting, "done");
                assertThat(ann.mail(waiting).get("subject").asText()).isEqualTo("MP3 Download");
                assertThat(converter.readLog())
                        .contains(": converter")
                        .contains("/hawtio (locked: set operator.password)")
                        .contains("operator.password (OPERATOR_PASSWORD) opens them")
                        .doesNotContain("Embedded");
                for (String probe : List.of("/health/liveness", "/health/readiness")) {
                    HttpResponse<String> health =
                            Person.text(HttpRequest.newBuilder(URI.create(converter.managementUrl() + probe)));
                    assertThat(health.body()).isEqualTo("{\"status\":\"UP\"}");
                }
                assertThatThrownBy(() -> new Socket("127.0.0.1", converter.port()).close())
                        .as("the management port is the only one")
                        .isInstanceOf(ConnectException.class);
            }
        }
    }

    /** Held for longer than a listener container of Spring waits by default (5 s). */
    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void endsTheConversionThatIsUnderWayWhenItIsToldToStop() throws Exception {
        try (Service rest = new Service(home.resolve("rest"), "--bundles=auth,gateway,notification").start();
                Connection connection = rest.broker().newConnection();
                Channel broker = connection.createChannel()) {
            Person ann = Person.register(rest.url());
            Service converter =
                    new Service(rest, home.resolve("converter"), "--bundles=converter", "--converter.lease=5m").start();
            try (converter) {
                String id = ann.accepted(Clips.mkv(home, 300));
                ProcessHandle jvm = ProcessHandle.of(converter.pid()).orElseThrow();
                ProcessHandle ffmpeg = Awaitility.await()
                        .pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(10))
                        .until(() -> jvm.children().findFirst(), Optional::isPresent)
                        .orElseThrow();
                Processes.signal("STOP", ffmpeg);
                List<Delivery> given = new CopyOnWriteArrayList<>();
                broker.basicConsume("video", false, (tag, delivery) -> given.add(delivery), tag -> {});
                jvm.destroy();
                Awaitility.await("nobody else gets the message")
                        .during(Duration.ofSeconds(8))
                        .atMost(Duration.ofSeconds(20))
                        .until(given::isEmpty);
                assertThat(ann.job(id).get("state").asText()).isEqualTo("converting");
                assertThat(jvm.isAlive()).isTrue();

                Processes.signal("CONT", ffmpeg);
                jvm.onExit().get(60, TimeUnit.SECONDS);
                assertThat(ann.await(id, "done").get("attempts").asInt()).isEqualTo(1);
                ann.mail(id);
                assertThat(Person.json(ann.get("/inbox"))).hasSize(1);
                assertThat(given).as("it is acknowledged").isEmpty();
            }
        }
    }
}
