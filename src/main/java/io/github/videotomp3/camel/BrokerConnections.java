package io.github.videotomp3.camel;

import com.rabbitmq.client.Channel;
import java.io.IOException;
import org.springframework.amqp.AmqpIOException;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.amqp.rabbit.connection.ConnectionListener;

/**
 * Connections to RabbitMQ for where Spring Boot makes none, as {@code application.properties} has them: with correlated
 * confirms and returns, and the queues declared whenever a connection is made.
 */
public final class BrokerConnections extends CachingConnectionFactory implements ConnectionListener {

    private final DurableQueues queues;

    public BrokerConnections(String host, int port, String user, String password, DurableQueues queues) {
        super(host, port);
        this.queues = queues;
        setUsername(user);
        setPassword(password);
        setPublisherConfirmType(ConfirmType.CORRELATED);
        setPublisherReturns(true);
        setRequestedHeartBeat(10);
        setConnectionTimeout(5000);
        setChannelCacheSize(64);
        addConnectionListener(this);
    }

    @Override
    public void onCreate(Connection connection) {
        try (Channel channel = connection.createChannel(false)) {
            queues.declareOn(channel);
        } catch (IOException e) {
            throw new AmqpIOException(e);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new AmqpIOException(new IOException("the queues were not declared in time", e));
        }
    }
}
