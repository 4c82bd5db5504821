package io.github.videotomp3.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.core.Queue;

class MessagingTest {

    @Test
    void declaresPlainQueuesAsTheOriginalsAre() {
        Map<String, Queue> queues = queues("classic");

        assertThat(queues)
                .containsOnlyKeys(
                        "video",
                        "video.retry",
                        "video.failed",
                        "mp3",
                        "mp3.retry",
                        "mp3.failed",
                        "rejected",
                        "rejected.retry",
                        "rejected.failed",
                        "webhook",
                        "webhook.retry",
                        "webhook.failed");
        assertThat(queues.values()).allMatch(Queue::isDurable).noneMatch(Queue::isAutoDelete);
        assertThat(queues.get("video").getArguments()).isEmpty();
        assertThat(queues.get("video.failed").getArguments()).isEmpty();
        assertThat(queues.get("video.retry").getArguments())
                .containsOnly(Map.entry("x-dead-letter-exchange", ""), Map.entry("x-dead-letter-routing-key", "video"));
    }

    @Test
    void declaresQuorumQueuesThatLoseNothing() {
        Map<String, Queue> queues = queues("quorum");

        assertThat(queues.get("mp3").getArguments())
                .containsOnly(
                        Map.entry("x-queue-type", "quorum"),
                        Map.entry("x-delivery-limit", 1000),
                        Map.entry("x-dead-letter-strategy", "at-least-once"),
                        Map.entry("x-overflow", "reject-publish"),
                        Map.entry("x-dead-letter-exchange", ""),
                        Map.entry("x-dead-letter-routing-key", "mp3.failed"));
        assertThat(queues.get("mp3.retry").getArguments())
                .containsEntry("x-dead-letter-routing-key", "mp3")
                .containsEntry("x-dead-letter-strategy", "at-least-once");
        assertThat(queues.get("mp3.failed").getArguments()).containsOnly(Map.entry("x-queue-type", "quorum"));
    }

    @Test
    void refusesAnUnknownType() {
        assertThatThrownBy(() -> queues("stream")).hasMessageContaining("queues.type");
    }

    @Test
    void refusesOneNameForTwoQueues() {
        assertThatThrownBy(() -> new Messaging().queues("video", "mp3", "mp3", "webhook", "quorum", 1000))
                .hasMessageContaining("queues.rejected and queues.webhook must be four names");
    }

    private static Map<String, Queue> queues(String type) {
        return new Messaging()
                .queues("video", "mp3", "rejected", "webhook", type, 1000).all().stream()
                        .collect(Collectors.toMap(Queue::getName, queue -> queue));
    }
}
