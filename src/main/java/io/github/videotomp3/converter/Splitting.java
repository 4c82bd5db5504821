package io.github.videotomp3.converter;

import io.github.videotomp3.camel.Workers;
import java.time.Duration;

/** Decides among how many ffmpegs the sound of one video is shared: its own worker's, and one for each core that is idle. */
public final class Splitting {

    /** Each decodes the sound from its beginning: beyond this, that takes longer than what is left to encode. */
    private static final int MOST = 8;

    private final Duration minLength;
    private final int usable;
    private final Workers workers;

    /**
     * @param minLength of a sound that is shared; 0 to share none
     * @param workers how many videos this converter takes at once, 1 or more
     * @param busy counts those that it has taken
     */
    public Splitting(Duration minLength, int workers, Workers busy) {
        this.minLength = minLength;
        this.usable = Math.min(workers, Runtime.getRuntime().availableProcessors());
        this.workers = busy;
    }

    /**
     * How many at most, 1 to {@value #MOST}; to be asked by a worker that is at it.
     *
     * @param length of the sound; null if unknown
     */
    int parts(Duration length) {
        if (minLength.isZero() || length == null || length.compareTo(minLength) < 0) {
            return 1;
        }
        return Math.max(1, Math.min(MOST, usable - workers.busy() + 1));
    }
}
