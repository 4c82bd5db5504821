package io.github.videotomp3.camel;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;

/**
 * Each queue with the one where messages wait for the next attempt and the one where they are parked. Quorum queues
 * dead-letter at least once and refuse what they can't keep; classic ones are plain, as people make them by hand for the
 * original, but for {@code .retry}, which is always ours and has to give its messages back.
 */
public final class DurableQueues {

    private final List<Queue> queues = new ArrayList<>();

    /**
     * @param type {@code quorum} or {@code classic}
     * @param deliveryLimit how often RabbitMQ hands a message of a quorum queue out before it parks it itself
     */
    public DurableQueues(String video, String mp3, String rejected, String type, int deliveryLimit) {
        boolean quorum = type.equals("quorum");
        if (!quorum && !type.equals("classic")) {
            throw new IllegalArgumentException("queues.type must be quorum or classic, not \"" + type + "\"");
        }
        if (new HashSet<>(List.of(video, mp3, rejected)).size() < 3) {
            throw new IllegalArgumentException(
                    "queues.video, queues.mp3 and queues.rejected must be three names, not \"" + video + "\", \"" + mp3
                            + "\" and \"" + rejected + "\"");
        }
        for (String name : List.of(video, mp3, rejected)) {
            QueueBuilder main = QueueBuilder.durable(name);
            QueueBuilder retry =
                    QueueBuilder.durable(name + ".retry").deadLetterExchange("").deadLetterRoutingKey(name);
            QueueBuilder failed = QueueBuilder.durable(name + ".failed");
            if (quorum) {
                atLeastOnce(main)
                        .deadLetterExchange("")
                        .deadLetterRoutingKey(name + ".failed")
                        .deliveryLimit(deliveryLimit);
                atLeastOnce(retry);
                failed.quorum();
            }
            queues.addAll(List.of(main.build(), retry.build(), failed.build()));
        }
    }

    public List<Queue> all() {
        return List.copyOf(queues);
    }

    private static QueueBuilder atLeastOnce(QueueBuilder queue) {
        return queue.quorum()
                .withArgument("x-dead-letter-strategy", "at-least-once")
                .withArgument("x-overflow", "reject-publish");
    }
}
