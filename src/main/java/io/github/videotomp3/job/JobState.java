package io.github.videotomp3.job;

import java.util.Locale;

/** Where a job stands; the name in lower case is what the database and the API show. */
public enum JobState {
    /** The video is in GridFS, nobody has been told yet. */
    STORED,
    /** The broker has confirmed the message in the queue {@code video}. */
    QUEUED,
    /** A converter holds the lease. */
    CONVERTING,
    /** The MP3 can be downloaded. */
    DONE,
    /** The video can't be converted, for a reason that its owner can understand. */
    REJECTED,
    /** Given up, mostly after too many attempts, for a reason that the operator has to look at. */
    FAILED,
    /** Removed by its owner; only the id is kept, so that a message still under way is not taken for an unknown one. */
    DELETED;

    /** The name that the database and the API show. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    static JobState of(String key) {
        return valueOf(key.toUpperCase(Locale.ROOT));
    }
}
