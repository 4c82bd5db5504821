package io.github.videotomp3.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jsonwebtoken.JwtException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Puts the HS256 vectors of project Wycheproof (C2SP/wycheproof) through the parser that tokens go through. */
class WycheproofTest {

    private static final Path VECTORS =
            Path.of(System.getProperty("reference.data", "../shared/data")).resolve("json_web_signature_test.json");

    /** Are marked valid though they have a character that base64url does not (RFC 7515 §2); we are stricter. */
    private static final Set<Integer> SLOPPY = Set.of(372, 373);

    /** Are marked invalid though they are, byte for byte, the valid vector 357: their padding got lost in the file. */
    private static final Set<Integer> BROKEN = Set.of(367, 370);

    private static final List<Vector> ALL = new ArrayList<>();

    private record Vector(int id, String comment, SecretKey key, String jws, boolean valid) {

        boolean verifies() {
            try {
                Tokens.payload(jws, key);
                return true;
            } catch (JwtException | IllegalArgumentException refused) {
                return false;
            }
        }
    }

    @BeforeAll
    static void readVectors() throws Exception {
        if (!Files.exists(VECTORS)) {
            return;
        }
        for (JsonNode group : new ObjectMapper().readTree(VECTORS.toFile()).get("testGroups")) {
            JsonNode key = group.get("private");
            if (key.path("alg").asText().equals("HS256")) {
                byte[] bytes = Base64.getUrlDecoder().decode(key.get("k").asText());
                SecretKey secret = new SecretKeySpec(bytes, "HmacSHA256");
                for (JsonNode test : group.get("tests")) {
                    ALL.add(new Vector(
                            test.get("tcId").asInt(),
                            test.get("comment").asText(),
                            secret,
                            test.get("jws").asText(),
                            test.get("result").asText().equals("valid")));
                }
            }
        }
    }

    @BeforeEach
    void skipWithoutVectors() {
        assumeTrue(Files.exists(VECTORS), () -> VECTORS + " is absent: set -Dreference.data to its folder");
    }

    @Test
    void readsAllVectors() {
        assertThat(ALL).hasSize(40).filteredOn(Vector::valid).hasSize(10);
    }

    @Test
    void agreesWithEveryVector() {
        assertThat(ALL)
                .filteredOn(vector -> !SLOPPY.contains(vector.id()) && !BROKEN.contains(vector.id()))
                .filteredOn(vector -> vector.verifies() != vector.valid())
                .isEmpty();
    }

    @Test
    void refusesVectorsThatAreNotInBase64Url() {
        assertThat(ALL)
                .filteredOn(vector -> SLOPPY.contains(vector.id()))
                .hasSize(2)
                .noneMatch(Vector::verifies);
    }

    @Test
    void skipsOnlyVectorsThatContradictAnother() {
        String valid = ALL.stream()
                .filter(vector -> vector.id() == 357)
                .findFirst()
                .orElseThrow()
                .jws();
        assertThat(ALL)
                .filteredOn(vector -> BROKEN.contains(vector.id()))
                .hasSize(2)
                .allMatch(vector -> vector.jws().equals(valid));
    }
}
