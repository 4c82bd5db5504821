package io.github.videotomp3;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** A schema in which a field that it does not know is a fault, as it is for {@code kubectl} and Docker Compose. */
public final class Schema {

    private final com.networknt.schema.Schema schema;

    /**
     * That of a kind of Kubernetes.
     *
     * @param name of a file in {@code src/test/resources/schemas}
     */
    public Schema(String name) throws IOException {
        JsonNode tree = of(name);
        makeStrict(tree);
        schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2019_09)
                .getSchema(tree);
    }

    /** That of a kind of Kubernetes as it stands upstream. */
    static JsonNode of(String name) throws IOException {
        return read(name).get("openAPIV3Schema");
    }

    private Schema(com.networknt.schema.Schema schema) {
        this.schema = schema;
    }

    /** That of {@code compose.yaml}, which is strict by itself. */
    public static Schema ofCompose() throws IOException {
        ObjectNode tree = (ObjectNode) read("compose-spec");
        tree.remove(
                List.of("$schema", "$id")); // one is spelled with https, the other no URI: the validator refuses both
        return new Schema(
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7).getSchema(tree));
    }

    private static JsonNode read(String name) throws IOException {
        try (InputStream in = Schema.class.getResourceAsStream("/schemas/" + name + ".json")) {
            return new ObjectMapper().readTree(in);
        }
    }

    public List<String> faults(JsonNode document) {
        return schema.validate(document).stream()
                .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
                .toList();
    }

    /** Adds to every object of a schema that it has no other fields than those that are named. */
    static void makeStrict(JsonNode node) {
        if (node instanceof ObjectNode object) {
            if (object.path("properties").isObject()
                    && !object.has("additionalProperties")
                    && !object.path("x-kubernetes-preserve-unknown-fields").asBoolean()
                    && object.path("type").asText().equals("object")) {
                object.put("additionalProperties", false);
            }
            if (object.path("format").isTextual()) {
                object.remove("format"); // int32 and the like are OpenAPI's
            }
        }
        node.forEach(Schema::makeStrict);
    }
}
