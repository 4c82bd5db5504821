package io.github.videotomp3;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Lets the program die between two steps of its routes, as far as a test can tell: from then on no step does anything,
 * and no failure is handled either, until it is started again.
 */
final class Crash implements InterceptStrategy {

    private List<String> steps = new ArrayList<>();
    private int survived = Integer.MAX_VALUE;
    private boolean dead;

    /** @param survived how many steps are done before it dies */
    synchronized void after(int survived) {
        this.survived = survived;
        steps = new ArrayList<>();
        dead = false;
    }

    synchronized void never() {
        after(Integer.MAX_VALUE);
    }

    synchronized boolean isDead() {
        return dead;
    }

    /** Starts it again if it is dead, this time for ever. */
    synchronized void restart() {
        if (dead) {
            dead = false;
            survived = Integer.MAX_VALUE;
        }
    }

    /** The ids of the steps that were begun since it was said when to die, the fatal one included. */
    synchronized List<String> steps() {
        return List.copyOf(steps);
    }

    private synchronized boolean strikes(String step) {
        steps.add(step);
        dead = dead || steps.size() > survived;
        return dead;
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext camel, NamedNode step, Processor target, Processor nextTarget) {
        return new DelegateAsyncProcessor(target) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                if (!strikes(step.getId())) {
                    return super.process(exchange, callback);
                }
                exchange.getMessage().setBody(null);
                exchange.setRouteStop(true);
                callback.done(true);
                return true;
            }
        };
    }
}
