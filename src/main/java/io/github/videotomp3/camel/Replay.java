package io.github.videotomp3.camel;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.component.springrabbit.SpringRabbitMQEndpoint;
import org.apache.camel.support.RoutePolicySupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.core.QueueInformation;
import org.springframework.amqp.rabbit.core.RabbitAdmin;

/**
 * Lets a route that takes messages out of a queue stop by itself, when it has taken as many as were there at its start.
 * What is parked anew meanwhile waits for the next start, so a message that can't be helped does not go round for ever.
 */
public final class Replay extends RoutePolicySupport {

    private static final Logger LOG = LoggerFactory.getLogger(Replay.class);

    private final Map<String, AtomicLong> left = new ConcurrentHashMap<>();

    @Override
    public void onStart(Route route) {
        long parked = parked(route);
        left.put(route.getRouteId(), new AtomicLong(parked));
        LOG.info("{} replays {} messages", route.getRouteId(), parked);
        if (parked == 0) {
            stopRouteAsync(route);
        }
    }

    @Override
    public void onExchangeDone(Route route, Exchange exchange) {
        if (left.get(route.getRouteId()).decrementAndGet() == 0) {
            stopRouteAsync(route);
        }
    }

    private static long parked(Route route) {
        SpringRabbitMQEndpoint endpoint = (SpringRabbitMQEndpoint) route.getEndpoint();
        QueueInformation queue = new RabbitAdmin(endpoint.getConnectionFactory()).getQueueInfo(endpoint.getQueues());
        return queue == null ? 0 : queue.getMessageCount();
    }
}
