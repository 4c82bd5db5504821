package io.github.videotomp3.camel;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.ReturnedMessage;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.connection.RabbitUtils;
import org.springframework.amqp.rabbit.core.RabbitTemplate;

/**
 * Sends a message and waits until the broker says that it lies in a queue. RabbitMQ confirms a message for which there is
 * no queue as well, so both answers count: the confirm, and that nothing was returned (RabbitMQ: Consumer
 * Acknowledgements and Publisher Confirms).
 */
final class ConfirmedTemplate extends RabbitTemplate {

    private final DurableQueues queues;
    private final long timeout;

    /**
     * @param queues declared again when one is missing; null to declare none
     * @param timeout milliseconds to wait for the broker's answer
     */
    ConfirmedTemplate(ConnectionFactory connections, DurableQueues queues, long timeout) {
        super(connections);
        this.queues = queues;
        this.timeout = timeout;
        setMandatory(true);
        setReturnsCallback(returned -> {}); // looked at in send; without a callback Spring warns of each one
    }

    @Override
    public void send(String exchange, String routingKey, Message message) {
        CorrelationData sent = new CorrelationData();
        send(exchange, routingKey, message, sent);
        CorrelationData.Confirm confirm = answer(sent, routingKey);
        ReturnedMessage returned = sent.getReturned();
        if (returned != null || !confirm.isAck()) { // the embedded broker refuses what RabbitMQ returns
            mend();
        }
        if (returned != null) {
            throw new AmqpException("there is no queue " + routingKey + ": " + returned.getReplyText());
        }
        if (!confirm.isAck()) {
            throw new AmqpException("the broker refused a message for " + routingKey + ": " + confirm.getReason());
        }
    }

    /**
     * The next attempt finds queues that somebody has deleted; they are declared with each connection otherwise. And it
     * finds another channel: a quorum queue that was full for a while can go on refusing what comes through one that it has
     * refused (rabbitmq-server#12206, when the policy that limits the queue is taken away). Each attempt replaces one.
     */
    private void mend() {
        execute(channel -> {
            if (queues != null) {
                queues.declareOn(channel);
            }
            RabbitUtils.setPhysicalCloseRequired(channel, true);
            return null;
        });
    }

    private CorrelationData.Confirm answer(CorrelationData sent, String routingKey) {
        try {
            return sent.getFuture().get(timeout, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AmqpException("interrupted before the broker confirmed a message for " + routingKey, e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AmqpException("the broker did not confirm a message for " + routingKey, e);
        }
    }
}
