package io.github.videotomp3.boot;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** Lets an address that has given too many wrong passwords wait. It counts in memory, for this process. */
final class LoginThrottle {

    private record Wrong(int count, long lastNanos) {}

    private final Map<String, Wrong> wrong = new ConcurrentHashMap<>();
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
        wrong.values().removeIf(this::isOver);
        return isClosed(wrong.get(address));
    }

    /**
     * Looks at one password after the other, so that many at the same moment are no way round, and right ones are not
     * taken for guesses. A closed address is told "wrong" without a look.
     *
     * @param right looks at the password; it takes no time and asks nobody
     */
    boolean passes(String address, BooleanSupplier right) {
        AtomicBoolean passed = new AtomicBoolean();
        wrong.compute(address, (key, before) -> {
            Wrong counted = before == null || isOver(before) ? new Wrong(0, 0) : before;
            if (isClosed(counted)) {
                return counted;
            }
            passed.set(right.getAsBoolean());
            return passed.get() ? null : new Wrong(counted.count() + 1, System.nanoTime());
        });
        return passed.get();
    }

    private boolean isClosed(Wrong counted) {
        return counted != null && counted.count() >= allowed;
    }

    private boolean isOver(Wrong counted) {
        return System.nanoTime() - counted.lastNanos() > pause.toNanos();
    }

    Duration pause() {
        return pause;
    }
}
