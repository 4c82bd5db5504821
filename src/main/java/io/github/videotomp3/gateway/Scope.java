package io.github.videotomp3.gateway;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What the holder of an API key may do; the name in lower case is what the database and the API show. */
public enum Scope {
    /** Send videos. */
    UPLOAD,
    /** See jobs and the account's use, and download MP3s. */
    READ,
    /** Delete jobs. */
    DELETE;

    /** The name that the database and the API show. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Scope> of(String key) {
        return Arrays.stream(values()).filter(scope -> scope.key().equals(key)).findFirst();
    }
}
