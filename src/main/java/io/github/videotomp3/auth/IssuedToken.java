package io.github.videotomp3.auth;

import java.time.Instant;

/** A token that was just made, and the second in which it ceases to be valid. */
public record IssuedToken(String token, Instant expiresAt) {

    /** Leaves out the token, which is as good as a password. */
    @Override
    public String toString() {
        return "IssuedToken[expiresAt=" + expiresAt + "]";
    }
}
