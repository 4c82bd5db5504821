package io.github.videotomp3.auth;

import static io.github.videotomp3.Client.basic;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.Client;
import io.github.videotomp3.RouteTest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

@RouteTest
class UserToDeletionTest {

    private static final String PASSWORD = "a long password";

    private final Client client;
    private final JdbcTemplate sql;

    UserToDeletionTest(Client client, JdbcTemplate sql) {
        this.client = client;
        this.sql = sql;
    }

    @Test
    void deletesTheUserOfTheTokenAndNobodyElse() {
        register("leaves@example.com");
        register("stays@example.com");

        HttpResponse<String> answer = delete("Authorization", client.bearer("leaves@example.com"));

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
        assertThat(count("leaves@example.com")).isZero();
        assertThat(count("stays@example.com")).isEqualTo(1);
        assertThat(client.post("/auth/login", "Authorization", basic("leaves@example.com", PASSWORD))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void deletesAUserWhoIsGoneAlready() {
        assertThat(delete("Authorization", client.bearer("gone@example.com")).statusCode())
                .isEqualTo(204);
    }

    @Test
    void deletesNobodyForAStranger() {
        assertThat(delete().statusCode()).isEqualTo(401);
        assertThat(delete("Authorization", "Bearer nonsense").statusCode()).isEqualTo(401);
    }

    private HttpResponse<String> delete(String... headers) {
        return client.send("DELETE", "/auth/account", BodyPublishers.noBody(), headers);
    }

    private void register(String email) {
        assertThat(client.post("/auth/register", "Authorization", basic(email, PASSWORD))
                        .statusCode())
                .isEqualTo(201);
    }

    private int count(String email) {
        return sql.queryForObject("SELECT COUNT(*) FROM user WHERE email = ?", Integer.class, email);
    }
}
