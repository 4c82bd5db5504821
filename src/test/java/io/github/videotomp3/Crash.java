package io.github.videotomp3;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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

    private final Deque<Integer> deaths = new ArrayDeque<>();
    private final List<List<String>> lives = new ArrayList<>();
    private int survived;
    private boolean dead;

    Crash() {
        never();
    }

    /** @param survived how many steps are done in each life before it dies; the one behind them goes on for ever */
    synchronized void after(List<Integer> survived) {
        deaths.clear();
        deaths.addAll(survived);
        lives.clear();
        begin();
    }

    synchronized void never() {
        after(List.of());
    }

    private void begin() {
        survived = deaths.isEmpty() ? Integer.MAX_VALUE : deaths.poll();
        dead = false;
        lives.add(new ArrayList<>());
    }

    synchronized boolean isDead() {
        return dead;
    }

    /** Starts it again if it is dead. */
    synchronized void restart() {
        if (dead) {
            begin();
        }
    }

    /** The ids of the steps that were begun in each life since it was said when to die, the fatal one included. */
    synchronized List<List<String>> lives() {
        return lives.stream().map(List::copyOf).toList();
    }

    private synchronized boolean strikes(String step) {
        List<String> steps = lives.get(lives.size() - 1);
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
