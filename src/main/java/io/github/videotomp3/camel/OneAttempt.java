package io.github.videotomp3.camel;

import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;

/**
 * An HTTP client that asks once. The client's own habit is to wait for as long as {@code Retry-After} says and to ask
 * again, while the person who should have got that answer waits, and holds a thread.
 */
public final class OneAttempt implements HttpClientConfigurer {

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        client.disableAutomaticRetries();
    }
}
