package io.github.videotomp3.gateway;

import io.github.videotomp3.auth.Caller;
import io.github.videotomp3.auth.Tokens;
import io.github.videotomp3.camel.Refusal;
import org.apache.camel.Header;

/**
 * Tells on whose behalf a request comes: a token of a login may do all, an API key what its scopes say. Each method is
 * one thing to do, so that a route shows what it asks for, and throws a {@link Refusal}: 401 for what is no valid token
 * or key, 403 for a key that may not do this (RFC 6750 §3.1).
 */
public final class Access {

    private static final String AUTHORIZATION = "Authorization";

    private final Tokens tokens;
    private final ApiKeys keys;
    private final Departures departures;

    public Access(Tokens tokens, ApiKeys keys, Departures departures) {
        this.tokens = tokens;
        this.keys = keys;
        this.departures = departures;
    }

    public Caller toUpload(@Header(AUTHORIZATION) String authorization) {
        return present(caller(authorization, Scope.UPLOAD), authorization);
    }

    public Caller toRead(@Header(AUTHORIZATION) String authorization) {
        return caller(authorization, Scope.READ);
    }

    public Caller toDelete(@Header(AUTHORIZATION) String authorization) {
        return caller(authorization, Scope.DELETE);
    }

    /** What no key may do, else whoever has found one could make more of them. */
    public Caller toManage(@Header(AUTHORIZATION) String authorization) {
        return present(caller(authorization, null), authorization);
    }

    /** What no key may do either, and who has begun with it may do again. */
    public Caller toLeave(@Header(AUTHORIZATION) String authorization) {
        return caller(authorization, null);
    }

    /** A token outlives the account; with it nothing new may come in, since nobody would be left to delete it. */
    private Caller present(Caller caller, String authorization) {
        boolean isKey = Tokens.bearer(authorization).startsWith(ApiKeys.PREFIX); // which went with the account
        if (!isKey && departures.hasLeft(caller.username(), tokens.issued(authorization))) {
            throw Tokens.invalid("the account of this token has been deleted");
        }
        return caller;
    }

    /** @param scope null for what takes a token */
    private Caller caller(String authorization, Scope scope) {
        String sent = Tokens.bearer(authorization);
        if (!sent.startsWith(ApiKeys.PREFIX)) {
            return tokens.verify(authorization);
        }
        ApiKey key = keys.find(sent).orElseThrow(() -> Tokens.invalid("the API key is not valid"));
        if (!key.scopes().contains(scope)) {
            throw insufficient(scope);
        }
        return new Caller(key.owner(), false);
    }

    private static Refusal insufficient(Scope scope) {
        String detail = scope == null
                ? "an API key can not do this; sign in, and send the token"
                : "the API key lacks the scope " + scope.key();
        String challenge = Tokens.CHALLENGE + ", error=\"insufficient_scope\", error_description=\"" + detail + "\"";
        return Refusal.of(403, "insufficient scope", detail)
                .withHeader(
                        "WWW-Authenticate", scope == null ? challenge : challenge + ", scope=\"" + scope.key() + "\"");
    }
}
