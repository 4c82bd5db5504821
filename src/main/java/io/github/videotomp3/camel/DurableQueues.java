package io.github.videotomp3.camel;

import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.springframework.amqp.AmqpIOException;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.amqp.rabbit.connection.ConnectionListener;

/**
 * Each queue with the one where messages wait for the next attempt and the one where they are parked. Quorum queues
 * dead-letter at least once and refuse what they can't keep; classic ones are plain, as people make them by hand for the
 * original, but for {@code .retry}, which is always ours and has to give its messages back.
 *
 * <p>Declares them whenever a connection is made. If the broker refuses one, the connection is closed: nothing is taken
 * from queues or put into them while a message might find no place.
 */
public final class DurableQueues implements ConnectionListener {

    private static final int CLOSE_TIMEOUT_MS = 1000;

    private final List<Queue> queues = new ArrayList<>();

    /**
     * @param type {@code quorum} or {@code classic}
     * @param deliveryLimit how often RabbitMQ hands a message of a quorum queue out before it parks it itself
     */
    public DurableQueues(String video, String mp3, String rejected, String webhook, String type, int deliveryLimit) {
        boolean quorum = type.equals("quorum");
        if (!quorum && !type.equals("classic")) {
            throw new IllegalArgumentException("queues.type must be quorum or classic, not \"" + type + "\"");
        }
        List<String> names = List.of(video, mp3, rejected, webhook);
        if (new HashSet<>(names).size() < names.size()) {
            throw new IllegalArgumentException(
                    "queues.video, queues.mp3, queues.rejected and queues.webhook must be four" + " names, not \""
                            + String.join("\", \"", names) + "\"");
        }
        for (String name : names) {
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

    /** @throws AmqpIOException if the broker refuses, for example because a queue exists with other arguments */
    @Override
    public void onCreate(Connection connection) {
        com.rabbitmq.client.Connection broker = connection.getDelegate();
        try (Channel channel = broker.createChannel()) {
            declareOn(channel);
        } catch (IOException e) {
            broker.abort(CLOSE_TIMEOUT_MS);
            throw new AmqpIOException(e);
        } catch (TimeoutException e) {
            broker.abort(CLOSE_TIMEOUT_MS);
            throw new AmqpIOException(new IOException("the queues were not declared in time", e));
        }
    }

    private static QueueBuilder atLeastOnce(QueueBuilder queue) {
        return queue.quorum()
                .withArgument("x-dead-letter-strategy", "at-least-once")
                .withArgument("x-overflow", "reject-publish");
    }

    /** Declares all of them; those that are there already stay as they are. */
    void declareOn(Channel channel) throws IOException {
        for (Queue queue : queues) {
            channel.queueDeclare(queue.getName(), queue.isDurable(), false, false, queue.getArguments());
        }
    }
}
