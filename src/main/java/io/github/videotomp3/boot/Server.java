package io.github.videotomp3.boot;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;

/**
 * A server that this process works with. It is asked every few seconds; when it goes away, comes back, or is away for
 * another reason, one line says so. Health is what was seen last, so that a probe never waits for a server.
 */
final class Server {

    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final Duration REMINDER = Duration.ofMinutes(10);

    /** Asks the server for anything; throws if it is not there. */
    interface Question {
        void ask() throws Exception;
    }

    /** @param complaint in plain words; null while it is there */
    private record Seen(String complaint, Instant since, Instant told) {}

    private final String name;
    private final Question question;
    private final Function<Throwable, String> words;
    private final Duration period;
    private final Runnable whenThere;
    private volatile Seen seen;
    private ScheduledExecutorService asking;

    /**
     * @param name with its address, as people know it
     * @param words what a failure means, in one sentence
     * @param period how long to wait before it is asked again
     * @param whenThere called when it is there for the first time, and when it has come back
     */
    Server(String name, Question question, Function<Throwable, String> words, Duration period, Runnable whenThere) {
        this.name = name;
        this.question = question;
        this.words = words;
        this.period = period;
        this.whenThere = whenThere;
    }

    boolean isThere() {
        return seen != null && seen.complaint() == null;
    }

    Health health() {
        Seen last = seen;
        if (last == null) {
            return Health.down()
                    .withDetail("reason", name + " has not answered yet")
                    .build();
        }
        return last.complaint() == null
                ? Health.up().build()
                : Health.down()
                        .withDetail("reason", last.complaint())
                        .withDetail("since", last.since().toString())
                        .build();
    }

    /** Returns when it has been asked for the first time. */
    void awaitAnswer() {
        CompletableFuture.runAsync(() -> {}, asking).join();
    }

    private void ask() {
        String complaint = null;
        try {
            question.ask();
        } catch (Exception away) {
            complaint = words.apply(away);
        }
        if (!asking.isShutdown()) {
            note(complaint, Instant.now());
        }
    }

    private void note(String complaint, Instant now) {
        Seen before = seen;
        boolean wasThere = before != null && before.complaint() == null;
        if (complaint == null) {
            seen = wasThere ? before : new Seen(null, now, now);
            if (before != null && !wasThere) {
                LOG.info(
                        "{} is there, after {} s",
                        name,
                        Duration.between(before.since(), now).toSeconds());
            }
            if (!wasThere) {
                whenThere.run();
            }
            return;
        }
        Instant since = before == null || wasThere ? now : before.since();
        boolean said = before != null && complaint.equals(before.complaint());
        if (said && before.told().plus(REMINDER).isAfter(now)) {
            return;
        }
        seen = new Seen(complaint, since, now);
        if (said) {
            LOG.warn(
                    "{} (for {} minutes)",
                    complaint,
                    Duration.between(since, now).toMinutes());
        } else {
            LOG.warn("{}; it is asked again every {} s", complaint, period.toSeconds());
        }
    }

    /** Not earlier: Spring would take a bean that it starts itself for a reason to start Camel, which has no routes yet. */
    @EventListener(ApplicationReadyEvent.class)
    void start() {
        asking = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "asks " + name);
            thread.setDaemon(true);
            return thread;
        });
        asking.scheduleWithFixedDelay(this::ask, 0, period.toMillis(), TimeUnit.MILLISECONDS);
    }

    @EventListener(ContextClosedEvent.class)
    void stop() {
        if (asking != null) {
            asking.shutdownNow();
        }
    }
}
