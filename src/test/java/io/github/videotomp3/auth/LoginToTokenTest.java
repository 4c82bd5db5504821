package io.github.videotomp3.auth;

import static io.github.videotomp3.Client.basic;
import static io.github.videotomp3.Client.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.Client;
import io.github.videotomp3.RouteTest;
import java.net.http.HttpResponse;
import java.util.List;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

@RouteTest
class LoginToTokenTest {

    private static final String PASSWORD = "'kept, as plain text'";

    private final Client client;
    private final JdbcTemplate sql;
    private final CamelContext camel;

    LoginToTokenTest(Client client, JdbcTemplate sql, CamelContext camel) {
        this.client = client;
        this.sql = sql;
        this.camel = camel;
    }

    @Test
    void givesTheBareTokenAsTheOriginalDoes() {
        insert("bare@example.com");

        HttpResponse<String> answer = login("bare@example.com", PASSWORD);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Content-Type")).startsWith("text/plain");
        assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
        assertThat(tokens().verify("Bearer " + answer.body())).isEqualTo(new Caller("bare@example.com", false));
    }

    @Test
    void givesJsonToThoseWhoAskForIt() {
        insert("json@example.com");

        HttpResponse<String> answer = client.post(
                "/auth/login", "Authorization", basic("json@example.com", PASSWORD), "Accept", "application/json");

        assertThat(header(answer, "Content-Type")).startsWith("application/json");
        assertThat(answer.body()).matches("\\{\"token\":\"[^\"]+\",\"expires_at\":\"[0-9TZ:.-]+\"}");
    }

    @Test
    void hashesThePlainTextPasswordOfTheOriginalAtItsFirstLogin() {
        insert("old@example.com");

        assertThat(login("old@example.com", PASSWORD).statusCode()).isEqualTo(200);

        String hash = password("old@example.com");
        assertThat(hash).startsWith("$argon2id$");
        assertThat(login("old@example.com", PASSWORD).statusCode()).isEqualTo(200);
        assertThat(password("old@example.com")).isEqualTo(hash);
    }

    @Test
    void answersAnUnknownUserAndAWrongPasswordAlike() {
        insert("known@example.com");

        HttpResponse<String> wrong = login("known@example.com", "not this one");
        HttpResponse<String> unknown = login("unknown@example.com", "not this one");

        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(header(wrong, "WWW-Authenticate")).startsWith("Basic ");
        assertThat(header(wrong, "Content-Type")).startsWith("application/problem+json");
        assertThat(unknown.statusCode()).isEqualTo(401);
        assertThat(unknown.body()).isEqualTo(wrong.body());
        assertThat(password("known@example.com")).isEqualTo(PASSWORD);
    }

    @Test
    void asksForCredentialsWhereThereAreNone() {
        HttpResponse<String> answer = client.post("/auth/login");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(header(answer, "WWW-Authenticate")).startsWith("Basic ");
    }

    @Test
    void refusesTheFourthLoginToAnAccountWithinAMinuteHoweverItIsSpeltAndNobodyElses() {
        insert("guessed@example.com");
        insert("other@example.com");
        for (String spelling : List.of("guessed@example.com", "Guessed@example.com", "gUESSED@EXAMPLE.com")) {
            assertThat(login(spelling, "a guess").statusCode()).isEqualTo(401);
        }

        HttpResponse<String> fourth = login("guessed@example.com", PASSWORD);

        assertThat(fourth.statusCode()).isEqualTo(429);
        assertThat(header(fourth, "Retry-After")).isEqualTo("60");
        assertThat(login("other@example.com", PASSWORD).statusCode()).isEqualTo(200);
    }

    @Test
    void refusesTheFourthLoginToAnUnknownAddressToo() {
        for (int i = 0; i < 3; i++) {
            assertThat(login("unknown-4@example.com", "a guess").statusCode()).isEqualTo(401);
        }

        assertThat(login("unknown-4@example.com", "a guess").statusCode()).isEqualTo(429);
    }

    @Test
    void doesNotEchoTheCredentials() {
        insert("echo@example.com");

        HttpResponse<String> answer = login("echo@example.com", PASSWORD);

        assertThat(header(answer, "Authorization")).isNull();
    }

    private HttpResponse<String> login(String email, String password) {
        return client.post("/auth/login", "Authorization", basic(email, password));
    }

    private void insert(String email) {
        sql.update("INSERT INTO user (email, password) VALUES (?, ?)", email, PASSWORD);
    }

    private String password(String email) {
        return sql.queryForObject("SELECT password FROM user WHERE email = ?", String.class, email);
    }

    private Tokens tokens() {
        return camel.getRegistry().lookupByNameAndType("tokens", Tokens.class);
    }
}
