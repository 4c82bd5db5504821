package io.github.videotomp3.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.videotomp3.notification.Delivery;

/** A delivery to a webhook as the API shows it, with its newest attempt; what is not known is left out. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeliveryView(
        String id,
        String type,
        String job,
        String state,
        int attempts,
        Integer status,
        String error,
        @JsonProperty("created_at") String created,
        @JsonProperty("updated_at") String updated) {

    static DeliveryView of(Delivery delivery) {
        return new DeliveryView(
                delivery.id(),
                delivery.event(),
                delivery.job(),
                delivery.state(),
                delivery.attempts(),
                delivery.status(),
                delivery.error(),
                delivery.created().toString(),
                delivery.updated().toString());
    }
}
