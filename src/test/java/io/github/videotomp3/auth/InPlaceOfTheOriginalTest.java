package io.github.videotomp3.auth;

import static io.github.videotomp3.Client.basic;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.Client;
import io.github.videotomp3.RouteTest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** The bundle auth alone, with the paths of the original's auth service, which the original's gateway calls. */
@RouteTest({"bundles=auth", "auth.path="})
class InPlaceOfTheOriginalTest {

    private final Client client;
    private final JdbcTemplate sql;

    InPlaceOfTheOriginalTest(Client client, JdbcTemplate sql) {
        this.client = client;
        this.sql = sql;
    }

    @Test
    void signsInAndValidatesWithoutAPrefix() {
        sql.update("INSERT INTO user (email, password) VALUES ('georgio@email.com', 'Admin123')");

        HttpResponse<String> login = client.post("/login", "Authorization", basic("georgio@email.com", "Admin123"));
        assertThat(login.statusCode()).isEqualTo(200);
        assertThat(login.body().split("\\.")).as("a bare token").hasSize(3);

        HttpResponse<String> claims = client.post("/validate", "Authorization", "Bearer " + login.body());
        assertThat(claims.statusCode()).isEqualTo(200);
        assertThat(claims.body()).contains("\"username\":\"georgio@email.com\"");
        assertThat(client.post("/auth/login").statusCode()).isEqualTo(404);
    }
}
