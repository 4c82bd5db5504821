package io.github.videotomp3.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.videotomp3.Client;
import io.github.videotomp3.RouteTest;
import io.github.videotomp3.SampleJobs;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.Phase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;

@RouteTest
class JobsToEventsTest {

    private static final String OWNER = "events@example.com";
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Client client;
    private final SampleJobs samples;
    private final ProducerTemplate producer;
    private final int port;

    JobsToEventsTest(Client client, SampleJobs samples, ProducerTemplate producer, @Value("${server.port}") int port) {
        this.client = client;
        this.samples = samples;
        this.producer = producer;
        this.port = port;
    }

    /** One who listens, over a connection of its own. */
    private final class Ear implements AutoCloseable {

        private final Socket socket;
        private final BufferedReader reader;
        private final List<String> lines = new CopyOnWriteArrayList<>();

        Ear(String owner, String... headers) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            String request = "GET /jobs/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + client.bearer(owner)
                    + "\r\n" + String.join("\r\n", headers) + (headers.length > 0 ? "\r\n\r\n" : "\r\n");
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        String status() throws IOException {
            return reader.readLine();
        }

        Ear listening() {
            Thread thread = new Thread(() -> {
                try {
                    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                        lines.add(line);
                    }
                } catch (IOException e) {
                    lines.add("closed");
                }
            });
            thread.setDaemon(true);
            thread.start();
            return this;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void tellsItsOwnerAloneWhatBecomesOfAJob() throws IOException {
        try (Ear ear = new Ear(OWNER).listening();
                Ear other = new Ear("not-" + OWNER).listening()) {
            await().atMost(SOON).until(() -> ear.lines.contains("retry: 2000") && other.lines.contains("retry: 2000"));
            Job job = samples.claimed(OWNER);
            await().atMost(SOON).until(() -> heard(ear, job, "\"phase\":\"fetching\""));
            samples.jobs().progress(job, Phase.CONVERTING, 1, 10);
            await().atMost(SOON).until(() -> heard(ear, job, "\"progress\":10"));
            samples.jobs().rejected(job, "It is a stone");
            await().atMost(SOON).until(() -> heard(ear, job, "It is a stone"));
            samples.jobs().delete(job.id(), OWNER);
            await().atMost(SOON).until(() -> heard(ear, job, "\"}"));

            assertThat(ear.lines)
                    .contains("event: job", "event: deleted")
                    .anyMatch(line -> line.matches("id: \\d{13}"));
            assertThat(String.join("", other.lines)).doesNotContain(job.id().toHexString());
        }
    }

    private boolean heard(Ear ear, Job job, String what) {
        producer.sendBody("direct:look-timer", null);
        return ear.lines.stream()
                .anyMatch(line -> line.startsWith("data: {\"id\":\"" + job.id() + "\"") && line.contains(what));
    }

    @Test
    void goesOnWhereAConnectionBroke() throws IOException {
        Job job = samples.rejected("back-" + OWNER, "It is a stone");

        try (Ear ear =
                new Ear("back-" + OWNER, "Last-Event-ID: " + job.created().toEpochMilli()).listening()) {
            await().atMost(SOON).until(() -> heard(ear, job, "It is a stone"));
        }
    }

    @Test
    void saysThatItIsAStreamWhichNobodyMayKeep() throws IOException {
        try (Ear ear = new Ear(OWNER)) {
            assertThat(ear.status()).startsWith("HTTP/1.1 200");
            ear.listening();

            await().atMost(SOON).until(() -> ear.lines.contains("retry: 2000"));
            assertThat(ear.lines)
                    .anyMatch(line -> line.equalsIgnoreCase("content-type: text/event-stream"))
                    .contains("Cache-Control: no-store", "X-Accel-Buffering: no", "X-Content-Type-Options: nosniff");
        }
    }

    @Test
    void refusesAStranger() {
        HttpResponse<String> answer = client.get("/jobs/events");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("\"status\":401");
        assertThat(Client.header(answer, "content-type")).startsWith("application/problem+json");
        assertThat(Client.header(answer, "www-authenticate")).startsWith("Bearer");
    }

    @Test
    void onlyTalks() {
        HttpResponse<String> answer = client.send("PUT", "/jobs/events", BodyPublishers.ofString("x"));

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(Client.header(answer, "allow")).contains("GET");
        assertThat(Client.header(answer, "content-type")).startsWith("application/problem+json");
    }

    @Test
    void holdsNoThreadForAThousandWhoListen() throws IOException {
        List<Ear> ears = new ArrayList<>();
        try {
            int before = Thread.activeCount();
            for (int i = 0; i < 1000; i++) {
                ears.add(new Ear("one-of-" + i / JobEvents.MOST + "@example.com"));
            }
            for (Ear ear : ears) {
                assertThat(ear.status()).startsWith("HTTP/1.1 200");
            }

            assertThat(client.get("/jobs", "Authorization", client.bearer(OWNER))
                            .statusCode())
                    .isEqualTo(200);
            // Tomcat may have brought its pool up to its size of 200, whatever the requests were
            assertThat(Thread.activeCount() - before).isLessThan(300);
        } finally {
            for (Ear ear : ears) {
                ear.close();
            }
        }
    }
}
