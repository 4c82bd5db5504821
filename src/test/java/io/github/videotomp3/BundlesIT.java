package io.github.videotomp3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
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
}
