package io.github.videotomp3.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.videotomp3.auth.Caller;
import io.github.videotomp3.camel.Refusal;
import io.github.videotomp3.notification.Deliveries;
import io.github.videotomp3.notification.Webhook;
import io.github.videotomp3.notification.WebhookAddresses;
import io.github.videotomp3.notification.Webhooks;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.Headers;
import org.bson.types.ObjectId;

/** The webhooks of the person who asks, and what they were told; another's are not found, as if there were none. */
public final class OwnWebhooks {

    private final Webhooks webhooks;
    private final Deliveries deliveries;
    private final WebhookAddresses addresses;

    public OwnWebhooks(Webhooks webhooks, Deliveries deliveries, WebhookAddresses addresses) {
        this.webhooks = webhooks;
        this.deliveries = deliveries;
        this.addresses = addresses;
    }

    /**
     * Makes a webhook as the body says, {@code {"url": "https://example.com/hook"}}: 201, with the secret, which is shown
     * this once.
     *
     * @param servlet the body where a servlet container reads it; elsewhere it is the message's
     * @throws Refusal 400, 413 or 415 if the body can't be a good one, 409 if the caller has too many
     */
    public WebhookView make(
            @Header("CamelHttpServletRequest") InputStream servlet,
            @Body Object body,
            @Header(Exchange.CONTENT_TYPE) String type,
            @ExchangeProperty("caller") Caller caller,
            @Headers Map<String, Object> headers) {
        JsonNode wish = JsonBody.read(servlet, body, type, List.of("url"));
        String url = addresses.check(wish.path("url").textValue());
        Webhook made = webhooks.make(caller.username(), url)
                .orElseThrow(() -> Refusal.of(
                        409, "too many webhooks", "You have " + Webhooks.MOST + " webhooks, the most; delete one."));
        headers.clear();
        headers.put(Exchange.HTTP_RESPONSE_CODE, 201);
        headers.put("Cache-Control", "no-store");
        return WebhookView.of(made, made.secret());
    }

    /** The caller's webhooks, the newest first, without their secrets. */
    public List<WebhookView> list(@ExchangeProperty("caller") Caller caller, @Headers Map<String, Object> headers) {
        headers.clear();
        return webhooks.list(caller.username()).stream()
                .map(webhook -> WebhookView.of(webhook, null))
                .toList();
    }

    /** Deletes a webhook and what is known of its deliveries: 204. */
    public void delete(
            @Header("id") String id, @ExchangeProperty("caller") Caller caller, @Headers Map<String, Object> headers) {
        Webhook found = find(id, caller);
        webhooks.delete(found.id(), caller.username());
        deliveries.deleteTo(found.id());
        headers.clear();
        headers.put(Exchange.HTTP_RESPONSE_CODE, 204);
    }

    /** The newest 100 deliveries to a webhook, the newest first. */
    public List<DeliveryView> deliveries(
            @Header("id") String id, @ExchangeProperty("caller") Caller caller, @Headers Map<String, Object> headers) {
        Webhook found = find(id, caller);
        headers.clear();
        return deliveries.list(found.id()).stream().map(DeliveryView::of).toList();
    }

    /** Lets a delivery be sent once more, whatever became of it: 202, and its log tells more. */
    public DeliveryView replay(
            @Header("id") String id,
            @Header("delivery") String delivery,
            @ExchangeProperty("caller") Caller caller,
            @Headers Map<String, Object> headers) {
        Webhook found = find(id, caller);
        DeliveryView replayed = deliveries
                .replay(delivery, found.id())
                .map(DeliveryView::of)
                .orElseThrow(() -> Refusal.of(404, "not found", "The webhook has no delivery of this id."));
        headers.clear();
        headers.put(Exchange.HTTP_RESPONSE_CODE, 202);
        return replayed;
    }

    private Webhook find(String id, Caller caller) {
        return (ObjectId.isValid(id) ? webhooks.find(new ObjectId(id), caller.username()) : Optional.<Webhook>empty())
                .orElseThrow(() -> Refusal.of(404, "not found", "You have no webhook of this id."));
    }
}
