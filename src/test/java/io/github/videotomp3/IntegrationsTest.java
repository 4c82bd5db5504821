package io.github.videotomp3;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds {@code camel-k/} against the route files and against Camel K's own schema. */
class IntegrationsTest {

    static Stream<String> bundles() {
        return Integrations.BUNDLES.stream();
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void isWhatTheRouteFilesSay(String bundle) throws IOException {
        String fresh = Integrations.yaml(bundle);
        if (Boolean.getBoolean("rewrite")) {
            Files.writeString(Integrations.file(bundle), fresh);
        }

        assertThat(Integrations.file(bundle))
                .as("./mvnw test -Dtest=IntegrationsTest -Drewrite=true writes it anew")
                .hasContent(fresh);
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void fitsTheSchemaOfCamelK(String bundle) throws IOException {
        assertThat(schema().faults(committed(bundle))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"/spec/traits/container, limit-memory", "/spec, flow", "/spec/traits/keda, replicas"})
    void findsAFieldThatCamelKDoesNotKnow(String place, String field) throws IOException {
        JsonNode wrong = committed("converter");
        ((ObjectNode) wrong.at(place)).put(field, "1");

        assertThat(schema().faults(wrong)).hasSize(1).first().asString().contains(field);
    }

    @Test
    void findsAValueOfAWrongType() throws IOException {
        JsonNode wrong = committed("auth");
        ((ObjectNode) wrong.at("/spec/traits/health")).put("enabled", "yes");

        assertThat(schema().faults(wrong)).hasSize(1).first().asString().contains("enabled");
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void hasAValueForEachKeyOfItsFlows(String bundle) throws IOException {
        JsonNode integration = committed(bundle);
        Set<String> known = new HashSet<>(
                Integrations.load(Path.of("camel-k/video-to-mp3.properties")).stringPropertyNames());
        integration
                .at("/spec/traits/camel/properties")
                .forEach(property -> known.add(
                        property.asText().substring(0, property.asText().indexOf('='))));
        List<String> keys = Integrations.keys(integration.at("/spec").toString(), false);

        assertThat(keys).isNotEmpty().allMatch(known::contains);
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void namesTheVersionsOfTheBuild(String bundle) throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));

        committed(bundle).at("/spec/dependencies").forEach(dependency -> {
            String[] parts = dependency.asText().split(":");
            if (pom.contains("<artifactId>" + parts[parts.length - 2] + "</artifactId>\n      <version>")) {
                assertThat(pom).contains(">" + parts[parts.length - 1] + "<");
            }
        });
    }

    static JsonNode committed(String bundle) throws IOException {
        return Integrations.YAML.readTree(Files.readString(Integrations.file(bundle)));
    }

    private static Schema schema() throws IOException {
        return new Schema("camel.apache.org_integrations");
    }
}
