package io.github.videotomp3.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.videotomp3.Client;
import io.github.videotomp3.Clips;
import io.github.videotomp3.RouteTestLoader;
import io.github.videotomp3.boot.embedded.EmbeddedMail;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;

/** What a collector of traces gets to see, of the whole program with its embedded parts. */
@SpringBootTest(
        classes = {VideoToMp3.class, TracingTest.Collector.class},
        webEnvironment = SpringBootTest.WebEnvironment.DEFINED_PORT,
        properties = "logging.structured.format.console=ecs") // which asks for traces without an endpoint
@ContextConfiguration(loader = RouteTestLoader.class)
@DirtiesContext
class TracingTest {

    private static final String ANN = "ann@example.com";
    private static final String PASSWORD = "a long password";
    private static final String FOREIGN = "4bf92f3577b34da6a3ce929d0e0e4736";

    @TempDir
    static Path home;

    private final HttpClient http = HttpClient.newHttpClient();

    @Autowired
    private InMemorySpanExporter collector;

    @Autowired
    private SdkTracerProvider tracers;

    @Autowired
    private CamelContext camel;

    @Value("${server.port}")
    private int port;

    @TestConfiguration(proxyBeanMethods = false)
    static class Collector {

        @Bean
        SpanExporter inMemory() {
            return InMemorySpanExporter.create();
        }
    }

    @BeforeEach
    void register() {
        int status = post("/register", Client.basic(ANN, PASSWORD), BodyPublishers.noBody())
                .statusCode();
        assertThat(status).isIn(201, 409);
    }

    @Test
    void followsAnUploadAcrossTheQueuesToItsMail() throws Exception {
        String token = post("/login", Client.basic(ANN, PASSWORD), BodyPublishers.noBody())
                .body();
        String form = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"clip.mp4\"\r\n\r\n";
        HttpResponse<String> accepted = post(
                "/upload",
                "Bearer " + token,
                BodyPublishers.concat(
                        BodyPublishers.ofString(form),
                        BodyPublishers.ofFile(Clips.mp4(home, 1)),
                        BodyPublishers.ofString("\r\n--b--\r\n")),
                "Content-Type",
                "multipart/form-data; boundary=b",
                "traceparent",
                "00-" + FOREIGN + "-00f067aa0ba902b7-01");
        assertThat(accepted.statusCode()).isEqualTo(202);
        String id = new ObjectMapper().readTree(accepted.body()).get("id").asText();
        EmbeddedMail inbox = camel.getRegistry().lookupByNameAndType("embeddedMail", EmbeddedMail.class);
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() ->
                        inbox.inbox(ANN).stream().anyMatch(mail -> mail.text().contains(id)));

        List<SpanData> trace = trace("EVENT_RECEIVED", "/upload", "EVENT_RECEIVED", "queues=mp3");
        assertThat(trace)
                .extracting(TracingTest::name)
                .contains(
                        "EVENT_SENT spring-rabbitmq routingKey=video",
                        "EVENT_RECEIVED spring-rabbitmq queues=video",
                        "EVENT_SENT exec",
                        "EVENT_SENT spring-rabbitmq routingKey=mp3",
                        "EVENT_RECEIVED spring-rabbitmq queues=mp3",
                        "EVENT_SENT smtp");
        assertIsOneTree(trace);
        assertThat(trace.get(0).getTraceId())
                .as("a stranger's trace is not ours to go on with")
                .isNotEqualTo(FOREIGN);
        assertThat(accepted.headers().map()).doesNotContainKey("traceparent");
        assertNamesNobody(trace, token);
    }

    @Test
    void followsALoginFromTheGatewayToAuth() {
        collector.reset();
        assertThat(post(
                                "/login",
                                Client.basic(ANN, PASSWORD),
                                BodyPublishers.noBody(),
                                "traceparent",
                                "00-" + FOREIGN + "-00f067aa0ba902b7-01")
                        .statusCode())
                .isEqualTo(200);

        List<SpanData> trace = trace("EVENT_RECEIVED", "//login", "EVENT_RECEIVED", "//auth/login");
        assertThat(trace).extracting(TracingTest::name).contains("EVENT_SENT http", "EVENT_SENT sql");
        assertIsOneTree(trace);
        assertThat(trace.get(0).getTraceId()).isNotEqualTo(FOREIGN);
        assertNamesNobody(trace, Client.basic(ANN, PASSWORD));
    }

    /** The spans of the one trace that has both of these. */
    private List<SpanData> trace(String firstOp, String firstUri, String lastOp, String lastUri) {
        return Awaitility.await()
                .until(
                        () -> {
                            tracers.forceFlush().join(10, TimeUnit.SECONDS);
                            return collector.getFinishedSpanItems().stream()
                                    .collect(Collectors.groupingBy(SpanData::getTraceId))
                                    .values()
                                    .stream()
                                    .filter(spans -> has(spans, firstOp, firstUri) && has(spans, lastOp, lastUri))
                                    .findFirst();
                        },
                        found -> found.isPresent())
                .orElseThrow();
    }

    private static boolean has(List<SpanData> spans, String op, String uri) {
        return spans.stream()
                .anyMatch(span -> op.equals(attribute(span, "op"))
                        && attribute(span, "camel.uri").contains(uri));
    }

    private static void assertIsOneTree(List<SpanData> trace) {
        List<String> ids = trace.stream().map(SpanData::getSpanId).toList();
        assertThat(trace.stream().filter(span -> !ids.contains(span.getParentSpanId())))
                .as("roots")
                .extracting(span -> span.getParentSpanContext().isValid())
                .containsExactly(false);
    }

    private static void assertNamesNobody(List<SpanData> trace, String secret) {
        assertThat(trace.toString()).doesNotContain(ANN, PASSWORD, secret, "clip.mp4");
        assertThat(trace).allMatch(span -> span.getEvents().isEmpty());
    }

    private static String name(SpanData span) {
        String uri = attribute(span, "camel.uri");
        String queue = uri.replaceFirst(".*[?&]((queues|routingKey)=\\w+).*", "$1");
        String scheme = attribute(span, "url.scheme");
        return attribute(span, "op") + " " + scheme + (queue.equals(uri) ? "" : " " + queue);
    }

    private static String attribute(SpanData span, String key) {
        return String.valueOf(span.getAttributes().get(AttributeKey.stringKey(key)));
    }

    private HttpResponse<String> post(
            String path, String authorization, HttpRequest.BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", authorization)
                .POST(body);
        try {
            return http.send(
                    (headers.length == 0 ? request : request.headers(headers)).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
