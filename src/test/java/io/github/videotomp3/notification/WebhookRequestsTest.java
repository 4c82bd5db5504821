package io.github.videotomp3.notification;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;

class WebhookRequestsTest {

    /** The example of the libraries of Standard Webhooks. */
    @Test
    void signsAsStandardWebhooksSays() {
        WebhookRequests requests = new WebhookRequests(Clock.fixed(Instant.ofEpochSecond(1614265330), ZoneOffset.UTC));
        Webhook webhook = new Webhook(
                new ObjectId(),
                "me@example.com",
                "https://example.com/hook",
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                Instant.EPOCH,
                null);
        Map<String, Object> headers = new HashMap<>(Map.of("Authorization", "Bearer secret"));

        byte[] body = requests.write(
                new DeliveryAttempt(
                        "msg_p5jXN8AQM9LWM0D4loKWxJek", new ObjectId(), 1, "{\"test\": 2432232314}", webhook),
                headers);

        assertThat(body).asString().isEqualTo("{\"test\": 2432232314}");
        assertThat(headers)
                .containsEntry("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek")
                .containsEntry("webhook-timestamp", "1614265330")
                .containsEntry("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
                .containsEntry("CamelHttpUri", "https://example.com/hook")
                .doesNotContainKey("Authorization");
    }
}
