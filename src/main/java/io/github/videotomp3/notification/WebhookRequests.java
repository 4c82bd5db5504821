package io.github.videotomp3.notification;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.camel.Exchange;

/** Writes and signs the requests to webhooks, as Standard Webhooks 1.0.0 (standardwebhooks.com) has them. */
public final class WebhookRequests {

    private static final String ALGORITHM = "HmacSHA256";
    private static final String SECRET_PREFIX = "whsec_";

    private final Clock clock;

    public WebhookRequests() {
        this(Clock.systemUTC());
    }

    WebhookRequests(Clock clock) {
        this.clock = clock;
    }

    /** The body in UTF-8; its headers and where it goes replace all that the exchange carried. */
    public byte[] write(DeliveryAttempt attempt, Map<String, Object> headers) {
        String timestamp = String.valueOf(clock.instant().getEpochSecond());
        String signed = attempt.id() + '.' + timestamp + '.' + attempt.body();
        headers.clear();
        headers.put(Exchange.HTTP_URI, attempt.webhook().url());
        headers.put(Exchange.CONTENT_TYPE, "application/json");
        headers.put("User-Agent", "video-to-mp3");
        headers.put("webhook-id", attempt.id());
        headers.put("webhook-timestamp", timestamp);
        headers.put("webhook-signature", "v1," + hmac(attempt.webhook().secret(), signed));
        return attempt.body().getBytes(StandardCharsets.UTF_8);
    }

    private static String hmac(String secret, String text) {
        try {
            byte[] key = Base64.getDecoder().decode(secret.substring(SECRET_PREFIX.length()));
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has " + ALGORITHM, e);
        }
    }
}
