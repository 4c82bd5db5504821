package io.github.videotomp3.boot;

import io.github.videotomp3.camel.DurableQueues;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.JobState;
import io.github.videotomp3.job.Jobs;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueInformation;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * What the pipeline has done and what waits in it, beside what Camel counts for each route. Bytes and seconds are counted
 * where they go by; jobs and messages are counted by a process that has the gateway, now and then, so that looking at the
 * metrics asks no store.
 */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class PipelineMetrics {

    /** Work that went through, by the routes that do it; what has failed is not counted. */
    @Bean
    RoutePolicyFactory workDone(MeterRegistry registry) {
        Map<String, RoutePolicySupport> counted = Map.of(
                "upload-to-video-store",
                counting(counter(registry, "video.uploaded", "bytes"), PipelineMetrics::videoBytes),
                "video-to-mp3-convert",
                counting(counter(registry, "audio.converted", "seconds"), PipelineMetrics::audioSeconds),
                "mp3-to-download",
                counting(counter(registry, "mp3.downloaded", "bytes"), PipelineMetrics::servedBytes));
        return (camel, routeId, definition) -> counted.get(routeId);
    }

    private static Counter counter(MeterRegistry registry, String name, String unit) {
        return Counter.builder(name).baseUnit(unit).register(registry);
    }

    private static RoutePolicySupport counting(Counter counter, ToDoubleFunction<Exchange> amount) {
        return new RoutePolicySupport() {
            @Override
            public void onExchangeDone(Route route, Exchange exchange) {
                if (!exchange.isFailed()) {
                    counter.increment(amount.applyAsDouble(exchange));
                }
            }
        };
    }

    private static double videoBytes(Exchange exchange) {
        return exchange.getMessage().getBody() instanceof Job job ? job.bytes() : 0;
    }

    private static double audioSeconds(Exchange exchange) {
        return exchange.getMessage().getBody() instanceof Job job && job.isDone() ? job.seconds() : 0;
    }

    /** As promised to the client; who hangs up early has had less. */
    private static double servedBytes(Exchange exchange) {
        return exchange.getMessage().getBody() == null
                ? 0
                : exchange.getMessage().getHeader("Content-Length", 0L, Long.class);
    }

    /** How many jobs stand where, and how many messages wait where; "not a number" when that can't be told. */
    @Component
    static class Waiting {

        private static final Logger LOG = LoggerFactory.getLogger(Waiting.class);
        private static final long PERIOD_MILLIS = 15_000;
        private static final long STALE_NANOS =
                Duration.ofMillis(4 * PERIOD_MILLIS).toNanos();

        private record Counted(Map<String, Double> numbers, long nanos) {

            double of(String key) {
                boolean stale = System.nanoTime() - nanos > STALE_NANOS;
                return stale ? Double.NaN : numbers.getOrDefault(key, Double.NaN);
            }
        }

        private final CamelContext camel;
        private final MeterRegistry registry;
        private final AmqpAdmin broker;
        private final DurableQueues queues;
        private volatile Counted jobs = new Counted(Map.of(), System.nanoTime());
        private volatile Counted messages = new Counted(Map.of(), System.nanoTime());
        private boolean registered;

        Waiting(
                CamelContext camel,
                MeterRegistry registry,
                ObjectProvider<AmqpAdmin> broker,
                ObjectProvider<DurableQueues> queues) {
            this.camel = camel;
            this.registry = registry;
            this.broker = broker.getIfAvailable();
            this.queues = queues.getIfAvailable();
        }

        @Scheduled(fixedDelay = PERIOD_MILLIS)
        void count() {
            if (camel.getRoute("stored-to-video") == null) {
                return; // no gateway here, or not yet
            }
            if (!registered) {
                register();
            }
            try {
                Jobs all = camel.getRegistry().lookupByNameAndType("jobs", Jobs.class);
                Map<String, Double> numbers = new HashMap<>();
                all.countByState().forEach((state, count) -> numbers.put(state.key(), count.doubleValue()));
                jobs = new Counted(numbers, System.nanoTime());
                messages = new Counted(depths(), System.nanoTime());
            } catch (RuntimeException e) {
                LOG.debug("Not counted: {}", e.getMessage()); // readiness and the sweeps tell what is away
            }
        }

        private void register() {
            registered = true;
            for (JobState state : JobState.values()) {
                Gauge.builder("jobs", () -> jobs.of(state.key()))
                        .tag("state", state.key())
                        .register(registry);
            }
            for (Queue queue : queues.all()) {
                Gauge.builder("queue.messages", () -> messages.of(queue.getName()))
                        .tag("queue", queue.getName())
                        .register(registry);
            }
        }

        private Map<String, Double> depths() {
            Map<String, Double> depths = new HashMap<>();
            for (Queue queue : queues.all()) {
                QueueInformation found = broker.getQueueInfo(queue.getName());
                if (found != null) {
                    depths.put(queue.getName(), (double) found.getMessageCount());
                }
            }
            return depths;
        }
    }
}
