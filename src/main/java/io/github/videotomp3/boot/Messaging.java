package io.github.videotomp3.boot;

import io.github.videotomp3.camel.ConfirmedRabbitComponent;
import io.github.videotomp3.camel.DurableQueues;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The queues, declared whenever a connection is made, and the component that loses no message. */
@Configuration(proxyBeanMethods = false)
class Messaging {

    @Bean("spring-rabbitmq-component")
    ConfirmedRabbitComponent springRabbitmq(ConnectionFactory connections, DurableQueues queues) {
        connections.addConnectionListener(queues);
        ConfirmedRabbitComponent component = new ConfirmedRabbitComponent();
        component.setConnectionFactory(connections);
        component.setQueues(queues);
        return component;
    }

    @Bean
    DurableQueues queues(
            @Value("${queues.video}") String video,
            @Value("${queues.mp3}") String mp3,
            @Value("${queues.rejected}") String rejected,
            @Value("${queues.webhook}") String webhook,
            @Value("${queues.type}") String type,
            @Value("${queues.delivery-limit}") int deliveryLimit) {
        return new DurableQueues(video, mp3, rejected, webhook, type, deliveryLimit);
    }
}
