package io.github.videotomp3.boot;

import io.github.videotomp3.camel.ConfirmedRabbitComponent;
import java.util.ArrayList;
import java.util.List;
import org.springframework.amqp.core.Declarable;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The queues, declared whenever a connection is made, and the component that loses no message. */
@Configuration(proxyBeanMethods = false)
class Messaging {

    @Bean("spring-rabbitmq-component")
    ConfirmedRabbitComponent springRabbitmq(ConnectionFactory connections) {
        ConfirmedRabbitComponent component = new ConfirmedRabbitComponent();
        component.setConnectionFactory(connections);
        return component;
    }

    /**
     * Each queue with the one where messages wait for the next attempt and the one where they are parked. Quorum queues
     * dead-letter at least once and refuse what they can't keep; classic ones are plain, as people make them by hand for
     * the original, but for {@code .retry}, which is always ours and has to give its messages back.
     */
    @Bean
    Declarables queues(
            @Value("${queues.video}") String video,
            @Value("${queues.mp3}") String mp3,
            @Value("${queues.rejected}") String rejected,
            @Value("${queues.type}") String type,
            @Value("${queues.delivery-limit}") int deliveryLimit) {
        boolean quorum = type.equals("quorum");
        if (!quorum && !type.equals("classic")) {
            throw new IllegalArgumentException("queues.type must be quorum or classic, not \"" + type + "\"");
        }
        List<Declarable> queues = new ArrayList<>();
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
        return new Declarables(queues);
    }

    private static QueueBuilder atLeastOnce(QueueBuilder queue) {
        return queue.quorum()
                .withArgument("x-dead-letter-strategy", "at-least-once")
                .withArgument("x-overflow", "reject-publish");
    }
}
