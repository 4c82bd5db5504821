package io.github.videotomp3.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.videotomp3.camel.Refusal;
import io.github.videotomp3.camel.RequestBody;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;

/** The small JSON object (RFC 8259) that a request has as its body, read strictly, so that a slip is seen at once. */
final class JsonBody {

    private static final int LARGEST = 8192;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonBody() {}

    /**
     * The object, of which any field may be missing.
     *
     * @param servlet the body where a servlet container reads it; elsewhere it is the message's
     * @param type the Content-Type that its sender gives
     * @param fields those that it may have
     * @throws Refusal 415 if it is said to be something else, 413 if it is larger than 8 KB, 400 if it is no such object
     */
    static JsonNode read(InputStream servlet, Object body, String type, List<String> fields) {
        if (type == null
                || !type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals("application/json")) {
            throw Refusal.of(415, "not JSON", "Send the body as Content-Type: application/json.");
        }
        JsonNode object = parse(bytes(RequestBody.stream(servlet, body)));
        if (!object.isObject()) {
            throw bad("The body must be a JSON object with " + listed(fields) + ".");
        }
        object.fieldNames().forEachRemaining(name -> {
            if (!fields.contains(name)) {
                throw bad("There is no field \"" + shown(name) + "\"; the body has " + listed(fields) + ".");
            }
        });
        return object;
    }

    private static byte[] bytes(InputStream stream) {
        try {
            byte[] bytes = stream.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw Refusal.of(413, "too large", "The body may have at most " + LARGEST + " bytes.")
                        .withHeader("Connection", "close");
            }
            return bytes;
        } catch (IOException e) {
            throw Refusal.of(400, "incomplete body", "The body ended early.").withHeader("Connection", "close");
        }
    }

    private static JsonNode parse(byte[] bytes) {
        try {
            return JSON.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw bad("The body is not JSON: "
                    + e.getOriginalMessage().lines().findFirst().orElse(""));
        } catch (IOException e) {
            throw bad("The body is not JSON in UTF-8.");
        }
    }

    private static String listed(List<String> fields) {
        return String.join(" and ", fields);
    }

    private static String shown(String name) {
        return name.length() <= 40 ? name : name.substring(0, 40) + "…";
    }

    private static Refusal bad(String detail) {
        return Refusal.of(400, "bad JSON", detail);
    }
}
