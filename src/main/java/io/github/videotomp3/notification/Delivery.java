package io.github.videotomp3.notification;

import java.time.Instant;

/**
 * What became of one message to one webhook.
 *
 * @param id also the {@code webhook-id} of each request
 * @param event job.done, job.rejected or job.failed
 * @param state waiting, delivered, parked after too many attempts, or refused because the webhook wants no more
 * @param status of the newest answer; null if there was none
 * @param error what was wrong with the newest attempt; null if nothing
 */
public record Delivery(
        String id,
        String event,
        String job,
        String state,
        int attempts,
        Integer status,
        String error,
        Instant created,
        Instant updated) {}
