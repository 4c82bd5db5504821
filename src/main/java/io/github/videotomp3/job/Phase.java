package io.github.videotomp3.job;

import java.util.Locale;

/** What a converter is at with the job that it holds; the name in lower case is what the database and the API show. */
public enum Phase {
    /** The video is on its way to the converter. */
    FETCHING,
    /** ffmpeg is at work. */
    CONVERTING,
    /** The MP3 is on its way into the document store. */
    STORING;

    /** The name that the database and the API show. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Phase of(String key) {
        return key == null ? null : valueOf(key.toUpperCase(Locale.ROOT));
    }
}
