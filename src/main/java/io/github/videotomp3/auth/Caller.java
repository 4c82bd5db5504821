package io.github.videotomp3.auth;

/** Who sent a request, as a valid token says. */
public record Caller(String username, boolean admin) {}
