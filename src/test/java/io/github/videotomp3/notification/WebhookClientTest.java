package io.github.videotomp3.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHost;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebhookClientTest {

    private final AtomicInteger connections = new AtomicInteger();
    private final CountDownLatch hungUp = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }

    /** Answers each connection with a head, then says something more until the other hangs up. */
    private void answer(String head, String more) {
        threads.submit(() -> {
            while (true) {
                Socket socket = server.accept();
                connections.incrementAndGet();
                threads.submit(() -> {
                    try (socket) {
                        OutputStream out = socket.getOutputStream();
                        out.write(head.getBytes(StandardCharsets.US_ASCII));
                        out.flush();
                        while (!more.isEmpty()) {
                            out.write(more.getBytes(StandardCharsets.US_ASCII));
                            out.flush();
                            new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
                        }
                        socket.getInputStream().readAllBytes();
                    } catch (IOException e) {
                        hungUp.countDown();
                    }
                    return null;
                });
            }
        });
    }

    private ClassicHttpResponse post(boolean privateToo, int seconds) throws IOException {
        HttpClientBuilder builder = HttpClientBuilder.create();
        new WebhookClient(new WebhookAddresses(privateToo), Duration.ofSeconds(seconds)).configureHttpClient(builder);
        try (CloseableHttpClient client = builder.build()) {
            HttpHost host = new HttpHost("http", "127.0.0.1", server.getLocalPort());
            ClassicHttpResponse answer = client.executeOpen(host, new HttpPost("/hook"), null);
            assertThat(answer.getEntity()).isNull();
            answer.close();
            return answer;
        }
    }

    @Test
    void takesTheStatus() throws Exception {
        answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "");

        assertThat(post(true, 10).getCode()).isEqualTo(200);
    }

    @Test
    void readsNothingOfABodyWithoutAnEnd() throws Exception {
        answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "4\r\nmore\r\n");

        assertThat(post(true, 10).getCode()).isEqualTo(200);
        assertThat(hungUp.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void breaksOffAnAnswerThatDrips() {
        answer("HTTP/1.1 200 OK\r\n", "X-More: more\r\n");

        assertThatThrownBy(() -> post(true, 1)).isInstanceOf(IOException.class);
    }

    @Test
    void breaksOffAnAnswerThatDripsSlowly() {
        answer("HTTP/1.1 200 OK\r\nX-More: ", "m");

        assertThatThrownBy(() -> post(true, 1)).hasMessage("no answer within 1 s");
    }

    @Test
    void followsNoRedirect() throws Exception {
        answer("HTTP/1.1 307 Temporary Redirect\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n", "");

        assertThat(post(true, 10).getCode()).isEqualTo(307);
        assertThat(connections).hasValue(1);
    }

    @Test
    void asksOnce() throws Exception {
        answer("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n", "");

        assertThat(post(true, 10).getCode()).isEqualTo(503);
        assertThat(connections).hasValue(1);
    }

    @Test
    void connectsToNoPrivateAddress() {
        answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "");

        assertThatThrownBy(() -> post(false, 10)).isInstanceOf(UnknownHostException.class);
        assertThat(connections).hasValue(0);
    }

    @Test
    void refusesASettingOutOfRange() {
        for (Duration wrong : new Duration[] {Duration.ZERO, Duration.ofSeconds(31)}) {
            assertThatThrownBy(() -> new WebhookClient(new WebhookAddresses(false), wrong))
                    .hasMessageContaining("notification.webhook.timeout");
        }
    }
}
