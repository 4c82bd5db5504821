package io.github.videotomp3.auth;

/**
 * A user whose password was right.
 *
 * @param email  the address as the database has it
 * @param rehash true when the stored password is plain text or a weak hash, and this login should replace it
 */
public record Login(long id, String email, boolean admin, boolean rehash) {}
