package io.github.videotomp3.auth;

import io.github.videotomp3.camel.Refusal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Base64;
import java.util.Locale;

/** The e-mail address and the password that somebody presents. */
public record Credentials(String email, String password) {

    private static final String SCHEME = "Basic ";

    /**
     * Reads the value of an {@code Authorization: Basic} header (RFC 7617). The address loses spaces around it and
     * capitals in its domain, the password is normalized to NFC (RFC 8265 §4.2).
     *
     * @throws Refusal 401 when the header is missing, of another scheme or malformed
     */
    public static Credentials fromHeader(String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw missing();
        }
        String pair;
        try {
            byte[] bytes = Base64.getDecoder()
                    .decode(authorization.substring(SCHEME.length()).strip());
            pair = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException malformed) {
            throw missing();
        }
        int colon = pair.indexOf(':');
        if (colon < 1 || pair.chars().anyMatch(Character::isISOControl)) {
            throw missing();
        }
        return new Credentials(address(pair.substring(0, colon)), normalized(pair.substring(colon + 1)));
    }

    /** An address as it is stored and looked up: the domain in small letters, the local part as typed. */
    static String address(String typed) {
        String address = typed.strip();
        int at = address.lastIndexOf('@');
        return address.substring(0, at + 1) + address.substring(at + 1).toLowerCase(Locale.ROOT);
    }

    /** A password in the one form (NFC) that does not depend on the keyboard it was typed with. */
    static String normalized(String typed) {
        return Normalizer.normalize(typed, Normalizer.Form.NFC);
    }

    /** Asks for credentials, as RFC 7617 §2 wants it in every 401. */
    static Refusal challenge(Refusal refusal) {
        return refusal.withHeader("WWW-Authenticate", "Basic realm=\"video-to-mp3\", charset=\"UTF-8\"");
    }

    private static Refusal missing() {
        return challenge(Refusal.of(401, "missing credentials", "send your e-mail address and password (HTTP Basic)"));
    }

    /** Shows the address only. */
    @Override
    public String toString() {
        return "Credentials[email=" + email + "]";
    }
}
