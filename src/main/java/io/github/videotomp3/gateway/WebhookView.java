package io.github.videotomp3.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.videotomp3.notification.Webhook;

/**
 * A webhook as the API shows it; what is not known is left out.
 *
 * @param secret {@code whsec_…}, in the answer to its making alone
 * @param disabled since when it gets no more; RFC 3339, UTC
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WebhookView(
        String id,
        String url,
        String secret,
        @JsonProperty("created_at") String created,
        @JsonProperty("disabled_at") String disabled) {

    /** @param secret null where it is not to be shown */
    static WebhookView of(Webhook webhook, String secret) {
        return new WebhookView(
                webhook.id().toHexString(),
                webhook.url(),
                secret,
                webhook.created().toString(),
                webhook.disabled() == null ? null : webhook.disabled().toString());
    }
}
