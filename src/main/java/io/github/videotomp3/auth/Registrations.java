package io.github.videotomp3.auth;

import io.github.videotomp3.camel.Refusal;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Decides who may become a user. */
public class Registrations {

    /** RFC 5321 §4.5.3.1: 256 with its angle brackets. */
    private static final int LONGEST_ADDRESS = 254;

    private static final int LONGEST_LOCAL_PART = 64;
    private static final int SHORTEST_PASSWORD = 8;

    /** The characters of a dot-atom (RFC 5322 §3.2.3): none of them means anything in a mail header. */
    private static final Pattern LOCAL_PART = Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+");

    private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
    private static final Pattern DOMAIN = Pattern.compile(LABEL + "(\\." + LABEL + ")*");

    private final boolean open;
    private final Passwords passwords;
    private final Set<String> common;

    /**
     * @param registration {@code open} or {@code closed}
     */
    public Registrations(String registration, Passwords passwords) {
        this.open = switch (registration) {
            case "open" -> true;
            case "closed" -> false;
            default ->
                throw new IllegalArgumentException("auth.registration is open or closed, not \"" + registration + "\"");
        };
        this.passwords = passwords;
        this.common = commonPasswords();
    }

    /**
     * Checks the address, and the password by ASVS 5.0 V6.2: 8 to 1024 characters of any kind, not a common one.
     *
     * @throws Refusal 403 when registration is closed, 422 with the field and the rule it breaks, 503 when too many
     *                 others wait for their hash
     */
    public Account check(Credentials credentials) {
        if (!open) {
            throw Refusal.of(403, "registration is closed", "the operator of this server adds users");
        }
        String email = Credentials.address(credentials.email());
        checkAddress(email);
        checkPassword(credentials.password(), email);
        return new Account(email, passwords.hash(credentials.password()));
    }

    private static void checkAddress(String email) {
        int at = email.indexOf('@');
        if (at < 1 || at != email.lastIndexOf('@')) {
            throw unacceptable("email", "must be an address such as me@example.com");
        }
        if (email.length() > LONGEST_ADDRESS || at > LONGEST_LOCAL_PART) {
            throw unacceptable(
                    "email",
                    "must have at most " + LONGEST_ADDRESS + " characters, and at most " + LONGEST_LOCAL_PART
                            + " before the @");
        }
        if (!LOCAL_PART.matcher(email.substring(0, at)).matches()) {
            throw unacceptable(
                    "email",
                    "must have only letters without accents, digits and " + "!#$%&'*+/=?^_`{|}~.- before the @");
        }
        if (!DOMAIN.matcher(email.substring(at + 1)).matches()) {
            throw unacceptable("email", "must end in the name of a mail server, such as example.com");
        }
        try {
            new InternetAddress(email, true).validate();
        } catch (AddressException invalid) {
            throw unacceptable("email", "must be an address such as me@example.com");
        }
    }

    private void checkPassword(String password, String email) {
        if (password.codePointCount(0, password.length()) < SHORTEST_PASSWORD) {
            throw unacceptable("password", "must have at least " + SHORTEST_PASSWORD + " characters");
        }
        if (password.length() > Passwords.LONGEST) {
            throw unacceptable("password", "must have at most " + Passwords.LONGEST + " characters");
        }
        if (password.equalsIgnoreCase(email)) {
            throw unacceptable("password", "must not be the e-mail address");
        }
        if (common.contains(password.toLowerCase(Locale.ROOT))) {
            throw unacceptable("password", "must not be one of the most common passwords");
        }
    }

    private static Refusal unacceptable(String field, String rule) {
        return Refusal.of(422, "registration refused", field + ": " + rule);
    }

    private static Set<String> commonPasswords() {
        try (InputStream list = Registrations.class.getResourceAsStream("common-passwords.txt")) {
            return new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
