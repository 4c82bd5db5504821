package io.github.videotomp3.notification;

import java.time.Instant;
import org.bson.types.ObjectId;

/**
 * An address that wants to be told how jobs end.
 *
 * @param owner the e-mail address of the person whose jobs it hears of
 * @param secret {@code whsec_} and the key in base64, with which each request to it is signed
 * @param disabled since when it gets no more, because it has answered 410; null if it does
 */
public record Webhook(ObjectId id, String owner, String url, String secret, Instant created, Instant disabled) {

    /** Shows neither secret nor address, which may hold one. */
    @Override
    public String toString() {
        return "Webhook[id=" + id + "]";
    }
}
