package io.github.videotomp3.job;

import io.github.videotomp3.camel.Refusal;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bson.types.ObjectId;

/**
 * Links to MP3s for those who can send no token, such as a player in a page or the reader of a mail: who has one may fetch
 * that MP3 until the link expires; and links with which such a reader ends the mails. They are signed with HMAC-SHA256
 * (RFC 2104) and with secrets of their own, so that who writes mails can't make tokens.
 */
public final class SignedLinks {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int FEWEST_SECRET_BYTES = 32;

    /** Looking for one takes longer than signing with it, and a page of jobs has many links. */
    private static final ThreadLocal<Mac> MAC = ThreadLocal.withInitial(SignedLinks::mac);

    private final List<SecretKeySpec> downloadKeys;
    private final List<SecretKeySpec> unsubscribeKeys;
    private final Duration lifetime;
    private final Clock clock;

    /**
     * @param secrets one or more of at least 32 bytes each, separated by commas: the first signs, all verify, so that a
     *     secret is replaced by putting a new one before it
     * @param lifetime how long a link is good at least, 1 minute or more; at most twice as long
     */
    public SignedLinks(String secrets, Duration lifetime) {
        this(secrets, lifetime, Clock.systemUTC());
    }

    SignedLinks(String secrets, Duration lifetime, Clock clock) {
        if (lifetime.toMinutes() < 1) {
            throw new IllegalArgumentException("the lifetime of a link must be 1 minute or more, not " + lifetime);
        }
        List<byte[]> secretBytes = bytes(secrets);
        this.downloadKeys = keys(secretBytes, "download links");
        this.unsubscribeKeys = keys(secretBytes, "unsubscribe links");
        this.lifetime = lifetime;
        this.clock = clock;
    }

    private static List<byte[]> bytes(String secrets) {
        List<byte[]> keys = new ArrayList<>();
        for (String listed : secrets.split(",", -1)) {
            byte[] secret = listed.strip().getBytes(StandardCharsets.UTF_8);
            if (secret.length < FEWEST_SECRET_BYTES) {
                throw new IllegalArgumentException("secret " + (keys.size() + 1) + " of links.secrets (LINKS_SECRETS"
                        + " in the environment; commas separate secrets) has " + secret.length + " bytes, but "
                        + FEWEST_SECRET_BYTES + " are needed: make one with openssl rand -base64 48");
            }
            keys.add(secret);
        }
        return keys;
    }

    /** A key of its own for each purpose, so that no signature is good for another. */
    private static List<SecretKeySpec> keys(List<byte[]> secrets, String purpose) {
        return secrets.stream()
                .map(secret -> new SecretKeySpec(hmac(new SecretKeySpec(secret, ALGORITHM), purpose), ALGORITHM))
                .toList();
    }

    /** A link to the job's MP3. It stays the same for a while, so that a browser keeps what it has fetched. */
    public String to(Job job) {
        String fid = job.id().toHexString();
        String expires = String.valueOf(expiry().getEpochSecond());
        return "/download?fid=" + fid + "&expires=" + expires + "&sig=" + signature(downloadKeys.get(0), fid, expires);
    }

    /** When a link that is made now expires. */
    public Instant expiry() {
        long seconds = lifetime.toSeconds();
        return Instant.ofEpochSecond((clock.instant().getEpochSecond() / seconds + 2) * seconds);
    }

    /**
     * Tells to which job's MP3 a link leads.
     *
     * @throws Refusal 403 if it is not signed, or has expired
     */
    public ObjectId verify(String fid, String expires, String signature) {
        requireSignature(signature, downloadKeys, fid, expires);
        if (clock.instant().isAfter(Instant.ofEpochSecond(Long.parseLong(expires)))) {
            throw Refusal.of(403, "link expired", "This link has expired; sign in for a new one.");
        }
        return new ObjectId(fid);
    }

    /** A link that ends the mails to somebody. It never expires, since old mails are kept. */
    public String unsubscribe(String owner) {
        String person = MailSwitch.person(owner);
        return "/unsubscribe?person=" + person + "&sig=" + signature(unsubscribeKeys.get(0), person);
    }

    /** @throws Refusal 403 if it is not the link of that person */
    public void verifyUnsubscribe(String person, String signature) {
        requireSignature(signature, unsubscribeKeys, person);
    }

    private static void requireSignature(String signature, List<SecretKeySpec> keys, String... parts) {
        boolean missing = signature == null || Arrays.asList(parts).contains(null);
        if (missing || keys.stream().noneMatch(key -> isSame(signature, signature(key, parts)))) {
            throw Refusal.of(403, "bad link", "The signature of this link is not valid.");
        }
    }

    private static boolean isSame(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private static String signature(SecretKeySpec key, String... parts) {
        return HexFormat.of().formatHex(hmac(key, String.join("\n", parts)));
    }

    private static byte[] hmac(SecretKeySpec key, String text) {
        Mac mac = MAC.get();
        try {
            mac.init(key);
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("Any bytes are a key for " + ALGORITHM, e);
        }
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Mac mac() {
        try {
            return Mac.getInstance(ALGORITHM);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has " + ALGORITHM, e);
        }
    }
}
