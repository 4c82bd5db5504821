package io.github.videotomp3.auth;

import io.github.videotomp3.camel.Refusal;
import io.jsonwebtoken.Claims;
import io.jsonwebtoken.ExpiredJwtException;
import io.jsonwebtoken.Header;
import io.jsonwebtoken.Jws;
import io.jsonwebtoken.JwtException;
import io.jsonwebtoken.JwtParser;
import io.jsonwebtoken.JwtParserBuilder;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.MalformedJwtException;
import io.jsonwebtoken.UnsupportedJwtException;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Collections;
import java.util.Date;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.apache.camel.support.LRUCacheFactory;

/**
 * Issues and verifies the tokens that callers carry: JWTs signed with HS256 and nothing else (RFC 8725 §3.1). Tokens of
 * the original system say neither for whom nor with which key they were made, and are refused.
 */
public class Tokens {

    /** With what a {@code WWW-Authenticate} begins that asks for a token (RFC 6750 §3). */
    public static final String CHALLENGE = "Bearer realm=\"video-to-mp3\"";

    private static final String TYPE = "at+jwt";
    private static final String SCHEME = "Bearer ";
    private static final String INVALID = "the token is not valid";
    private static final String EXPIRED = "the token has expired";
    private static final int FEWEST_SECRET_BYTES = 32;
    private static final int LONGEST_TOKEN = 4096;
    private static final int VERIFIED_TOKENS = 500; // at most 2 MB
    private static final Duration LONGEST_LEEWAY = Duration.ofMinutes(5);

    /** Three parts in base64url, the last of them the 32 bytes of an HS256 signature. */
    private static final Pattern COMPACT = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]{43}");

    private final Map<String, SecretKey> keys;
    private final String signer;
    private final String issuer;
    private final String audience;
    private final Duration lifetime;
    private final Clock clock;
    private final JwtParser parser;

    /** Claims of tokens that were found valid, by the whole token: a caller sends the same one again and again. */
    private final Map<String, Claims> verified = LRUCacheFactory.newLRUCache(VERIFIED_TOKENS);

    /**
     * @param secrets  one or more secrets of at least 32 bytes each, separated by commas: the first signs, all verify,
     *                 so that a secret is replaced by putting a new one before it
     * @param lifetime how long a token is valid, at least a second
     * @param leeway   how far the clocks of two machines may differ, at most 5 minutes
     */
    public Tokens(String secrets, String issuer, String audience, Duration lifetime, Duration leeway) {
        this(secrets, issuer, audience, lifetime, leeway, Clock.systemUTC());
    }

    Tokens(String secrets, String issuer, String audience, Duration lifetime, Duration leeway, Clock clock) {
        if (lifetime.toSeconds() < 1) {
            throw new IllegalArgumentException("auth.token.lifetime must be 1 s or more, not " + lifetime);
        }
        if (leeway.isNegative() || leeway.compareTo(LONGEST_LEEWAY) > 0) {
            throw new IllegalArgumentException("auth.token.leeway must be from 0 to 5 minutes, not " + leeway);
        }
        this.keys = keys(secrets);
        this.signer = keys.keySet().iterator().next();
        this.issuer = issuer;
        this.audience = audience;
        this.lifetime = lifetime;
        this.clock = clock;
        this.parser = pinned(keys::get)
                .requireIssuer(issuer)
                .requireAudience(audience)
                .clockSkewSeconds(leeway.toSeconds())
                .clock(() -> Date.from(clock.instant()))
                .build();
    }

    /** Makes the token that a user carries from now on (header as in RFC 9068 §2.1). */
    public IssuedToken issue(Login login) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant expiresAt = now.plusSeconds(lifetime.toSeconds());
        String token = Jwts.builder()
                .header()
                .type(TYPE)
                .keyId(signer)
                .and()
                .claim("username", login.email())
                .claim("admin", login.admin())
                .issuedAt(Date.from(now))
                .expiration(Date.from(expiresAt))
                .issuer(issuer)
                .audience()
                .add(audience)
                .and()
                .id(UUID.randomUUID().toString())
                .signWith(keys.get(signer), Jwts.SIG.HS256)
                .compact();
        return new IssuedToken(token, expiresAt);
    }

    /**
     * Tells who sent the header {@code Authorization: Bearer <token>}.
     *
     * @throws Refusal 401 with a challenge by RFC 6750 §3, which names an error only if credentials were sent
     */
    public Caller verify(@org.apache.camel.Header("Authorization") String authorization) {
        String token = bearer(authorization);
        try {
            Claims claims = claimsIn(token);
            return new Caller(claims.get("username", String.class), claims.get("admin", Boolean.class));
        } catch (ExpiredJwtException late) {
            throw invalid(EXPIRED);
        } catch (JwtException | IllegalArgumentException bad) {
            throw invalid(INVALID);
        }
    }

    /**
     * What stands behind {@code Bearer} in the header {@code Authorization}.
     *
     * @throws Refusal 401 if there is no such header, or it has another scheme
     */
    public static String bearer(String authorization) {
        if (authorization == null || authorization.isBlank()) {
            throw missing();
        }
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw invalid("expected is Authorization: Bearer, a space, and the token");
        }
        return authorization.substring(SCHEME.length()).strip();
    }

    /**
     * Answers {@code /validate} as the original's gateway expects it: exactly admin, exp, iat and username, times in
     * seconds since 1970, whatever the scheme is called.
     *
     * @throws Refusal 401 when there is no header, 403 when there is no valid token in it
     */
    public SortedMap<String, Object> claims(@org.apache.camel.Header("Authorization") String authorization) {
        if (authorization == null || authorization.isBlank()) {
            throw missing();
        }
        try {
            Claims claims = claimsIn(
                    authorization.substring(authorization.indexOf(' ') + 1).strip());
            return Collections.unmodifiableSortedMap(new TreeMap<>(Map.of(
                    "admin", claims.get("admin", Boolean.class),
                    "exp", claims.getExpiration().toInstant().getEpochSecond(),
                    "iat", claims.getIssuedAt().toInstant().getEpochSecond(),
                    "username", claims.get("username", String.class))));
        } catch (ExpiredJwtException late) {
            throw Refusal.of(403, "not authorized", EXPIRED);
        } catch (JwtException | IllegalArgumentException bad) {
            throw Refusal.of(403, "not authorized", INVALID);
        }
    }

    /**
     * When the token of this header was made, to the second.
     *
     * @throws Refusal as {@link #claims}
     */
    public Instant issued(String authorization) {
        return Instant.ofEpochSecond((Long) claims(authorization).get("iat"));
    }

    /** The payload of a JWS whose signature is right, without a look at any claim. */
    static byte[] payload(String compact, SecretKey key) {
        checkForm(compact);
        return pinned(kid -> key).build().parseSignedContent(compact).getPayload();
    }

    private Claims claimsIn(String compact) {
        Claims known = verified.get(compact);
        if (known != null && clock.instant().isBefore(known.getExpiration().toInstant())) {
            return known;
        }
        Claims claims = verifiedClaims(compact);
        verified.put(compact, claims);
        return claims;
    }

    private Claims verifiedClaims(String compact) {
        checkForm(compact);
        Jws<Claims> token = parser.parseSignedClaims(compact);
        if (!TYPE.equalsIgnoreCase(token.getHeader().getType())) {
            throw new UnsupportedJwtException("not of type " + TYPE);
        }
        Claims claims = token.getPayload();
        if (claims.getExpiration() == null
                || claims.getIssuedAt() == null
                || claims.get("username", String.class) == null
                || claims.get("admin", Boolean.class) == null) {
            throw new MalformedJwtException("a claim is missing");
        }
        return claims;
    }

    /** Takes no algorithm but HS256, no compression, and no extension that must be understood. */
    private static JwtParserBuilder pinned(Function<String, SecretKey> keys) {
        return Jwts.parser()
                .sig()
                .clear()
                .add(Jwts.SIG.HS256)
                .and()
                .zip()
                .clear()
                .and()
                .keyLocator(header -> keyFor(header, keys));
    }

    private static Key keyFor(Header header, Function<String, SecretKey> keys) {
        if (header.containsKey("crit") || header.containsKey("b64")) {
            throw new UnsupportedJwtException("extensions are not understood");
        }
        return header.get("kid") instanceof String kid ? keys.apply(kid) : null;
    }

    /** Lets one token have one spelling only: the library's decoder overlooks stray characters and unused bits. */
    private static void checkForm(String compact) {
        if (compact.length() > LONGEST_TOKEN || !COMPACT.matcher(compact).matches()) {
            throw new MalformedJwtException("not a compact JWS");
        }
        for (String part : compact.split("\\.")) {
            byte[] bytes = Base64.getUrlDecoder().decode(part);
            if (!Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part)) {
                throw new MalformedJwtException("not canonical base64url");
            }
        }
    }

    private static Refusal missing() {
        return Refusal.of(401, "missing credentials", "send Authorization: Bearer and the token that a login gives")
                .withHeader("WWW-Authenticate", CHALLENGE);
    }

    /**
     * The refusal of a token or key that is not valid: 401 with a challenge by RFC 6750 §3.1.
     *
     * @param description for its sender; ASCII without quotation marks
     */
    public static Refusal invalid(String description) {
        return Refusal.of(401, "not authorized", description)
                .withHeader(
                        "WWW-Authenticate",
                        CHALLENGE + ", error=\"invalid_token\", error_description=\"" + description + "\"");
    }

    private static Map<String, SecretKey> keys(String secrets) {
        Map<String, SecretKey> keys = new LinkedHashMap<>();
        for (String listed : secrets.split(",", -1)) {
            byte[] secret = listed.strip().getBytes(StandardCharsets.UTF_8);
            if (secret.length < FEWEST_SECRET_BYTES) {
                throw new IllegalArgumentException("secret " + (keys.size() + 1) + " of auth.token.secrets (JWT_SECRET"
                        + " in the environment; commas separate secrets) has " + secret.length + " bytes, but HS256"
                        + " needs 256 bits, which is " + FEWEST_SECRET_BYTES + " bytes (RFC 7518 section 3.2): make one"
                        + " with openssl rand -base64 48");
            }
            keys.put(keyId(secret), new SecretKeySpec(secret, "HmacSHA256"));
        }
        return keys;
    }

    private static String keyId(byte[] secret) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(secret);
            return HexFormat.of().formatHex(digest, 0, 4);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
