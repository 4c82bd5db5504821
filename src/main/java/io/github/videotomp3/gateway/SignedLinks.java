package io.github.videotomp3.gateway;

import io.github.videotomp3.auth.Caller;
import io.github.videotomp3.camel.Refusal;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.Jobs;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.camel.Header;
import org.bson.types.ObjectId;

/**
 * Links to MP3s for those who can send no token, such as a player in a page: who has one may fetch that MP3 until the link
 * expires. It is signed with HMAC-SHA256 (RFC 2104), with keys of its own that are derived from the secrets of the tokens.
 */
public final class SignedLinks {

    private static final String ALGORITHM = "HmacSHA256";

    private final Jobs jobs;
    private final Access access;
    private final List<byte[]> keys;
    private final Duration lifetime;
    private final Clock clock;

    /**
     * @param secrets as for the tokens: the first signs, all verify
     * @param lifetime how long a link is good at least, 1 minute or more; at most twice as long
     */
    public SignedLinks(Jobs jobs, Access access, String secrets, Duration lifetime) {
        this(jobs, access, secrets, lifetime, Clock.systemUTC());
    }

    SignedLinks(Jobs jobs, Access access, String secrets, Duration lifetime, Clock clock) {
        if (lifetime.toMinutes() < 1) {
            throw new IllegalArgumentException("gateway.link.lifetime must be 1 minute or more, not " + lifetime);
        }
        this.jobs = jobs;
        this.access = access;
        this.keys = Arrays.stream(secrets.split(","))
                .map(secret -> hmac(secret.strip().getBytes(StandardCharsets.UTF_8), "download links"))
                .toList();
        this.lifetime = lifetime;
        this.clock = clock;
    }

    /** A link to the job's MP3. It stays the same for a while, so that a browser keeps what it has fetched. */
    public String to(Job job) {
        String fid = job.id().toHexString();
        long seconds = lifetime.toSeconds();
        String expires = String.valueOf((clock.instant().getEpochSecond() / seconds + 2) * seconds);
        return "/download?fid=" + fid + "&expires=" + expires + "&sig=" + signature(keys.get(0), fid, expires);
    }

    /**
     * Tells on whose behalf an MP3 is fetched: that of the job's owner if the link is signed, else that of the token or key.
     *
     * @throws Refusal 401 or 403 for a token or key as {@link Access#toRead}, 403 for a link
     */
    public Caller verify(
            @Header("Authorization") String authorization,
            @Header("fid") String fid,
            @Header("expires") String expires,
            @Header("sig") String signature) {
        if (signature == null) {
            return access.toRead(authorization);
        }
        if (fid == null || expires == null || keys.stream().noneMatch(key -> isSigned(key, fid, expires, signature))) {
            throw Refusal.of(403, "bad link", "The signature of this link is not valid.");
        }
        if (clock.instant().isAfter(Instant.ofEpochSecond(Long.parseLong(expires)))) {
            throw Refusal.of(403, "link expired", "This link has expired; sign in for a new one.");
        }
        return jobs.owner(new ObjectId(fid))
                .map(owner -> new Caller(owner, false))
                .orElseThrow(() -> Refusal.of(404, "not found", "The MP3 of this link has been deleted."));
    }

    private static boolean isSigned(byte[] key, String fid, String expires, String signature) {
        return MessageDigest.isEqual(
                signature(key, fid, expires).getBytes(StandardCharsets.UTF_8),
                signature.getBytes(StandardCharsets.UTF_8));
    }

    private static String signature(byte[] key, String fid, String expires) {
        return HexFormat.of().formatHex(hmac(key, fid + '\n' + expires));
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has " + ALGORITHM, e);
        }
    }
}
