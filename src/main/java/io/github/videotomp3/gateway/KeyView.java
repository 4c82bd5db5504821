package io.github.videotomp3.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * An API key as the API shows it; what is not known is left out.
 *
 * @param key the key itself, in the answer to its making alone
 * @param scopes upload, read, delete
 * @param created RFC 3339, UTC
 * @param lastUsed to the minute; left out if it has not been used
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record KeyView(
        String id,
        String name,
        List<String> scopes,
        String key,
        @JsonProperty("created_at") String created,
        @JsonProperty("last_used_at") String lastUsed) {

    /** @param text the key itself; null where it is not to be shown */
    static KeyView of(ApiKey key, String text) {
        return new KeyView(
                key.id().toHexString(),
                key.name(),
                key.scopes().stream().map(Scope::key).toList(),
                text,
                key.created().toString(),
                key.used() == null ? null : key.used().toString());
    }
}
