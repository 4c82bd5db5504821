package io.github.videotomp3.notification;

import org.bson.types.ObjectId;

/**
 * A delivery in the hands of the worker that has claimed it.
 *
 * @param number from 1; with the ticket its fencing token
 * @param body what the webhook is told
 */
public record DeliveryAttempt(String id, ObjectId ticket, int number, String body, Webhook webhook) {

    /** Does not show what it says of a person's video. */
    @Override
    public String toString() {
        return "DeliveryAttempt[id=" + id + ", number=" + number + "]";
    }
}
