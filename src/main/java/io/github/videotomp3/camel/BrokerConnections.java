package io.github.videotomp3.camel;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;

/**
 * Connections to RabbitMQ for where Spring Boot makes none, as {@code application.properties} has them: with correlated
 * confirms and returns, and the queues declared whenever a connection is made.
 */
public final class BrokerConnections extends CachingConnectionFactory {

    public BrokerConnections(String host, int port, String user, String password, DurableQueues queues) {
        super(host, port);
        setUsername(user);
        setPassword(password);
        setPublisherConfirmType(ConfirmType.CORRELATED);
        setPublisherReturns(true);
        setRequestedHeartBeat(10);
        setConnectionTimeout(5000);
        setChannelCacheSize(64);
        addConnectionListener(queues);
    }
}
