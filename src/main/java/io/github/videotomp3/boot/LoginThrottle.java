package io.github.videotomp3.boot;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Lets an address that has given too many wrong passwords wait. It counts in memory, for this process. */
final class LoginThrottle {

    private record Attempts(int count, long lastNanos) {}

    private final Map<String, Attempts> attempts = new ConcurrentHashMap<>();
    private final int allowed;
    private final Duration pause;

    /**
     * @param allowed wrong passwords before the address has to wait, 1 or more
     * @param pause how long it waits after the last of them, 1 s or more
     */
    LoginThrottle(int allowed, Duration pause) {
        if (allowed < 1) {
            throw new IllegalArgumentException("operator.login.attempts must be 1 or more, not " + allowed);
        }
        if (pause.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("operator.login.wait must be 1 s or more, not " + pause);
        }
        this.allowed = allowed;
        this.pause = pause;
    }

    boolean isClosed(String address) {
        attempts.values().removeIf(old -> System.nanoTime() - old.lastNanos() > pause.toNanos());
        Attempts made = attempts.get(address);
        return made != null && made.count() >= allowed;
    }

    /** Counts an attempt before its password is looked at, so that attempts at the same moment are no way round. */
    boolean admits(String address) {
        Attempts made = attempts.merge(
                address,
                new Attempts(1, System.nanoTime()),
                (old, one) -> new Attempts(old.count() + 1, one.lastNanos()));
        return made.count() <= allowed;
    }

    void passed(String address) {
        attempts.remove(address);
    }

    Duration pause() {
        return pause;
    }
}
