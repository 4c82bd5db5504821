package io.github.videotomp3.notification;

/**
 * The message on the queue {@code webhook}.
 *
 * @param delivery its id
 * @param ticket which of several messages about it counts: the newest
 */
public record DeliveryMessage(String delivery, String ticket) {}
