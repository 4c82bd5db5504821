package io.github.videotomp3.camel;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OneAttemptTest {

    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer server;
    private int status;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.getResponseHeaders().set("Retry-After", "20");
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void passesARefusalOnWithoutWaiting(int refusal) throws IOException {
        status = refusal;
        HttpClientBuilder builder = HttpClientBuilder.create();

        new OneAttempt().configureHttpClient(builder);

        long start = System.nanoTime();
        try (CloseableHttpClient client = builder.build()) {
            HttpGet get = new HttpGet("http://127.0.0.1:" + server.getAddress().getPort() + "/");
            assertThat(client.<Integer>execute(get, response -> response.getCode()))
                    .isEqualTo(refusal);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        assertThat(asked).hasValue(1);
    }
}
