package io.github.videotomp3.gateway;

import static io.github.videotomp3.Client.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.Client;
import io.github.videotomp3.RouteTest;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

@RouteTest
class OpenapiToProgramTest {

    private final Client client;

    OpenapiToProgramTest(Client client) {
        this.client = client;
    }

    @Test
    void handsOutTheDescriptionThatIsInTheDocs() throws IOException {
        HttpResponse<String> answer = client.get("/openapi.yaml");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Content-Type")).isEqualTo("application/yaml");
        assertThat(answer.body()).isEqualTo(Files.readString(Path.of("docs/api.yaml")));
    }

    @Test
    void sendsNothingThatTheCallerHas() {
        String etag = header(client.get("/openapi.yaml"), "ETag");

        assertThat(client.get("/openapi.yaml", "If-None-Match", etag).statusCode())
                .isEqualTo(304);
        assertThat(client.get("/openapi.yaml", "If-None-Match", "\"another\"").statusCode())
                .isEqualTo(200);
    }
}
