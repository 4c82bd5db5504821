package io.github.videotomp3.auth;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.time.Instant;

/** A token that was just made, and the second in which it ceases to be valid. */
public record IssuedToken(
        String token,

        @JsonProperty("expires_at") @JsonSerialize(using = ToStringSerializer.class)
        Instant expiresAt) {

    /** Leaves out the token, which is as good as a password. */
    @Override
    public String toString() {
        return "IssuedToken[expiresAt=" + expiresAt + "]";
    }
}
