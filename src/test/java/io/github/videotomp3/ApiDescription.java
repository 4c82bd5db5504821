package io.github.videotomp3;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.core5.net.WWWFormCodec;

/**
 * What {@code docs/api.yaml} says, and whether a request and its answer are as it says. The description lets answers have
 * more fields than it names, so that some can be added; here a field without a description is a fault. What a caller sends
 * has to be right only if it was taken.
 */
public final class ApiDescription {

    static final Path FILE = Path.of("docs/api.yaml");

    /** What the server adds by itself, and what says how a body is written. */
    private static final Set<String> OF_THE_TRANSPORT = Set.of(
            ":status", // of HTTP/2
            "allow",
            "connection",
            "content-length",
            "content-type",
            "date",
            "keep-alive",
            "transfer-encoding",
            "vary",
            "x-content-type-options");

    /** On the management port, or routes of a test. */
    private static final Pattern OTHERS = Pattern.compile("/(health|hawtio|metrics|jolokia|mirror-).*");

    private static final ApiDescription OURS = read(FILE);
    private static final Set<String> SEEN = new ConcurrentSkipListSet<>();
    private static final String NAME = "urn:api";
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A request and its answer.
     *
     * @param body a text, bytes, or a path to a file; null if nobody has read it
     */
    record Call(String method, URI uri, HttpHeaders request, int status, HttpHeaders response, Object body) {

        static Call of(HttpResponse<?> answer) {
            return new Call(
                    answer.request().method(),
                    answer.uri(),
                    answer.request().headers(),
                    answer.statusCode(),
                    answer.headers(),
                    answer.body());
        }

        @Override
        public String toString() {
            return method + " " + uri + " " + status + " " + response.map() + " "
                    + (body instanceof String text ? text : "");
        }
    }

    private final JsonNode document;
    private final SchemaRegistry schemas;
    private final Map<String, com.networknt.schema.Schema> known = new HashMap<>();

    private static ApiDescription read(Path file) {
        try {
            return new ApiDescription(Integrations.YAML.readTree(Files.readString(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ApiDescription(JsonNode document) {
        this.document = document;
        JsonNode strict = document.deepCopy();
        Schema.makeStrict(strict);
        schemas = SchemaRegistry.withDialect(
                Dialects.getOpenApi31(), builder -> builder.schemas(Map.of(NAME, strict.toString())));
    }

    static ApiDescription ours() {
        return OURS;
    }

    JsonNode document() {
        return document;
    }

    /**
     * The same answer, if it and its request are as described.
     *
     * @throws AssertionError if not
     */
    static <T> HttpResponse<T> checked(HttpResponse<T> answer) {
        Call call = Call.of(answer);
        if (!OTHERS.matcher(call.uri().getPath()).matches()) {
            List<String> faults = OURS.faults(call);
            if (!faults.isEmpty()) {
                throw new AssertionError(
                        FILE + " does not say this:\n  " + String.join("\n  ", faults) + "\nin " + call);
            }
            Operation operation = OURS.operation(call);
            if (operation != null) {
                SEEN.add(operation.id() + " " + call.status());
            }
        }
        return answer;
    }

    /** Operations and statuses, such as {@code login 200}, that this JVM has seen so far. */
    static Set<String> seen() {
        return SEEN;
    }

    /** All operations with all their statuses. */
    Set<String> described() {
        Set<String> all = new TreeSet<>();
        for (Operation operation : operations()) {
            at(operation.pointer() + "/responses")
                    .fieldNames()
                    .forEachRemaining(status -> all.add(operation.id() + " " + status));
        }
        return all;
    }

    /**
     * An operation of the description.
     *
     * @param pointer to where it stands
     */
    record Operation(String id, String method, String path, String pointer) {}

    List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> entry : path.getValue().properties()) {
                if (entry.getValue().has("responses")) {
                    operations.add(new Operation(
                            entry.getValue().path("operationId").asText(),
                            entry.getKey().toUpperCase(Locale.ROOT),
                            path.getKey(),
                            "/paths/" + escaped(path.getKey()) + "/" + entry.getKey()));
                }
            }
        }
        return operations;
    }

    /** What in this call is not as described; empty if all is. */
    List<String> faults(Call call) {
        String path = path(call.uri().getPath());
        if (path == null) {
            return isPlain(call, 404)
                    ? List.of()
                    : List.of("there is no path " + call.uri().getPath());
        }
        Operation operation = operation(call);
        if (operation == null) {
            return isPlain(call, 405) ? List.of() : List.of(path + " has no " + call.method());
        }
        List<String> faults = new ArrayList<>();
        if (call.status() < 400) {
            checkRequest(operation, call, faults);
        }
        String response = resolved(operation.pointer() + "/responses/" + call.status());
        if (at(response).isMissingNode()) {
            faults.add(operation.id() + " has no status " + call.status());
        } else {
            checkHeaders(response, call, faults);
            checkBody(response, call, faults);
        }
        return faults;
    }

    private Operation operation(Call call) {
        String path = path(call.uri().getPath());
        return operations().stream()
                .filter(each -> each.path().equals(path) && each.method().equals(call.method()))
                .findFirst()
                .orElse(null);
    }

    /** Of all that fit, the path with the fewest variables; auth's own may stand without their prefix. */
    private String path(String asked) {
        String bare = asked.replaceAll(";[^/]*", ""); // which mean nothing
        for (String prefix : new String[] {"", "/auth"}) {
            List<String> fitting = new ArrayList<>();
            document.path("paths").fieldNames().forEachRemaining(path -> {
                if (pattern(path).matcher(prefix + bare).matches()) {
                    fitting.add(path);
                }
            });
            if (!fitting.isEmpty()) {
                fitting.sort(Comparator.comparing(
                        path -> path.chars().filter(c -> c == '{').count()));
                return fitting.get(0);
            }
        }
        return null;
    }

    private static Pattern pattern(String path) {
        return Pattern.compile(path.replace(".", "\\.").replaceAll("\\{(\\w+)}", "(?<$1>[^/]+)"));
    }

    /** A problem without a type of its own, which the server answers where there is no operation. */
    private boolean isPlain(Call call, int status) {
        List<String> faults = new ArrayList<>();
        if (call.method().equals("HEAD")) {
            return call.status() == status;
        }
        checkContent("/components/responses/NotHere/content", call, faults);
        return call.status() == status && faults.isEmpty() && text(call).contains("\"about:blank\"");
    }

    // --- the request ---

    private void checkRequest(Operation operation, Call call, List<String> faults) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        if (call.uri().getRawQuery() != null) {
            WWWFormCodec.parse(call.uri().getRawQuery(), StandardCharsets.UTF_8)
                    .forEach(pair -> query.computeIfAbsent(pair.getName(), name -> new ArrayList<>())
                            .add(pair.getValue() == null ? "" : pair.getValue()));
        }
        Map<String, String> parameters = parameters(operation);
        parameters.forEach((key, pointer) -> {
            String name = at(pointer).path("name").asText();
            List<String> values = switch (at(pointer).path("in").asText()) {
                case "query" -> query.getOrDefault(name, List.of());
                case "header" -> call.request().allValues(name);
                default -> List.of(inPath(operation, name, call));
            };
            checkParameter(pointer, key, values, faults);
        });
        if (parameters.keySet().stream().anyMatch(key -> key.startsWith("query "))) { // else none of them is looked at
            query.keySet().stream()
                    .filter(name -> !parameters.containsKey("query " + name))
                    .forEach(name -> faults.add(operation.id() + " has no parameter " + name));
        }
        checkSecurity(operation, query, call, faults);
        JsonNode forms = at(operation.pointer() + "/requestBody/content");
        String type = mediaType(call.request());
        if (!forms.isMissingNode() && !forms.has(type)) {
            faults.add(operation.id() + " takes no body of the type " + type);
        }
    }

    /** Where each parameter of an operation stands, by where it is sent and its name. */
    Map<String, String> parameters(Operation operation) {
        Map<String, String> parameters = new LinkedHashMap<>();
        String item = operation.pointer().substring(0, operation.pointer().lastIndexOf('/'));
        for (String list : new String[] {item + "/parameters", operation.pointer() + "/parameters"}) {
            for (int i = 0; i < at(list).size(); i++) {
                String pointer = resolved(list + "/" + i);
                parameters.put(
                        at(pointer).path("in").asText() + " "
                                + at(pointer).path("name").asText(),
                        pointer);
            }
        }
        return parameters;
    }

    private static String inPath(Operation operation, String name, Call call) {
        Matcher matcher = pattern(operation.path()).matcher(call.uri().getPath());
        return matcher.matches() ? matcher.group(name) : "";
    }

    private void checkParameter(String pointer, String name, List<String> values, List<String> faults) {
        if (values.isEmpty() && at(pointer).path("required").asBoolean()) {
            faults.add(name + " is missing");
        }
        for (String value : values) {
            if (!value.isEmpty() || !at(pointer).path("allowEmptyValue").asBoolean()) {
                checkText(pointer + "/schema", name, value, faults);
            }
        }
    }

    private void checkSecurity(Operation operation, Map<String, List<String>> query, Call call, List<String> faults) {
        JsonNode ways = at(operation.pointer()).path("security");
        ways = ways.isMissingNode() ? document.path("security") : ways;
        String authorization =
                call.request().firstValue("Authorization").orElse("").toLowerCase(Locale.ROOT);
        boolean open = ways.isEmpty();
        for (JsonNode way : ways) {
            JsonNode scheme = document.at(
                    "/components/securitySchemes/" + way.fieldNames().next());
            open |= scheme.path("type").asText().equals("http")
                    ? authorization.startsWith(scheme.path("scheme").asText() + " ")
                    : query.containsKey(scheme.path("name").asText());
        }
        if (!open) {
            faults.add(operation.id() + " needs other credentials than were sent");
        }
    }

    // --- the answer ---

    private void checkHeaders(String response, Call call, List<String> faults) {
        JsonNode described = at(response).path("headers");
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        described.fieldNames().forEachRemaining(names::add);
        call.response().map().keySet().stream()
                .filter(name -> !names.contains(name) && !OF_THE_TRANSPORT.contains(name.toLowerCase(Locale.ROOT)))
                .forEach(name -> faults.add("there is no header " + name));
        described.fieldNames().forEachRemaining(name -> {
            String pointer = resolved(response + "/headers/" + escaped(name));
            List<String> values = call.response().allValues(name);
            if (values.isEmpty() && at(pointer).path("required").asBoolean()) {
                faults.add("the header " + name + " is missing");
            }
            values.forEach(value -> checkText(pointer + "/schema", name, value, faults));
        });
    }

    private void checkBody(String response, Call call, List<String> faults) {
        if (at(response + "/content").isMissingNode()) {
            if (!text(call).isEmpty()) {
                faults.add("there is no body");
            }
        } else if (call.method().equals("HEAD")) {
            if (!at(response + "/content").has(mediaType(call.response()))) {
                faults.add("there is no content of the type " + mediaType(call.response()));
            }
        } else {
            checkContent(response + "/content", call, faults);
        }
    }

    private void checkContent(String content, Call call, List<String> faults) {
        String type = mediaType(call.response());
        String media = content + "/" + escaped(type);
        if (at(media).isMissingNode()) {
            faults.add("there is no content of the type " + type);
        } else if (at(media).has("schema")) {
            JsonNode body = type.endsWith("json") ? json(call, faults) : JsonNodeFactory.instance.textNode(text(call));
            faults.addAll(faults(media + "/schema", "the body", body));
            if (type.equals("application/problem+json") && body.path("status").asInt() != call.status()) {
                faults.add("the body is about another status");
            }
        }
    }

    private static JsonNode json(Call call, List<String> faults) {
        try {
            return JSON.readTree(text(call));
        } catch (IOException e) {
            faults.add("the body is no JSON: " + e.getMessage());
            return JsonNodeFactory.instance.nullNode();
        }
    }

    private static String text(Call call) {
        if (call.body() instanceof byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        return call.body() instanceof String text ? text : "";
    }

    private static String mediaType(HttpHeaders headers) {
        return headers.firstValue("Content-Type").orElse("").replaceFirst("\\s*;.*", "");
    }

    // --- the document ---

    /** What of a value is not as the schema says that stands there. */
    List<String> faults(String schema, String name, JsonNode value) {
        String pointer = at(schema).size() == 1 && at(schema).has("$ref") ? resolved(schema) : schema;
        com.networknt.schema.Schema found;
        synchronized (known) {
            found = known.computeIfAbsent(pointer, p -> schemas.getSchema(SchemaLocation.of(NAME + "#" + p)));
        }
        return found.validate(value).stream()
                .map(error -> name + " " + error.getInstanceLocation() + ": " + error.getMessage())
                .toList();
    }

    /** Reads a text as what the schema expects, as far as it is that. */
    private void checkText(String schema, String name, String text, List<String> faults) {
        String type = at(resolved(schema)).path("type").asText();
        JsonNode value = JsonNodeFactory.instance.textNode(text);
        if (type.equals("array")) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            for (String part : text.split(",", -1)) {
                list.add(part.strip());
            }
            value = list;
        } else if (Set.of("integer", "number").contains(type) && text.matches("-?\\d+(\\.\\d+)?")) {
            value = json(new Call(null, null, null, 0, null, text), faults);
        }
        faults.addAll(faults(schema, name, value));
    }

    /** What stands there, without following references. */
    JsonNode at(String pointer) {
        return document.at(pointer);
    }

    /** Where it stands, once references are followed. */
    String resolved(String pointer) {
        JsonNode node = at(pointer);
        return node.has("$ref") ? resolved(node.get("$ref").asText().substring(1)) : pointer;
    }

    static String escaped(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }
}
