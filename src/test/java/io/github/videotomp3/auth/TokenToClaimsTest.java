package io.github.videotomp3.auth;

import static io.github.videotomp3.Client.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.Client;
import io.github.videotomp3.RouteTest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

@RouteTest
class TokenToClaimsTest {

    private final Client client;

    TokenToClaimsTest(Client client) {
        this.client = client;
    }

    @Test
    void tellsWhatTheOriginalsGatewayExpects() {
        HttpResponse<String> answer =
                client.post("/auth/validate", "Authorization", client.bearer("claims@example.com"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Content-Type")).startsWith("application/json");
        assertThat(answer.body())
                .matches("\\{\"admin\":false,\"exp\":\\d+,\"iat\":\\d+,\"username\":\"claims@example.com\"}");
        assertThat(header(answer, "Authorization")).isNull();
    }

    @Test
    void forbidsATokenThatIsNotOurs() {
        HttpResponse<String> answer =
                client.post("/auth/validate", "Authorization", client.bearer("forger@example.com") + "x");

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(header(answer, "Content-Type")).startsWith("application/problem+json");
    }

    @Test
    void asksForATokenWhereThereIsNone() {
        HttpResponse<String> answer = client.post("/auth/validate");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(header(answer, "WWW-Authenticate")).startsWith("Bearer ");
    }
}
