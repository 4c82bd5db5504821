package io.github.videotomp3;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.github.videotomp3.ApiDescription.Call;
import io.github.videotomp3.ApiDescription.Operation;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The description of the API: that it is a good one, that it is about our routes, and that it is held against traffic. */
class ApiDescriptionTest {

    private static final String ID = "6b05c5351beb04eaea47a3f9";
    private static final String PROBLEM =
            "{\"type\":\"urn:video-to-mp3:problem:x\",\"title\":\"x\",\"status\":400,\"detail\":\"x\"}";

    private final ApiDescription description = ApiDescription.ours();

    // --- the document ---

    @Test
    void isValidOpenApi() {
        assertThat(faults(description.document())).isEmpty();
    }

    @Test
    void knowsOpenApiThatIsNotValid() {
        assertThat(faults(changed(document -> document.remove("info")))).isNotEmpty();
        assertThat(faults(changed(document ->
                        ((ObjectNode) document.at("/paths/~1jobs/get/responses/200")).remove("description"))))
                .isNotEmpty();
        assertThat(faults(changed(
                        document -> ((ObjectNode) document.at("/components/schemas/Job")).put("type", "thing"))))
                .isNotEmpty();
    }

    /** A misspelt keyword means nothing to a validator, and so does what stands behind a comma that was to be read. */
    @Test
    void usesNoKeywordThatSchemasDoNotHave() throws IOException {
        Set<String> known = new HashSet<>();
        for (String vocabulary : new String[] {
            "/draft/2020-12/meta/core",
            "/draft/2020-12/meta/applicator",
            "/draft/2020-12/meta/validation",
            "/draft/2020-12/meta/meta-data",
            "/draft/2020-12/meta/content"
        }) {
            Integrations.YAML
                    .readTree(SchemaRegistry.class.getResource(vocabulary))
                    .path("properties")
                    .fieldNames()
                    .forEachRemaining(known::add);
        }
        Set<String> used = new TreeSet<>();
        description.at("/components/schemas").forEach(schema -> addKeywords(schema, used));
        description.document().findValues("schema").forEach(schema -> addKeywords(schema, used));

        assertThat(used).hasSizeGreaterThan(15).isSubsetOf(known);
    }

    private static void addKeywords(JsonNode schema, Set<String> used) {
        for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
            used.add(keyword.getKey());
            switch (keyword.getKey()) {
                case "properties", "allOf" -> keyword.getValue().forEach(each -> addKeywords(each, used));
                case "items", "if", "then", "else" -> addKeywords(keyword.getValue(), used);
                default -> {
                    // holds no schema
                }
            }
        }
    }

    private static List<String> faults(JsonNode document) {
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                builder -> builder.schemaIdResolvers(
                        resolvers -> resolvers.mapPrefix("https://spec.openapis.org", "classpath:spec.openapis.org")));
        return registry
                .getSchema(SchemaLocation.of("https://spec.openapis.org/oas/3.1/schema-base/2022-10-07"))
                .validate(document)
                .stream()
                .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
                .toList();
    }

    private JsonNode changed(Consumer<ObjectNode> change) {
        ObjectNode copy = description.document().deepCopy();
        change.accept(copy);
        assertThat(copy).isNotEqualTo(description.document());
        return copy;
    }

    @Test
    void refersToWhatIsThereAndHasNothingElse() {
        Set<String> references = new TreeSet<>();
        for (JsonNode reference : description.document().findValues("$ref")) {
            references.add(reference.asText());
        }
        assertThat(references)
                .allMatch(reference -> !description.at(reference.substring(1)).isMissingNode());

        Set<String> components = new TreeSet<>();
        for (String kind : List.of("parameters", "headers", "responses", "schemas")) {
            description
                    .at("/components/" + kind)
                    .fieldNames()
                    .forEachRemaining(name -> components.add("#/components/" + kind + "/" + name));
        }
        assertThat(references).isEqualTo(components);
    }

    @Test
    void namesEveryOperationAndSaysWhatItDoes() {
        Set<String> tags = new HashSet<>();
        description
                .document()
                .path("tags")
                .forEach(tag -> tags.add(tag.path("name").asText()));
        Set<String> ids = new HashSet<>();
        for (Operation operation : description.operations()) {
            JsonNode node = description.at(operation.pointer());
            assertThat(operation.id()).as(operation.pointer()).matches("[a-z][a-zA-Z]+");
            assertThat(ids.add(operation.id())).as(operation.id()).isTrue();
            assertThat(node.path("summary").asText()).as(operation.id()).matches("[A-Z][^.]+");
            assertThat(node.path("tags")).as(operation.id()).hasSize(1).allMatch(tag -> tags.contains(tag.asText()));
        }
    }

    @Test
    void describesEveryRouteAndNothingElse() throws IOException {
        Set<String> routes =
                new TreeSet<>(Set.of("GET /jobs/events")); // which boot's EventStreams serves beside the routes
        for (String bundle : List.of("auth", "gateway", "embedded")) {
            try (Stream<Path> files = Files.list(Path.of("routes", bundle))) {
                for (Path file : files.toList()) {
                    for (JsonNode from :
                            Integrations.YAML.readTree(Files.readString(file)).findValues("from")) {
                        if (from.path("uri").asText().startsWith("platform-http:")) {
                            String path = from.path("uri").asText().substring("platform-http:".length());
                            for (String method : from.at("/parameters/httpMethodRestrict")
                                    .asText()
                                    .split(",")) {
                                routes.add(method + " " + path.replace("{{auth.path}}", "/auth"));
                            }
                        }
                    }
                }
            }
        }
        Set<String> described = new TreeSet<>();
        description.operations().forEach(operation -> described.add(operation.method() + " " + operation.path()));

        assertThat(described).isEqualTo(routes).hasSizeGreaterThan(15);
    }

    @Test
    void givesExamplesThatAgreeWithIt() {
        List<String> faults = new ArrayList<>();
        int checked = checkExamples("", description.document(), faults);

        assertThat(faults).isEmpty();
        assertThat(checked).isGreaterThan(40);
    }

    /** How many there are below this pointer; a header's example is the text that is sent, and stands for what it reads as. */
    private int checkExamples(String pointer, JsonNode node, List<String> faults) {
        int checked = 0;
        if (node.has("schema")) {
            List<JsonNode> examples = new ArrayList<>();
            if (node.has("example")) {
                examples.add(node.get("example"));
            }
            node.path("examples").forEach(example -> examples.add(example.path("value")));
            for (JsonNode example : examples) {
                faults.addAll(description.faults(pointer + "/schema", pointer, example));
                checked++;
            }
        }
        for (Map.Entry<String, JsonNode> child : node.properties()) {
            checked += checkExamples(pointer + "/" + ApiDescription.escaped(child.getKey()), child.getValue(), faults);
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            checked += checkExamples(pointer + "/" + i, node.get(i), faults);
        }
        return checked;
    }

    // --- traffic ---

    @Test
    void findsNothingWrongWithWhatIsDescribed() {
        assertThat(description.faults(
                        call("GET", "/jobs?limit=2&state=done,failed&state=&cursor=awXFNRvrBOrqR6P5", 200, "[]")))
                .isEmpty();
        String[] kept = {"ETag", "\"x\"", "Cache-Control", "private, no-cache"};
        assertThat(description.faults(call("GET", "/jobs/" + ID, 200, job(""), kept)))
                .isEmpty();
        assertThat(description.faults(call("GET", "/nosuch", 404, plain(404)))).isEmpty();
        assertThat(description.faults(call("PUT", "/jobs", 405, plain(405)))).isEmpty();
    }

    /** Each line is a call that is not as described, and what has to be found. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            GET  | /nosuch               | 200 | {}                        | there is no path /nosuch
            PUT  | /jobs                 | 200 | []                        | /jobs has no PUT
            GET  | /jobs                 | 418 | []                        | listJobs has no status 418
            GET  | /jobs                 | 200 | {}                        | the body : object found, array expected
            GET  | /jobs                 | 200 | [                         | the body is no JSON
            GET  | /jobs                 | 200 | [{}]                      | required property 'id' not found
            GET  | /jobs?limit=101       | 200 | []                        | query limit : must have a maximum value of 100
            GET  | /jobs?limit=ten       | 200 | []                        | query limit : string found, integer expected
            GET  | /jobs?state=deleted   | 200 | []                        | query state /0: does not have a value in the enumeration
            GET  | /jobs?owner=me        | 200 | []                        | listJobs has no parameter owner
            GET  | /jobs/42              | 200 | {}                        | path id : does not match
            GET  | /download             | 304 | ``                        | query fid is missing
            GET  | /account              | 204 | ``                        | showAccount has no status 204
            POST | /login                | 200 | token                     | login needs other credentials than were sent
            POST | /upload               | 202 | {}                        | upload takes no body of the type
            """)
    void findsWhatIsNotAsDescribed(String method, String uri, int status, String body, String fault) {
        assertThat(description.faults(call(method, uri, status, body)))
                .as("faults")
                .anyMatch(found -> found.contains(fault));
    }

    @Test
    void findsAFieldAHeaderAndATypeThatAreNotDescribed() {
        assertThat(description.faults(call("GET", "/jobs/" + ID, 200, job(",\"owner\":\"me@example.com\""))))
                .anyMatch(fault -> fault.contains("owner"));
        assertThat(description.faults(call("GET", "/jobs", 200, "[]", "X-Powered-By", "us")))
                .containsExactly("there is no header X-Powered-By");
        assertThat(description.faults(call("GET", "/jobs", 200, "[]", "Link", "</nosuch>; rel=\"next\"")))
                .singleElement()
                .asString()
                .startsWith("Link ");
        assertThat(description.faults(call("GET", "/jobs", 200, "[]", "Content-Type", "text/html")))
                .containsExactly("there is no content of the type text/html");
        String[] problem = {"Content-Type", "application/problem+json"};
        assertThat(description.faults(call("GET", "/jobs", 400, PROBLEM, problem)))
                .isEmpty();
        assertThat(description.faults(call("GET", "/jobs", 503, PROBLEM, problem)))
                .containsExactly("the header Retry-After is missing", "the body is about another status");
        assertThat(description.faults(call(
                        "GET",
                        "/jobs",
                        503,
                        plain(503),
                        "Content-Type",
                        "application/problem+json",
                        "Retry-After",
                        "soon")))
                .singleElement()
                .asString()
                .startsWith("Retry-After ");
        assertThat(description.faults(call("DELETE", "/jobs/" + ID, 204, "gone")))
                .containsExactly("there is no body");
    }

    @Test
    void findsAJobThatContradictsItself() {
        assertThat(description.faults(
                        call("GET", "/jobs/" + ID, 200, job("").replace("queued\",\"name", "done\",\"name"))))
                .isNotEmpty();
        assertThat(description.faults(
                        call("GET", "/jobs/" + ID, 200, job("").replace("queued\",\"name", "failed\",\"name"))))
                .isNotEmpty();
    }

    private static String job(String more) {
        return "{\"id\":\"" + ID + "\",\"state\":\"queued\",\"name\":\"bell.mp4\",\"phase\":\"queued\",\"progress\":0,"
                + "\"bytes\":1,\"attempts\":0,\"created_at\":\"2026-11-24T17:11:18Z\","
                + "\"updated_at\":\"2026-11-24T17:11:18Z\",\"links\":{\"self\":\"/jobs/" + ID + "\"}" + more + "}";
    }

    private static String plain(int status) {
        return "{\"type\":\"about:blank\",\"title\":\"x\",\"status\":" + status + ",\"detail\":\"x\"}";
    }

    private static Call call(String method, String path, int status, String body, String... headers) {
        Map<String, List<String>> response = new HashMap<>();
        response.put(
                "Content-Type",
                List.of(body.contains("about:blank") ? "application/problem+json" : "application/json"));
        for (int i = 0; i < headers.length; i += 2) {
            response.put(headers[i], List.of(headers[i + 1]));
        }
        return new Call(
                method,
                URI.create("http://localhost" + path),
                HttpHeaders.of(Map.of("Authorization", List.of("Bearer x")), (name, value) -> true),
                status,
                HttpHeaders.of(response, (name, value) -> true),
                body);
    }
}
