package io.github.videotomp3.auth;

import static io.github.videotomp3.Client.basic;
import static io.github.videotomp3.Client.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.Client;
import io.github.videotomp3.RouteTest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.annotation.DirtiesContext;

@RouteTest
class RegisterToUserTest {

    private static final String PASSWORD = "a long password";

    private final Client client;
    private final JdbcTemplate sql;

    RegisterToUserTest(Client client, JdbcTemplate sql) {
        this.client = client;
        this.sql = sql;
    }

    @Test
    void makesAnAccountThatIsNoAdminAndKeepsNoPassword() {
        HttpResponse<String> answer = register("new@example.com", PASSWORD);

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.body()).isEqualTo("new@example.com");
        assertThat(header(answer, "Content-Type")).startsWith("text/plain");
        assertThat(sql.queryForMap("SELECT password, admin FROM user WHERE email = 'new@example.com'"))
                .containsEntry("admin", false)
                .hasEntrySatisfying(
                        "password", hash -> assertThat((String) hash).startsWith("$argon2id$"));
    }

    @Test
    void letsTheNewUserLogIn() {
        register("first-login@example.com", PASSWORD);

        HttpResponse<String> answer =
                client.post("/auth/login", "Authorization", basic("first-login@example.com", PASSWORD));

        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void refusesAnAddressThatIsTakenAndLeavesItsPasswordAlone() {
        register("taken@example.com", PASSWORD);
        String before = password("taken@example.com");

        HttpResponse<String> answer = register("taken@example.com", "another long password");

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(header(answer, "Content-Type")).startsWith("application/problem+json");
        assertThat(password("taken@example.com")).isEqualTo(before);
    }

    @Test
    void saysWhichRuleAPasswordBreaks() {
        HttpResponse<String> answer = register("weak@example.com", "short");

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).contains("password: must have at least 8 characters");
        assertThat(count("weak@example.com")).isZero();
    }

    @Test
    void saysWhichRuleAnAddressBreaks() {
        HttpResponse<String> answer = register("no address", PASSWORD);

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).contains("email: must be an address");
    }

    @Test
    void asksForCredentialsWhereThereAreNone() {
        HttpResponse<String> answer = client.post("/auth/register");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(header(answer, "WWW-Authenticate")).startsWith("Basic ");
    }

    private HttpResponse<String> register(String email, String password) {
        return client.post("/auth/register", "Authorization", basic(email, password));
    }

    private String password(String email) {
        return sql.queryForObject("SELECT password FROM user WHERE email = ?", String.class, email);
    }

    private int count(String email) {
        return sql.queryForObject("SELECT COUNT(*) FROM user WHERE email = ?", Integer.class, email);
    }

    @Nested
    @RouteTest({"bundles=auth", "auth.registration=closed"})
    @DirtiesContext
    class Closed {

        @Test
        void refusesEverybody(@Autowired Client closed) {
            HttpResponse<String> answer =
                    closed.post("/auth/register", "Authorization", basic("late@example.com", PASSWORD));

            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(header(answer, "Content-Type")).startsWith("application/problem+json");
        }
    }
}
