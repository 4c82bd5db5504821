package io.github.videotomp3.auth;

import io.github.videotomp3.camel.Refusal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.camel.ExchangeProperty;

/** Hashes and checks passwords with Argon2id (19 MiB, 2 passes, 1 lane: OWASP Password Storage Cheat Sheet). */
public class Passwords {

    private static final int KIB = 19_456;

    /** In UTF-16 units; bounds the work that a stranger can ask for. */
    static final int LONGEST = 1024;

    private final Argon2 argon2 = new Argon2(KIB, 2);
    private final String nobodysHash = argon2.nobodysHash();
    private final Semaphore turns;
    private final Duration patience;

    /** Runs {@link #atOnce} computations; others wait for up to 5 seconds. */
    public Passwords() {
        this(
                atOnce(
                        Runtime.getRuntime().availableProcessors(),
                        Runtime.getRuntime().maxMemory()),
                Duration.ofSeconds(5));
    }

    Passwords(int atOnce, Duration patience) {
        this.turns = new Semaphore(atOnce, true);
        this.patience = patience;
    }

    /** As many as there are cores, as long as a quarter of the heap is enough for them: a large node may run a small JVM. */
    static int atOnce(int cores, long maxHeapBytes) {
        return (int) Math.max(1, Math.min(cores, maxHeapBytes / 4 / (KIB * 1024L)));
    }

    /**
     * A salted hash of 97 characters in the PHC string format.
     *
     * @throws Refusal 503 when too many others wait for theirs
     */
    public String hash(String password) {
        if (password.length() > LONGEST) {
            throw new IllegalArgumentException("a password of more than " + LONGEST + " characters is not hashed");
        }
        return inTurn(() -> argon2.hash(password));
    }

    /**
     * The same for a login. The credentials come whole: Camel would take quotes off a password that a route hands over as
     * a text, and call a static method of the record, if it has one of that name where it says {@code credentials.password}.
     */
    public String rehash(@ExchangeProperty("credentials") Credentials credentials) {
        return hash(credentials.password());
    }

    /**
     * Checks a password against a row of the table {@code user}. An unknown user costs the same time and gets the same
     * answer as a wrong password (ASVS 5.0 6.3.8). A stored password that does not begin like an Argon2 hash is plain
     * text, as the original system kept it.
     *
     * @param row the columns id, email, password and admin in any letter case; null or empty for an unknown user
     * @throws Refusal 401 when the user is unknown or the password wrong, 503 when too many others wait
     */
    public Login verify(Map<String, Object> row, Credentials credentials) {
        Map<String, Object> user = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        if (row != null) {
            user.putAll(row);
        }
        String stored = user.get("password") instanceof String text ? text : "";
        boolean hashed = Argon2.isHash(stored);
        boolean plain = !stored.isEmpty() && !stored.startsWith("$argon2");
        String typed = credentials.password();
        if (typed.length() > LONGEST) {
            throw wrong();
        }
        boolean matches = inTurn(() -> Argon2.matches(typed, hashed ? stored : nobodysHash));
        boolean right = hashed && matches || plain && equal(Credentials.normalized(stored), typed);
        if (!right) {
            throw wrong();
        }
        boolean rehash = argon2.isWeak(stored);
        return new Login(
                ((Number) user.get("id")).longValue(), (String) user.get("email"), yes(user.get("admin")), rehash);
    }

    private static boolean equal(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean yes(Object column) {
        return Boolean.TRUE.equals(column) || column instanceof Number number && number.intValue() != 0;
    }

    private <T> T inTurn(Supplier<T> work) {
        try {
            if (!turns.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw busy();
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw busy();
        }
        try {
            return work.get();
        } finally {
            turns.release();
        }
    }

    private static Refusal wrong() {
        return Credentials.challenge(
                Refusal.of(401, "invalid credentials", "no user has this e-mail address and password"));
    }

    private static Refusal busy() {
        return Refusal.of(503, "busy", "too many logins at once, try again in a second")
                .withHeader("Retry-After", "1");
    }
}
