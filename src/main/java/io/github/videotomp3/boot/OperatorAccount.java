package io.github.videotomp3.boot;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/**
 * The one account of the management port. Its password comes from the settings and is not hashed: it is a secret of the
 * deployment like that of the database, and Prometheus shows it every few seconds.
 */
final class OperatorAccount implements AuthenticationProvider {

    private static final Logger LOG = LoggerFactory.getLogger(OperatorAccount.class);

    /** Characters from which on nobody finds a random password by asking, however often. */
    private static final int UNGUESSABLE = 32;

    private final String name;
    private final String password;
    private final String role;
    private final LoginThrottle throttle;

    /** @param password empty for nobody */
    OperatorAccount(String name, String password, String role, LoginThrottle throttle) {
        this.name = name;
        this.password = password;
        this.role = role;
        this.throttle = throttle;
        if (password.isEmpty()) {
            LOG.warn("The console and the metrics are locked: operator.password (OPERATOR_PASSWORD) opens them");
        }
    }

    @Override
    public Authentication authenticate(Authentication login) {
        String address =
                login.getDetails() instanceof WebAuthenticationDetails details ? details.getRemoteAddress() : "";
        boolean right = isGuessable() ? throttle.passes(address, () -> isRight(login)) : isRight(login);
        if (!right) {
            throw new BadCredentialsException("no such account");
        }
        UsernamePasswordAuthenticationToken operator = UsernamePasswordAuthenticationToken.authenticated(
                name, null, AuthorityUtils.createAuthorityList("ROLE_" + role));
        operator.setDetails(login.getDetails());
        return operator;
    }

    /** Whether an address has to wait before it may try again. */
    boolean isClosed(String address) {
        return isGuessable() && throttle.isClosed(address);
    }

    /** A password that can't be guessed needs no brake, and nobody who shares an address with a guesser is locked out. */
    private boolean isGuessable() {
        return password.length() < UNGUESSABLE;
    }

    private boolean isRight(Authentication login) {
        return !password.isEmpty()
                & same(name, login.getName())
                & same(password, String.valueOf(login.getCredentials()));
    }

    /** Takes the same time wherever the two differ. */
    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean supports(Class<?> type) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(type);
    }
}
