package io.github.videotomp3.gateway;

import static io.github.videotomp3.Client.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.Client;
import io.github.videotomp3.RouteTest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

@RouteTest
class PageToBrowserTest {

    private final Client client;

    PageToBrowserTest(Client client) {
        this.client = client;
    }

    @Test
    void showsThePageToEverybody() {
        HttpResponse<String> answer = client.get("/");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Content-Type")).startsWith("text/html");
        assertThat(header(answer, "Content-Security-Policy")).contains("script-src 'self'");
        assertThat(answer.body()).contains("page/app.js");
    }

    @Test
    void handsOutItsFiles() {
        HttpResponse<String> answer = client.get("/page/app.js");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Content-Type")).startsWith("text/javascript");
        assertThat(client.get("/page/app.js", "If-None-Match", header(answer, "ETag"))
                        .statusCode())
                .isEqualTo(304);
    }

    @Test
    void hasNoOtherFile() {
        HttpResponse<String> answer = client.get("/page/other.js");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(header(answer, "Content-Type")).isEqualTo("application/problem+json");
    }
}
