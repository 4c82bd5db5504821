package io.github.videotomp3.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.videotomp3.Client;
import io.github.videotomp3.RouteTest;
import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.autoconfigure.actuate.observability.AutoConfigureObservability;

/** What the management port gives to whom, and that the product's port has nothing of it. */
@AutoConfigureObservability
@RouteTest({"operator.password=the operator's own", "operator.login.attempts=3", "operator.login.wait=1s"})
class ManagementTest {

    private static final String OPERATOR = Client.basic("operator", "the operator's own");
    private static final String WRONG = Client.basic("operator", "a guess");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final CookieManager cookies = new CookieManager();
    private final HttpClient http =
            HttpClient.newBuilder().cookieHandler(cookies).build();
    private final CamelContext camel;
    private final Client product;
    private final String url;

    ManagementTest(CamelContext camel, Client product, @Value("${management.server.port}") int port) {
        this.camel = camel;
        this.product = product;
        this.url = "http://127.0.0.1:" + port;
    }

    @Test
    void isAliveForEverybodyWhoAsks() {
        assertThat(get("/health/liveness").body()).isEqualTo("{\"status\":\"UP\"}");
        assertThat(get("/health/liveness").statusCode()).isEqualTo(200);
    }

    @Test
    void isNotReadyWithoutItsBrokerButAliveAndKeepsDetailsToTheOperator() throws Exception {
        HttpResponse<String> anybody = get("/health/readiness");
        assertThat(anybody.statusCode()).isEqualTo(503);
        assertThat(anybody.body()).isEqualTo("{\"status\":\"DOWN\"}");

        JsonNode parts = readiness();
        assertThat(parts.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("readinessState", "camelReadinessState", "rabbit", "mongo", "db");
        assertThat(parts.at("/rabbit/status").asText()).isEqualTo("DOWN");
        assertThat(parts.at("/mongo/status").asText()).isEqualTo("UP");
        assertThat(parts.at("/db/status").asText()).isEqualTo("UP");
        assertThat(get("/health/liveness").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/prometheus", "/hawtio/", "/hawtio", "/jolokia", "/jolokia/version", "/", "/env", "/x"})
    void showsNothingElseToStrangers(String path) {
        assertThat(get(path).statusCode()).isEqualTo(401);
        awaitOpen();
        assertThat(get(path, "Authorization", WRONG).statusCode()).isEqualTo(401);
        assertThat(get(path, "Authorization", Client.basic("operator", "")).statusCode())
                .isEqualTo(401);
        awaitOpen();
        assertThat(get(path, "Authorization", Client.basic("admin", "the operator's own"))
                        .statusCode())
                .isEqualTo(401);
        HttpResponse<String> browser = get(path, "Accept", "text/html");
        assertThat(browser.statusCode()).isEqualTo(302);
        assertThat(Client.header(browser, "Location")).endsWith("/login");
    }

    @Test
    void showsTheMetricsToTheOperator() {
        HttpResponse<String> metrics = get("/prometheus", "Authorization", OPERATOR);

        assertThat(metrics.statusCode()).isEqualTo(200);
        assertThat(metrics.body()).contains("camel_exchanges_total{").contains("routeId=\"upload-to-video\"");
    }

    @Test
    void servesTheConsoleToTheOperatorAfterAFormAndKeepsItToItsOwnPages() {
        cookies.getCookieStore().removeAll();
        assertThat(get("/login", "Accept", "text/html").statusCode()).isEqualTo(200);
        String login = "username=operator&password=" + encoded("the operator's own");
        assertThat(form(login).statusCode()).as("without a CSRF token").isEqualTo(403);
        HttpResponse<String> signedIn = form(login + "&_csrf=" + encoded(cookie("XSRF-TOKEN")));
        assertThat(signedIn.statusCode()).isEqualTo(302);
        assertThat(Client.header(signedIn, "Location")).doesNotContain("error");
        assertThat(signedIn.headers().allValues("Set-Cookie"))
                .anyMatch(cookie -> cookie.startsWith("JSESSIONID=")
                        && cookie.contains("HttpOnly")
                        && cookie.contains("SameSite=Strict"));

        HttpResponse<String> console = get("/hawtio/index.html", "Accept", "text/html");
        assertThat(console.statusCode()).isEqualTo(200);
        assertThat(console.body()).containsIgnoringCase("hawtio");
        assertThat(Client.header(console, "X-Frame-Options")).isEqualTo("SAMEORIGIN");
        assertThat(Client.header(console, "X-Content-Type-Options")).isEqualTo("nosniff");
        cookies.getCookieStore().removeAll();
    }

    @Test
    void wrongPasswordsInAFormAreNoWayIn() {
        awaitOpen();
        cookies.getCookieStore().removeAll();
        get("/login", "Accept", "text/html");
        HttpResponse<String> answer = form("username=operator&password=guess&_csrf=" + encoded(cookie("XSRF-TOKEN")));

        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(Client.header(answer, "Location")).endsWith("/login?error");
        assertThat(get("/prometheus").statusCode()).isEqualTo(401);
        cookies.getCookieStore().removeAll();
    }

    @Test
    void letsAnAddressWaitThatGuesses() {
        awaitOpen();
        for (int i = 0; i < 3; i++) {
            assertThat(get("/prometheus", "Authorization", WRONG).statusCode()).isEqualTo(401);
        }

        HttpResponse<String> right = get("/prometheus", "Authorization", OPERATOR);
        assertThat(right.statusCode()).as("even with the right password").isEqualTo(429);
        assertThat(Client.header(right, "Retry-After")).isEqualTo("1");
        assertThat(get("/health/liveness").statusCode()).isEqualTo(200);
        assertThat(product.get("/jobs", "Authorization", product.bearer("a@example.com"))
                        .statusCode())
                .isEqualTo(200);
        awaitOpen();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/hawtio/", "/jolokia", "/login", "/logout", "/health", "/prometheus", "/health/liveness"})
    void hasNothingOfItOnTheProductsPort(String path) {
        HttpResponse<String> answer = product.get(path);

        assertThat(answer.statusCode()).isIn(404, 405); // POST /login is the product's own
        assertThat(answer.headers().map()).doesNotContainKeys("set-cookie", "x-frame-options", "x-xss-protection");
    }

    @Test
    void leavesTheProductsPortAsItWas() {
        assertThat(product.get("/jobs;a=b", "Authorization", "Bearer x").statusCode())
                .as("the firewall of Spring Security would say 400")
                .isEqualTo(401);
        HttpResponse<String> upload = product.upload("ann@example.com", "a.mp4", "bytes");

        assertThat(upload.statusCode()).isEqualTo(202);
        assertThat(upload.headers().map().keySet())
                .isSubsetOf(
                        "connection",
                        "content-length",
                        "content-type",
                        "date",
                        "keep-alive",
                        "location",
                        "x-content-type-options");
    }

    private JsonNode readiness() throws Exception {
        return JSON.readTree(get("/health/readiness", "Authorization", OPERATOR).body())
                .get("components");
    }

    @Test
    void stopsAndStartsARoute() throws Exception {
        assertThat(route("stop()").get("status").asInt()).isEqualTo(200);
        assertThat(camel.getRouteController().getRouteStatus("jobs-to-list")).isEqualTo(ServiceStatus.Stopped);
        assertThat(get("/health/liveness").statusCode()).isEqualTo(200);
        assertThat(readiness().at("/camelReadinessState/status").asText()).isEqualTo("UP");

        assertThat(route("start()").get("status").asInt()).isEqualTo(200);
        assertThat(camel.getRouteController().getRouteStatus("jobs-to-list")).isEqualTo(ServiceStatus.Started);

        assertThat(route("suspend()").get("status").asInt()).isEqualTo(200);
        assertThat(route("resume()").get("status").asInt()).isEqualTo(200);
        assertThat(camel.getRouteController().getRouteStatus("jobs-to-list")).isEqualTo(ServiceStatus.Started);
    }

    @Test
    void drawsRoutes() throws Exception {
        JsonNode dump = exec(context(), "dumpRoutesAsXml()");

        assertThat(dump.get("status").asInt()).as(dump.toString()).isEqualTo(200);
        assertThat(dump.get("value").asText())
                .contains("id=\"store-video\"")
                .as("one of these in a route breaks every diagram")
                .doesNotContain("<errorHandler");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            org.apache.camel:context=pipeline,type=context,name="pipeline"        | sendBody(java.lang.String,java.lang.Object)
            org.apache.camel:context=pipeline,type=context,name="pipeline"        | stop()
            org.apache.camel:context=pipeline,type=routes,name="jobs-to-list"     | remove()
            org.apache.camel:context=pipeline,type=routes,name="jobs-to-list"     | updateRouteFromXml(java.lang.String)
            org.apache.camel:context=pipeline,type=tracer,name=BacklogTracer      | clear()
            org.apache.camel:context=pipeline,type=tracer,name=BacklogDebugger    | enableDebugger()
            java.lang:type=Memory                                                     | gc()
            java.lang:type=Threading                                                  | dumpAllThreads(boolean,boolean)
            com.sun.management:type=DiagnosticCommand                                 | vmSystemProperties
            java.util.logging:type=Logging                                            | setLoggerLevel(java.lang.String,java.lang.String)
            """)
    void runsNothingElse(String mbean, String operation) throws Exception {
        assertThat(exec(mbean, operation).get("status").asInt()).isEqualTo(403);
    }

    @Test
    void readsNoSecretsOfTheJvm() throws Exception {
        for (String attribute : List.of("SystemProperties", "InputArguments", "ClassPath")) {
            assertThat(jolokia(Map.of("type", "read", "mbean", "java.lang:type=Runtime", "attribute", attribute))
                            .get("status")
                            .asInt())
                    .isEqualTo(403);
        }
        assertThat(jolokia(Map.of(
                                "type", "write", "mbean", route(), "attribute", "StatisticsEnabled", "value", "false"))
                        .get("status")
                        .asInt())
                .isEqualTo(403);
        assertThat(jolokia(Map.of("type", "read", "mbean", "java.lang:type=Memory", "attribute", "HeapMemoryUsage"))
                        .get("status")
                        .asInt())
                .isEqualTo(200);
        assertThat(get("/jolokia/read/java.lang:type=Memory", "Authorization", OPERATOR)
                        .body())
                .as("by a link")
                .contains("HTTP method get is not allowed");
    }

    @Test
    void takesNoOrdersFromForeignPages() {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(url + "/jolokia"))
                .header("Authorization", OPERATOR)
                .POST(BodyPublishers.ofString("{\"type\":\"version\"}")));

        assertThat(answer.statusCode()).isEqualTo(403);
    }

    private JsonNode route(String operation) throws IOException {
        return exec(route(), operation);
    }

    private String route() {
        return "org.apache.camel:context=" + camel.getManagementName() + ",type=routes,name=\"jobs-to-list\"";
    }

    private String context() {
        return "org.apache.camel:context=" + camel.getManagementName() + ",type=context,name=\"pipeline\"";
    }

    private JsonNode exec(String mbean, String operation) throws IOException {
        return jolokia(Map.of("type", "exec", "mbean", mbean, "operation", operation));
    }

    private JsonNode jolokia(Map<String, String> request) throws IOException {
        get("/health/liveness", "Authorization", OPERATOR);
        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(url + "/jolokia"))
                .header("Authorization", OPERATOR)
                .header("X-XSRF-TOKEN", cookie("XSRF-TOKEN"))
                .POST(BodyPublishers.ofString(JSON.writeValueAsString(request))));
        return JSON.readTree(answer.body());
    }

    /** Waits until this address may try again. */
    @BeforeEach
    void awaitOpen() {
        Awaitility.await()
                .until(() -> get("/prometheus", "Authorization", OPERATOR).statusCode() == 200);
        cookies.getCookieStore().removeAll();
    }

    private String cookie(String name) {
        return cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals(name))
                .map(HttpCookie::getValue)
                .findFirst()
                .orElse("none");
    }

    private HttpResponse<String> form(String fields) {
        return send(HttpRequest.newBuilder(URI.create(url + "/login"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(fields)));
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private HttpResponse<String> get(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
