package io.github.videotomp3.auth;

import static io.github.videotomp3.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.videotomp3.camel.Refusal;
import io.jsonwebtoken.Jwts;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {

    private static final String SECRET = "a secret that only the tests know: 64 bytes so HS512 could use it";
    private static final String OTHER = "another secret that is long enough also for the other HMACs of JWA";
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final Login LOGIN = new Login(7, "me@example.com", true, false);
    private static final String HEADER = "{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"KID\"}";
    private static final String CLAIMS = "{\"username\":\"me@example.com\",\"admin\":true,\"iat\":1767323045,"
            + "\"exp\":1767409445,\"iss\":\"issuer\",\"aud\":\"audience\"}";

    private final Tokens tokens = tokens(SECRET, NOW);

    @Test
    void issuesATokenThatSaysForWhomAndHowLong() throws Exception {
        IssuedToken issued = tokens.issue(LOGIN);
        assertThat(issued.expiresAt()).isEqualTo("2026-01-03T03:04:05Z");
        assertThat(json(issued.token(), 0)).isEqualTo(new ObjectMapper().readTree(header()));
        JsonNode claims = json(issued.token(), 1);
        assertThat(claims.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("username", "admin", "iat", "exp", "iss", "aud", "jti");
        assertThat(claims.get("exp").asLong()).isEqualTo(1767409445);
        assertThat(claims.get("iat").asLong()).isEqualTo(1767323045);
        assertThat(issued).asString().doesNotContain(issued.token());
    }

    @Test
    void neverIssuesTheSameTokenTwice() {
        assertThat(tokens.issue(LOGIN).token()).isNotEqualTo(tokens.issue(LOGIN).token());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "bearer ", "BEARER  "})
    void knowsTheCallerByTheToken(String scheme) {
        assertThat(tokens.verify(scheme + tokens.issue(LOGIN).token())).isEqualTo(new Caller("me@example.com", true));
    }

    @Test
    void knowsWhoIsNoAdmin() {
        String token =
                tokens.issue(new Login(8, "you@example.com", false, false)).token();
        assertThat(tokens.verify("Bearer " + token)).isEqualTo(new Caller("you@example.com", false));
    }

    @Test
    void takesATokenMadeByHandFromTheSameParts() throws Exception {
        assertThat(tokens.verify("Bearer " + sign(header(), CLAIMS))).isEqualTo(new Caller("me@example.com", true));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " "})
    void namesNoErrorWhenNoCredentialsWereSent(String authorization) {
        Refusal refusal = refusalOf(() -> tokens.verify(authorization));
        assertThat(refusal.getStatus()).isEqualTo(401);
        assertThat(refusal.getTitle()).isEqualTo("missing credentials");
        assertThat(refusal.getHeaders()).containsEntry("WWW-Authenticate", "Bearer realm=\"video-to-mp3\"");
    }

    @Test
    void saysWhichSchemeItExpects() {
        String token = tokens.issue(LOGIN).token();
        for (String authorization : List.of(token, "Basic " + token, "Bearer" + token, "Bearer")) {
            Refusal refusal = refusalOf(() -> tokens.verify(authorization));
            assertThat(refusal.getStatus()).isEqualTo(401);
            assertThat(refusal.getTitle()).isEqualTo("not authorized");
            assertThat(refusal.getHeaders().get("WWW-Authenticate"))
                    .isEqualTo("Bearer realm=\"video-to-mp3\", "
                            + "error=\"invalid_token\", "
                            + "error_description=\"expected is Authorization: Bearer, a space, and the token\"");
        }
    }

    @Test
    void refusesATokenOnceItHasExpired() {
        String token = tokens.issue(LOGIN).token();
        Instant lastMoment = Instant.parse("2026-01-03T03:04:35Z");
        assertThat(tokens(SECRET, lastMoment).verify("Bearer " + token).username())
                .isEqualTo("me@example.com");
        Tokens later = tokens(SECRET, lastMoment.plusMillis(1));
        Refusal refusal = refusalOf(() -> later.verify("Bearer " + token));
        assertThat(refusal.getDetail()).isEqualTo("the token has expired");
        assertThat(refusal.getHeaders().get("WWW-Authenticate"))
                .isEqualTo("Bearer realm=\"video-to-mp3\", "
                        + "error=\"invalid_token\", error_description=\"the token has expired\"");
        assertThat(refusalOf(() -> later.claims("Bearer " + token)).getStatus()).isEqualTo(403);
    }

    @Test
    void refusesATokenOnceItHasExpiredThatItHasTakenBefore() {
        AtomicReference<Instant> now = new AtomicReference<>(NOW);
        InstantSource clock = now::get;
        Tokens going = tokens(SECRET, clock.withZone(ZoneOffset.UTC));
        String header = "Bearer " + going.issue(LOGIN).token();
        assertThat(going.verify(header)).isEqualTo(going.verify(header));
        now.set(Instant.parse("2026-01-03T03:04:35Z"));
        assertThat(going.verify(header).username()).isEqualTo("me@example.com");
        now.set(now.get().plusMillis(1));
        assertThat(refusalOf(() -> going.verify(header)).getDetail()).isEqualTo("the token has expired");
    }

    @Test
    void refusesATokenSignedWithNone() {
        String none = encode(header().replace("HS256", "none")) + "." + encode(CLAIMS) + ".";
        assertInvalid(none);
        assertInvalid(none + "A".repeat(43));
        assertInvalid(Jwts.builder().content(CLAIMS).compact());
    }

    @Test
    void refusesAnotherAlgorithmWithTheSameKey() throws Exception {
        assertInvalid(sign(header().replace("HS256", "HS384"), CLAIMS));
        assertInvalid(sign(header().replace("HS256", "HS512"), CLAIMS));
        assertInvalid(sign(header().replace("HS256", "hs256"), CLAIMS));
        SecretKeySpec key = new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA384");
        assertInvalid(Jwts.builder()
                .header()
                .type("at+jwt")
                .keyId(kid())
                .and()
                .claims(Jwts.claims()
                        .issuer("issuer")
                        .audience()
                        .add("audience")
                        .and()
                        .add("username", "me@example.com")
                        .build())
                .signWith(key, Jwts.SIG.HS384)
                .compact());
    }

    @Test
    void refusesACompressedToken() {
        SecretKeySpec key = new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
        assertInvalid(Jwts.builder()
                .header()
                .type("at+jwt")
                .keyId(kid())
                .and()
                .claims(Jwts.claims()
                        .issuer("issuer")
                        .audience()
                        .add("audience")
                        .and()
                        .issuedAt(Date.from(NOW))
                        .expiration(Date.from(NOW.plusSeconds(60)))
                        .add("username", "me@example.com")
                        .add("admin", true)
                        .build())
                .compressWith(Jwts.ZIP.DEF)
                .signWith(key, Jwts.SIG.HS256)
                .compact());
    }

    @Test
    void refusesAnRsaSignature() {
        KeyPair pair = Jwts.SIG.RS256.keyPair().build();
        assertInvalid(Jwts.builder()
                .header()
                .type("at+jwt")
                .keyId(kid())
                .and()
                .content(CLAIMS)
                .signWith(pair.getPrivate(), Jwts.SIG.RS256)
                .compact());
    }

    @Test
    void refusesAForeignKeyUnderOurName() throws Exception {
        assertInvalid(sign(header(), CLAIMS, OTHER));
        assertInvalid(tokens(OTHER, NOW).issue(LOGIN).token());
    }

    @ParameterizedTest
    @CsvSource({
        "issuer, somebody",
        "audience, somebody",
        "'\"iss\":\"issuer\",', ''",
        "',\"aud\":\"audience\"', ''",
        "'\"exp\":1767409445,', ''",
        "'\"iat\":1767323045,', ''",
        "'\"username\":\"me@example.com\",', ''",
        "'\"admin\":true,', ''",
        "true, '\"yes\"'",
        "'\"me@example.com\"', 7",
        "exp, nbf",
        "'true,', 'true,\"admin\":true,'"
    })
    void refusesATokenWithWrongClaims(String part, String instead) throws Exception {
        assertThat(CLAIMS).contains(part);
        assertInvalid(sign(header(), CLAIMS.replace(part, instead)));
    }

    @ParameterizedTest
    @CsvSource({
        "at+jwt, JWT",
        "'\"typ\":\"at+jwt\",', ''",
        "KID, 00000000",
        "',\"kid\":\"KID\"', ''",
        "'\"KID\"', 7",
        "'}', ',\"crit\":[\"exp\"]}'",
        "'}', ',\"crit\":[\"b64\"],\"b64\":false}'",
        "'}', ',\"b64\":true}'",
        "'}', ',\"zip\":\"DEF\"}'",
        "'}', ',\"alg\":\"HS256\"}'",
        "'}', ''"
    })
    void refusesATokenWithAWrongHeader(String part, String instead) throws Exception {
        assertThat(HEADER).contains(part);
        assertInvalid(sign(HEADER.replace(part, instead).replace("KID", kid()), CLAIMS));
    }

    @Test
    void refusesTokensOfTheOriginal() throws Exception {
        assertInvalid(sign(
                "{\"alg\":\"HS256\",\"typ\":\"JWT\"}",
                "{\"username\":\"me@example.com\",\"exp\":1767409445,\"iat\":1767323045,\"admin\":true}"));
    }

    @Test
    void refusesEverySpellingOfATokenButOne() {
        String token = tokens.issue(LOGIN).token();
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        char last = token.charAt(token.length() - 1);
        char sameBytes = alphabet.charAt(alphabet.indexOf(last) + 1);
        assertInvalid(token.substring(0, token.length() - 1) + sameBytes);
        for (String spelling : List.of(
                token + "=",
                token + "?",
                token + ".",
                "." + token,
                token.replace(".", ". "),
                token.replaceFirst("\\.", ".."),
                "x",
                "..",
                ".",
                "é" + token)) {
            assertInvalid(spelling);
        }
    }

    @Test
    void refusesATokenThatIsTooLong() throws Exception {
        assertInvalid(sign(header(), CLAIMS.replace("}", ",\"x\":\"" + "x".repeat(4096) + "\"}")));
    }

    @Test
    void keepsOldTokensValidWhileTheirSecretIsListed() {
        String old = tokens.issue(LOGIN).token();
        Tokens both = tokens(OTHER + " , " + SECRET, NOW);
        assertThat(both.verify("Bearer " + old).username()).isEqualTo("me@example.com");
        String young = both.issue(LOGIN).token();
        assertThat(tokens(OTHER, NOW).verify("Bearer " + young).username()).isEqualTo("me@example.com");
        assertInvalid(young);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sarcasm", "", ",", "äöüäöüäöüäöü31bytes"})
    void startsWithNoShortSecret(String secret) {
        for (String secrets : List.of(secret, OTHER + "," + secret)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> tokens(secrets, NOW))
                    .withMessageContaining("auth.token.secrets")
                    .withMessageContaining("JWT_SECRET")
                    .withMessageContaining("256 bits")
                    .withMessageContaining("openssl rand -base64 48");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tokens("sarcasm", NOW))
                .withMessageStartingWith("secret 1")
                .withMessageContaining("has 7 bytes");
        assertThat(tokens("x".repeat(32), NOW).issue(LOGIN)).isNotNull();
    }

    @Test
    void startsWithNoUnboundedTimes() {
        Duration day = Duration.ofDays(1);
        for (Duration leeway :
                List.of(Duration.ofSeconds(-1), Duration.ofMinutes(5).plusMillis(1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Tokens(SECRET, "i", "a", day, leeway))
                    .withMessageContaining("leeway");
        }
        for (Duration lifetime : List.of(Duration.ZERO, Duration.ofHours(-1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Tokens(SECRET, "i", "a", lifetime, Duration.ZERO))
                    .withMessageContaining("lifetime");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "Foo "})
    void answersValidateAsTheOriginalDid(String scheme) throws Exception {
        assertThat(new ObjectMapper()
                        .writeValueAsString(
                                tokens.claims(scheme + tokens.issue(LOGIN).token())))
                .isEqualTo("{\"admin\":true,\"exp\":1767409445,\"iat\":1767323045,\"username\":\"me@example.com\"}");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " "})
    void answersValidateWithoutAHeaderAsTheOriginalDid(String authorization) {
        Refusal refusal = refusalOf(() -> tokens.claims(authorization));
        assertThat(refusal.getStatus()).isEqualTo(401);
        assertThat(refusal.getTitle()).isEqualTo("missing credentials");
    }

    private void assertInvalid(String token) {
        Refusal refusal = refusalOf(() -> tokens.verify("Bearer " + token));
        assertThat(refusal.getStatus()).isEqualTo(401);
        assertThat(refusal.getTitle()).isEqualTo("not authorized");
        assertThat(refusal.getHeaders().get("WWW-Authenticate"))
                .isEqualTo("Bearer realm=\"video-to-mp3\", "
                        + "error=\"invalid_token\", error_description=\"the token is not valid\"");
        Refusal validate = refusalOf(() -> tokens.claims("Bearer " + token));
        assertThat(validate.getStatus()).isEqualTo(403);
        assertThat(validate.getTitle()).isEqualTo("not authorized");
    }

    private static Tokens tokens(String secrets, Instant now) {
        return tokens(secrets, Clock.fixed(now, ZoneOffset.UTC));
    }

    private static Tokens tokens(String secrets, Clock clock) {
        return new Tokens(secrets, "issuer", "audience", Duration.ofDays(1), Duration.ofSeconds(30), clock);
    }

    private String header() {
        return HEADER.replace("KID", kid());
    }

    private String kid() {
        try {
            return json(tokens.issue(LOGIN).token(), 0).get("kid").asText();
        } catch (Exception unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    private static JsonNode json(String token, int part) throws Exception {
        return new ObjectMapper().readTree(Base64.getUrlDecoder().decode(token.split("\\.")[part]));
    }

    private static String sign(String header, String claims) throws Exception {
        return sign(header, claims, SECRET);
    }

    private static String sign(String header, String claims, String secret) throws Exception {
        String input = encode(header) + "." + encode(claims);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return input + "."
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String encode(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
