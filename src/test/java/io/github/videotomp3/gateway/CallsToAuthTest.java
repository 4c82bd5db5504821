package io.github.videotomp3.gateway;

import static io.github.videotomp3.Client.basic;
import static io.github.videotomp3.Client.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.Client;
import io.github.videotomp3.PlantedHeaders;
import io.github.videotomp3.RouteTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Value;

/** Login and registration, which {@code login-to-auth} and {@code register-to-auth} pass on alike. */
@RouteTest
class CallsToAuthTest {

    private static final String CREDENTIALS = basic("me@example.com", "a long password");

    private final Client client;
    private final String authUrl;

    CallsToAuthTest(Client client, @Value("${gateway.auth.url}") String authUrl) {
        this.client = client;
        this.authUrl = authUrl;
    }

    @ParameterizedTest
    @CsvSource({"/login, 200, the-token", "/register, 201, me@example.com"})
    void handsOnWhatAuthAnswers(String path, int status, String body) throws IOException {
        Map<String, String> headers = Map.of("Content-Type", "text/plain", "Cache-Control", "no-store");
        try (AuthStub auth = new AuthStub(authUrl, status, headers, body)) {
            HttpResponse<String> answer = client.post(
                    path + "?" + PlantedHeaders.query() + "&fid=1",
                    PlantedHeaders.with("Authorization", CREDENTIALS, "Cookie", "a=b"));

            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(answer.body()).isEqualTo(body);
            assertThat(header(answer, "Content-Type")).startsWith("text/plain");
            assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
            assertThat(header(answer, "Authorization")).isNull();
            AuthStub.Asked asked = auth.onlyRequest();
            assertThat(asked.method()).isEqualTo("POST");
            assertThat(asked.path()).isEqualTo(path);
            assertThat(asked.headers().getFirst("Authorization")).isEqualTo(CREDENTIALS);
            assertThat(asked.headers()).doesNotContainKeys("Cookie", "Fid");
            assertThat(asked.headers().toString()).doesNotContain(PlantedHeaders.VALUE);
            assertThat(answer.headers().map().toString()).doesNotContain(PlantedHeaders.VALUE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/login", "/register"})
    void passesARefusalOnWithItsChallenge(String path) throws IOException {
        Map<String, String> headers = Map.of(
                "Content-Type",
                "application/problem+json",
                "WWW-Authenticate",
                "Basic realm=\"video-to-mp3\"",
                "Server-Secret",
                "x");
        String problem = "{\"type\":\"about:blank\",\"title\":\"no\",\"status\":401,\"detail\":\"no such user\"}";
        try (AuthStub auth = new AuthStub(authUrl, 401, headers, problem)) {
            HttpResponse<String> answer = client.post(path, "Authorization", CREDENTIALS);

            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body()).isEqualTo(problem);
            assertThat(header(answer, "Content-Type")).startsWith("application/problem+json");
            assertThat(header(answer, "WWW-Authenticate")).isEqualTo("Basic realm=\"video-to-mp3\"");
            assertThat(header(answer, "Server-Secret")).isNull();
            assertThat(auth.onlyRequest().path()).isEqualTo(path);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/login", "/register"})
    void asksToComeBackWhenAuthDiesBeforeItAnswers(String path) throws Exception {
        try (ServerSocket auth =
                new ServerSocket(URI.create(authUrl).getPort(), 1, InetAddress.getByName("127.0.0.1"))) {
            CompletableFuture<Void> death = CompletableFuture.runAsync(() -> {
                try (Socket asked = auth.accept()) {
                    asked.getInputStream().read(new byte[8192]);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });

            HttpResponse<String> answer = client.post(path, "Authorization", CREDENTIALS);

            death.get(10, TimeUnit.SECONDS);
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(header(answer, "Retry-After")).isEqualTo("10");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/login", "/register"})
    void asksToComeBackWhileAuthIsAway(String path) {
        HttpResponse<String> answer = client.post(path, "Authorization", CREDENTIALS);

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(header(answer, "Retry-After")).isEqualTo("10");
        assertThat(header(answer, "Content-Type")).startsWith("application/problem+json");
        assertThat(answer.body()).doesNotContain("127.0.0.1");
    }
}
