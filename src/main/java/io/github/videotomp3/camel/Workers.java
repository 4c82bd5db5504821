package io.github.videotomp3.camel;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.support.RoutePolicySupport;

/** Counts the workers of a route that have a message. Give it to one route only. */
public final class Workers extends RoutePolicySupport {

    private final AtomicInteger busy = new AtomicInteger();

    /** How many have a message now; a message that is there waits for an idle worker no longer than its way takes. */
    public int busy() {
        return busy.get();
    }

    @Override
    public void onExchangeBegin(Route route, Exchange exchange) {
        busy.incrementAndGet();
    }

    @Override
    public void onExchangeDone(Route route, Exchange exchange) {
        busy.decrementAndGet();
    }
}
