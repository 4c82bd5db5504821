package io.github.videotomp3.notification;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.util.Timeout;

/**
 * An HTTP client for receivers that nobody here knows: it connects to allowed addresses only, follows no redirect, asks
 * once, keeps no cookie, reads nothing of an answer but its head, and breaks off what takes too long.
 */
public final class WebhookClient implements HttpClientConfigurer {

    private static final int LONGEST_LINE = 8192;
    private static final int MOST_HEADERS = 100;

    /** One for all clients of this process; it only cuts connections. */
    private static final ScheduledThreadPoolExecutor DEADLINES = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "webhook-deadlines");
        thread.setDaemon(true);
        return thread;
    });

    static {
        DEADLINES.setRemoveOnCancelPolicy(true);
    }

    private final WebhookAddresses addresses;
    private final Duration timeout;

    /** @param timeout for a whole request, from 1 s to 30 s: an attempt is claimed for a minute */
    public WebhookClient(WebhookAddresses addresses, Duration timeout) {
        if (timeout.toSeconds() < 1 || timeout.toSeconds() > 30) {
            throw new IllegalArgumentException("notification.webhook.timeout must be 1 s to 30 s, not " + timeout);
        }
        this.addresses = addresses;
        this.timeout = timeout;
    }

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        Timeout each = Timeout.of(timeout);
        client.setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(addresses)
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(each)
                                .setSocketTimeout(each)
                                .build())
                        .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                                .http1Config(Http1Config.custom()
                                        .setMaxLineLength(LONGEST_LINE)
                                        .setMaxHeaderCount(MOST_HEADERS)
                                        .build())
                                .build())
                        .build())
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .addExecInterceptorFirst("head-only", this::head);
    }

    /** Timeouts of a connection count anew with each byte; this one does not. */
    private ClassicHttpResponse head(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        AtomicBoolean late = new AtomicBoolean();
        var deadline = DEADLINES.schedule(
                () -> {
                    late.set(true);
                    scope.execRuntime.discardEndpoint();
                },
                timeout.toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            ClassicHttpResponse answer = chain.proceed(request, scope);
            answer.setEntity(null);
            return answer;
        } catch (IOException e) {
            if (late.get()) {
                throw new SocketTimeoutException("no answer within " + timeout.toSeconds() + " s");
            }
            throw e;
        } finally {
            deadline.cancel(false);
            scope.execRuntime.discardEndpoint();
        }
    }
}
