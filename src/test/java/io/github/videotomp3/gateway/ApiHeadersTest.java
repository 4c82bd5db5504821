package io.github.videotomp3.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.Client;
import io.github.videotomp3.PlantedHeaders;
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

    private static final List<String> FILTERS = List.of("apiHeaders", "authHeaders", "jsonHeaders", "uploadHeaders");

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
                for (String filter : FILTERS) {
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
        for (String filter : FILTERS) {
            camel.getRouteController().stopRoute("mirror-" + filter);
            camel.removeRoute("mirror-" + filter);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void letsNoPlantedHeaderOrParameterIn(String method) {
        for (String filter : FILTERS) {
            HttpResponse<String> answer = client.send(
                    method,
                    "/mirror-" + filter + "?" + PlantedHeaders.query() + "&range=planted&id=planted",
                    BodyPublishers.ofString("to=planted&subject=planted"),
                    PlantedHeaders.with(
                            "Authorization",
                            "Bearer of-the-header",
                            "Content-Type",
                            "application/x-www-form-urlencoded"));

            assertThat(arrived)
                    .doesNotContainKeys(PlantedHeaders.NAMES.toArray(String[]::new))
                    .doesNotContainKey("id");
            assertThat(arrived).containsEntry("authorization", "Bearer of-the-header");
            assertThat(arrived.values()).doesNotContain(PlantedHeaders.VALUE);
            assertThat(answer.body()).isEqualTo("mirror");
            Map<String, List<String>> echo = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            echo.putAll(answer.headers().map());
            assertThat(echo)
                    .doesNotContainKeys(PlantedHeaders.NAMES.toArray(String[]::new))
                    .doesNotContainKeys("authorization", "range", "user-agent");
            assertThat(echo.toString()).doesNotContain(PlantedHeaders.VALUE);
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
}
