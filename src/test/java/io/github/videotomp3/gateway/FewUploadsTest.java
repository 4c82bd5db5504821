package io.github.videotomp3.gateway;

import static io.github.videotomp3.Client.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.videotomp3.Client;
import io.github.videotomp3.RouteTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;

@RouteTest({"gateway.uploads=1", "gateway.limit.jobs-per-user=1"})
class FewUploadsTest {

    private final Client client;
    private final int port;

    FewUploadsTest(Client client, @Value("${server.port}") int port) {
        this.client = client;
        this.port = port;
    }

    @Test
    void answersOtherRequestsWhileASlowUploadTakesThePlaceOfTheNext() throws IOException {
        try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), port)) {
            slow.getOutputStream()
                    .write(("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\nAuthorization: "
                                    + client.bearer("slow@example.com")
                                    + "\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n"
                                    + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp4\"\r\n\r\nsome")
                            .getBytes(StandardCharsets.US_ASCII));

            await().until(() -> upload().statusCode() == 429);
            assertThat(client.get("/jobs", "Authorization", client.bearer("other@example.com"))
                            .statusCode())
                    .isEqualTo(200);
        }
        await().until(() -> upload().statusCode() == 202);

        HttpResponse<String> second = client.upload("second@example.com", "clip.mp4", "some video");
        HttpResponse<String> third = client.upload("second@example.com", "clip.mp4", "some video");
        assertThat(second.statusCode()).isEqualTo(202);
        assertThat(third.statusCode()).isEqualTo(429);
        assertThat(header(third, "Retry-After")).isEqualTo("60");
        assertThat(third.body()).contains("1 jobs that have not ended");
    }

    private HttpResponse<String> upload() {
        return client.upload(UUID.randomUUID() + "@example.com", "clip.mp4", "some video");
    }
}
