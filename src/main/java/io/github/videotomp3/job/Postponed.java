package io.github.videotomp3.job;

import java.time.Duration;
import java.util.Optional;

/** A message whose time has not come, such as one whose job another worker holds: it comes back later, uncounted. */
public class Postponed extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Duration delay;

    public Postponed(String reason) {
        super(reason);
        this.delay = null;
    }

    /** @param delay after which the message's time will have come, more than 0 */
    public Postponed(String reason, Duration delay) {
        super(reason);
        this.delay = delay;
    }

    /** When the message's time will come, if that is known. */
    public Optional<Duration> delay() {
        return Optional.ofNullable(delay);
    }
}
