package io.github.videotomp3.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.videotomp3.auth.Caller;
import io.github.videotomp3.camel.Refusal;
import java.io.InputStream;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.Headers;
import org.bson.types.ObjectId;

/** The API keys of the person who asks; another's key is not found, as if there were none. */
public final class OwnKeys {

    private static final int LONGEST_NAME = 100;

    private final ApiKeys keys;

    public OwnKeys(ApiKeys keys) {
        this.keys = keys;
    }

    /**
     * Makes a key as the body says, {@code {"name": "backup", "scopes": ["upload", "read"]}}: 201, with the key itself,
     * which is shown this once.
     *
     * @param servlet the body where a servlet container reads it; elsewhere it is the message's
     * @throws Refusal 400, 413 or 415 if the body can't be a good one, 409 if the caller has too many keys
     */
    public KeyView make(
            @Header("CamelHttpServletRequest") InputStream servlet,
            @Body Object body,
            @Header(Exchange.CONTENT_TYPE) String type,
            @ExchangeProperty("caller") Caller caller,
            @Headers Map<String, Object> headers) {
        JsonNode wish = JsonBody.read(servlet, body, type, List.of("name", "scopes"));
        String name = name(wish.path("name"));
        Set<Scope> scopes = scopes(wish.path("scopes"));
        ApiKeys.Made made = keys.make(caller.username(), name, scopes)
                .orElseThrow(() -> Refusal.of(
                        409, "too many keys", "You have " + ApiKeys.MOST + " API keys, the most; revoke one first."));
        headers.clear();
        headers.put(Exchange.HTTP_RESPONSE_CODE, 201);
        headers.put("Cache-Control", "no-store");
        return KeyView.of(made.key(), made.text());
    }

    private static String name(JsonNode node) {
        String name = node.isTextual() ? node.textValue().strip() : "";
        if (name.isEmpty()
                || name.codePointCount(0, name.length()) > LONGEST_NAME
                || name.chars().anyMatch(Character::isISOControl)) {
            throw Refusal.of(
                    400,
                    "bad name",
                    "name must be a text of 1 to " + LONGEST_NAME + " characters, without control characters.");
        }
        return name;
    }

    private static Set<Scope> scopes(JsonNode node) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        if (node.isArray()) {
            for (JsonNode scope : node) {
                scopes.add(Scope.of(scope.textValue()).orElseThrow(OwnKeys::badScopes));
            }
        }
        if (scopes.isEmpty()) {
            throw badScopes();
        }
        return Collections.unmodifiableSet(scopes);
    }

    private static Refusal badScopes() {
        return Refusal.of(400, "bad scopes", "scopes must be a list of one or more of upload, read and delete.");
    }

    /** The caller's keys, the newest first, without what makes them secret. */
    public List<KeyView> list(@ExchangeProperty("caller") Caller caller, @Headers Map<String, Object> headers) {
        headers.clear();
        return keys.list(caller.username()).stream()
                .map(key -> KeyView.of(key, null))
                .toList();
    }

    /**
     * Revokes a key: 204, and the next request with it gets 401.
     *
     * @throws Refusal 404 if the caller has no such key
     */
    public void revoke(
            @Header("id") String id, @ExchangeProperty("caller") Caller caller, @Headers Map<String, Object> headers) {
        if (!ObjectId.isValid(id) || !keys.delete(new ObjectId(id), caller.username())) {
            throw Refusal.of(404, "not found", "You have no API key of this id.");
        }
        headers.clear();
        headers.put(Exchange.HTTP_RESPONSE_CODE, 204);
    }
}
