package io.github.videotomp3.camel;

import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.component.springrabbit.DefaultListenerContainerFactory;
import org.apache.camel.component.springrabbit.DefaultMessagePropertiesConverter;
import org.apache.camel.component.springrabbit.SpringRabbitMQComponent;
import org.apache.camel.component.springrabbit.SpringRabbitMQEndpoint;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.listener.AbstractMessageListenerContainer;
import org.springframework.retry.interceptor.RetryOperationsInterceptor;

/**
 * The component {@code spring-rabbitmq}, made lossless: a send returns only when the broker has confirmed that this very
 * message lies in a queue, a message that no route could handle goes back to its queue, and nothing of a message's
 * envelope becomes a header but what {@link #ENVELOPE} and the allow-list name.
 *
 * <p>Endpoints keep all options of the original; those that would lose messages have other defaults here: no request and
 * reply, no declaring, no retries in the consumer's thread.
 */
public class ConfirmedRabbitComponent extends SpringRabbitMQComponent {

    /** The queue that a message was taken from. */
    public static final String QUEUE = "CamelSpringRabbitmqQueue";

    /** The application's own headers of a message: why it failed, and how often. */
    public static final String REASON = "failure-reason";

    public static final String ATTEMPTS = "attempts";

    /** The trace that a message belongs to (W3C Trace Context). */
    public static final String TRACE = "traceparent";

    private static final String ENVELOPE = REASON + "," + ATTEMPTS + "," + TRACE;

    private final Envelope envelope = new Envelope();
    private final RetryOperationsInterceptor requeue = Requeue.afterOneSecond();
    private DurableQueues queues;

    public ConfirmedRabbitComponent() {
        setListenerContainerFactory(new DefaultListenerContainerFactory() {
            @Override
            public AbstractMessageListenerContainer createListenerContainer(SpringRabbitMQEndpoint endpoint) {
                AbstractMessageListenerContainer consumers = super.createListenerContainer(endpoint);
                consumers.setPossibleAuthenticationFailureFatal(false); // the user may be made later
                // how long a stop waits is Camel's affair; after 5 s another would get the message we are at work on
                consumers.setForceCloseChannel(false);
                return consumers;
            }
        });
    }

    /** The queues to declare again when a message finds that one is missing. */
    public void setQueues(DurableQueues queues) {
        this.queues = queues;
    }

    @Override
    protected SpringRabbitMQEndpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
            throws Exception {
        if (!getConnectionFactory().isPublisherConfirms()
                || !getConnectionFactory().isPublisherReturns()) {
            throw new IllegalArgumentException("spring.rabbitmq.publisher-confirm-type must be correlated and"
                    + " spring.rabbitmq.publisher-returns true, else a message can be lost unseen");
        }
        SpringRabbitMQEndpoint endpoint = new SpringRabbitMQEndpoint(uri, this, remaining) {
            @Override
            public RabbitTemplate createInOnlyTemplate() {
                RabbitTemplate template = new ConfirmedTemplate(getConnectionFactory(), queues, getConfirmTimeout());
                template.setRoutingKey(getRoutingKey());
                template.setUsePublisherConnection(isUsePublisherConnection());
                return template;
            }
        };
        endpoint.setConnectionFactory(getConnectionFactory());
        endpoint.setMessageConverter(getMessageConverter());
        endpoint.setMessagePropertiesConverter(envelope);
        endpoint.setConfirm("disabled"); // the template itself waits
        endpoint.setDisableReplyTo(true);
        endpoint.setAutoDeclare(false);
        endpoint.setConcurrentConsumers(getConcurrentConsumers());
        endpoint.setPrefetchCount(getPrefetchCount());
        endpoint.setRetry(requeue);
        endpoint.setArgs(new HashMap<>());
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /** Without this, a message's expiration would travel on to the next queue, and let it vanish there. */
    private static final class Envelope extends DefaultMessagePropertiesConverter {

        Envelope() {
            setHeaderFilterStrategy(new HeaderAllowList(ENVELOPE, ENVELOPE));
        }

        @Override
        public Map<String, Object> fromMessageProperties(MessageProperties properties, Exchange exchange) {
            Map<String, Object> headers = new HashMap<>();
            properties.getHeaders().forEach((name, value) -> {
                if (shouldInputHeader(name, value, exchange)) {
                    headers.put(name, value);
                }
            });
            headers.put(QUEUE, properties.getConsumerQueue());
            return headers;
        }

        @Override
        public MessageProperties toMessageProperties(Exchange exchange) {
            MessageProperties properties = super.toMessageProperties(exchange);
            properties.setContentType(MessageProperties.CONTENT_TYPE_JSON);
            return properties;
        }
    }
}
