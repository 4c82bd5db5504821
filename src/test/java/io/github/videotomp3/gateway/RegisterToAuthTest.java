package io.github.videotomp3.gateway;

import static io.github.videotomp3.Client.basic;
import static io.github.videotomp3.Client.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.Client;
import io.github.videotomp3.RouteTest;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;

@RouteTest
class RegisterToAuthTest {

    private static final String CREDENTIALS = basic("me@example.com", "a long password");

    private final Client client;
    private final String authUrl;

    RegisterToAuthTest(Client client, @Value("${gateway.auth.url}") String authUrl) {
        this.client = client;
        this.authUrl = authUrl;
    }

    @Test
    void saysThatAuthHasMadeTheAccount() throws IOException {
        Map<String, String> headers = Map.of("Content-Type", "text/plain", "Cache-Control", "no-store");
        try (AuthStub auth = new AuthStub(authUrl, 201, headers, "me@example.com")) {
            HttpResponse<String> answer = client.post(
                    "/register?fid=1", "Authorization", CREDENTIALS, "Cookie", "a=b", "CamelHttpUri", "http://x");

            assertThat(answer.statusCode()).isEqualTo(201);
            assertThat(answer.body()).isEqualTo("me@example.com");
            assertThat(header(answer, "Content-Type")).startsWith("text/plain");
            assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
            assertThat(header(answer, "Authorization")).isNull();
            AuthStub.Asked asked = auth.onlyRequest();
            assertThat(asked.method()).isEqualTo("POST");
            assertThat(asked.path()).isEqualTo("/register");
            assertThat(asked.headers().getFirst("Authorization")).isEqualTo(CREDENTIALS);
            assertThat(asked.headers()).doesNotContainKeys("Cookie", "Camelhttpuri", "Fid");
        }
    }

    @Test
    void passesARefusalOnWithItsChallenge() throws IOException {
        Map<String, String> headers = Map.of(
                "Content-Type",
                "application/problem+json",
                "WWW-Authenticate",
                "Basic realm=\"video-to-mp3\"",
                "Server-Secret",
                "x");
        try (AuthStub auth = new AuthStub(authUrl, 401, headers, "{\"status\":401}")) {
            HttpResponse<String> answer = client.post("/register", "Authorization", CREDENTIALS);

            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body()).isEqualTo("{\"status\":401}");
            assertThat(header(answer, "Content-Type")).startsWith("application/problem+json");
            assertThat(header(answer, "WWW-Authenticate")).isEqualTo("Basic realm=\"video-to-mp3\"");
            assertThat(header(answer, "Server-Secret")).isNull();
            assertThat(auth.onlyRequest().path()).isEqualTo("/register");
        }
    }

    @Test
    void asksToComeBackWhileAuthIsAway() {
        HttpResponse<String> answer = client.post("/register", "Authorization", CREDENTIALS);

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(header(answer, "Retry-After")).isEqualTo("10");
        assertThat(header(answer, "Content-Type")).startsWith("application/problem+json");
        assertThat(answer.body()).doesNotContain("127.0.0.1");
    }
}
