package io.github.videotomp3.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** Hashes of Argon2id in the PHC string format (RFC 9106), computed by Bouncy Castle. */
final class Argon2 {

    /** What is tried as a hash: the library fails in its own ways on what only begins like one. */
    private static final Pattern HASH = Pattern.compile(
            "\\$(argon2(?:id|i|d))\\$v=(\\d{2})\\$m=(\\d{1,6}),t=(\\d{1,2}),p=(\\d{1,2})\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");

    private static final Map<String, Integer> TYPES = Map.of(
            "argon2d", Argon2Parameters.ARGON2_d,
            "argon2i", Argon2Parameters.ARGON2_i,
            "argon2id", Argon2Parameters.ARGON2_id);
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;

    private final SecureRandom random = new SecureRandom();
    private final int memory;
    private final int passes;

    /**
     * @param memory KiB of a new hash
     * @param passes over that memory
     */
    Argon2(int memory, int passes) {
        this.memory = memory;
        this.passes = passes;
    }

    /** A new hash, with a salt of its own. */
    String hash(String password) {
        byte[] salt = random(SALT_BYTES);
        byte[] hash = compute(
                Argon2Parameters.ARGON2_id,
                Argon2Parameters.ARGON2_VERSION_13,
                memory,
                passes,
                1,
                salt,
                password,
                HASH_BYTES);
        return encoded(salt, hash);
    }

    /** What costs as much to compare with as a new hash, and is that of no password anybody could find. */
    String nobodysHash() {
        return encoded(random(SALT_BYTES), random(HASH_BYTES));
    }

    private byte[] random(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private String encoded(byte[] salt, byte[] hash) {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=" + Argon2Parameters.ARGON2_VERSION_13 + "$m=" + memory + ",t=" + passes + ",p=1$"
                + base64.encodeToString(salt) + "$" + base64.encodeToString(hash);
    }

    static boolean isHash(String stored) {
        return HASH.matcher(stored).matches();
    }

    /** Whether the password has this hash; one with parameters that can't be is nobody's. */
    static boolean matches(String password, String stored) {
        Matcher hash = HASH.matcher(stored);
        if (!hash.matches()) {
            return false;
        }
        try {
            byte[] expected = Base64.getDecoder().decode(hash.group(7));
            byte[] actual = compute(
                    TYPES.get(hash.group(1)),
                    Integer.parseInt(hash.group(2)),
                    Integer.parseInt(hash.group(3)),
                    Integer.parseInt(hash.group(4)),
                    Integer.parseInt(hash.group(5)),
                    Base64.getDecoder().decode(hash.group(6)),
                    password,
                    expected.length);
            return MessageDigest.isEqual(expected, actual);
        } catch (IllegalArgumentException | IllegalStateException impossible) {
            return false;
        }
    }

    /** Whether a new hash would be stronger than this one. */
    boolean isWeak(String stored) {
        Matcher hash = HASH.matcher(stored);
        return !hash.matches()
                || !hash.group(1).equals("argon2id")
                || Integer.parseInt(hash.group(3)) < memory
                || Integer.parseInt(hash.group(4)) < passes;
    }

    private static byte[] compute(
            int type, int version, int memory, int passes, int lanes, byte[] salt, String password, int length) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(type)
                .withVersion(version)
                .withMemoryAsKB(memory)
                .withIterations(passes)
                .withParallelism(lanes)
                .withSalt(salt)
                .build());
        byte[] hash = new byte[length];
        generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
        return hash;
    }
}
