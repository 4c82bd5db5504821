package io.github.videotomp3.auth;

/** A user that may be stored: an acceptable address, and the hash of an acceptable password. */
public record Account(String email, String passwordHash) {

    /** Shows the address only. */
    @Override
    public String toString() {
        return "Account[email=" + email + "]";
    }
}
