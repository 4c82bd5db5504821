package io.github.videotomp3.camel;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what a sweep could not do. Sweeps come every few seconds and fail alike while a server is away, so the same failure
 * of a route is logged once in ten minutes.
 */
public final class SweepFailures {

    private static final Logger LOG = LoggerFactory.getLogger(SweepFailures.class);
    private static final long QUIET_NANOS = Duration.ofMinutes(10).toNanos();

    private final Map<String, Told> told = new ConcurrentHashMap<>();

    private record Told(String reason, long nanos) {}

    /** @param failure of which the first sentence is logged, since drivers append the state of all that they know */
    public void log(String route, Exception failure) {
        String message = failure.getMessage();
        String reason = message == null ? failure.getClass().getSimpleName() : message.split("\\.\\s|\\R", 2)[0];
        long now = System.nanoTime();
        Told before = told.get(route);
        if (before == null || !before.reason().equals(reason) || now - before.nanos() > QUIET_NANOS) {
            told.put(route, new Told(reason, now));
            LOG.warn("{} tries again later: {}", route, reason);
        }
    }
}
