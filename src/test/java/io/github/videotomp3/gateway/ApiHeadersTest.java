package io.github.videotomp3.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.Client;
import io.github.videotomp3.RouteTest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a request reaches a route over HTTP, and what of it comes back, shown by a route that changes nothing. */
@RouteTest
class ApiHeadersTest {

    private static final List<String> PLANTED = List.of(
            "Bcc",
            "subject",
            "to",
            "gridfs.operation",
            "gridfs.metadata",
            "CamelExecCommandExecutable",
            "mail.smtp.host");

    private final CamelContext camel;
    private final Client client;
    private Map<String, Object> arrived;

    ApiHeadersTest(CamelContext camel, Client client) {
        this.camel = camel;
        this.client = client;
    }

    @BeforeAll
    void addMirror() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                for (String filter : List.of("apiHeaders", "authHeaders")) {
                    from("platform-http:/mirror-" + filter + "?headerFilterStrategy=#" + filter)
                            .routeId("mirror-" + filter)
                            .process(exchange -> {
                                arrived = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
                                arrived.putAll(exchange.getMessage().getHeaders());
                                exchange.getMessage().setBody("mirror");
                            });
                }
            }
        });
    }

    @AfterAll
    void removeMirror() throws Exception {
        for (String route : List.of("mirror-apiHeaders", "mirror-authHeaders")) {
            camel.getRouteController().stopRoute(route);
            camel.removeRoute(route);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void letsNoPlantedHeaderOrParameterIn(String method) {
        for (String filter : List.of("apiHeaders", "authHeaders")) {
            HttpResponse<String> answer = client.send(
                    method,
                    "/mirror-" + filter + "?" + String.join("=evil&", PLANTED)
                            + "=evil&authorization=evil&range=evil&id=evil",
                    BodyPublishers.ofString("to=evil&subject=evil"),
                    headers());

            assertThat(arrived)
                    .doesNotContainKeys(PLANTED.toArray(String[]::new))
                    .doesNotContainKeys("id", "x-more");
            assertThat(arrived).containsEntry("authorization", "Bearer of-the-header");
            assertThat(arrived.values()).doesNotContain("evil");
            assertThat(answer.body()).isEqualTo("mirror");
            assertThat(answer.headers().map().keySet())
                    .doesNotContainAnyElementsOf(PLANTED)
                    .doesNotContain("authorization", "range", "user-agent", "x-more");
        }
    }

    @Test
    void goesOnWithATraceOfOurOwnGatewayOnly() {
        String[] trace = {"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "tracestate", "a=b"
        };

        client.get("/mirror-apiHeaders", trace);
        assertThat(arrived).doesNotContainKeys("traceparent", "tracestate");

        HttpResponse<String> answer = client.get("/mirror-authHeaders", trace);
        assertThat(arrived).containsEntry("traceparent", trace[1]).doesNotContainKey("tracestate");
        assertThat(answer.headers().map()).doesNotContainKey("traceparent");
    }

    private static String[] headers() {
        String[] headers = new String[PLANTED.size() * 2 + 6];
        int i = 0;
        for (String name : PLANTED) {
            headers[i++] = name;
            headers[i++] = "evil";
        }
        headers[i++] = "Authorization";
        headers[i++] = "Bearer of-the-header";
        headers[i++] = "X-More";
        headers[i++] = "evil";
        headers[i++] = "Content-Type";
        headers[i] = "application/x-www-form-urlencoded";
        return headers;
    }
}
