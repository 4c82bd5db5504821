package io.github.videotomp3;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The jar for servers: all that the program needs, and nothing that only its embedded parts need. */
class LeanJarIT {

    /** What Boot adds to every jar that it packs, for its own use. */
    private static final String BOOTS_OWN = "spring-boot-jarmode-tools-";

    /** Jars without a class, which Boot leaves out. */
    private static final String NAMES_ONLY = "spring-boot-starter";

    /** The server of Camel's other runtimes, which Maven provides to the compiler and Boot is told to leave out. */
    private static final Pattern NOT_PACKED = Pattern.compile(
            "(vertx-core|netty-(handler-proxy|codec-socks|codec-http|codec-http2|resolver-dns|codec-dns))-\\d.*");

    @Test
    void holdsExactlyWhatMavenFindsWithoutTheEmbeddedParts() throws Exception {
        assertThat(own(Jars.lean())).isEqualTo(listed(Jars.lean()));
    }

    @Test
    void wholeJarHoldsExactlyWhatItsListSays() throws Exception {
        assertThat(own(Jars.whole())).isEqualTo(listed(Jars.whole()));
    }

    @ParameterizedTest
    @CsvSource({
        "qpid, true",
        "derby, true",
        "mongo-java-server, true",
        "h2-, true",
        "greenmail, true",
        "jave-nativebin, true",
        "netty, true",
        "guava, true",
        "junit, true",
        "amqp-client, false",
        "mongodb-driver-sync, false",
        "mysql-connector-j, false",
        "angus-mail, false"
    })
    void leavesOutTheEmbeddedPartsOnly(String library, boolean embedded) throws Exception {
        assertThat(own(Jars.whole())).anyMatch(name -> name.startsWith(library));
        assertThat(own(Jars.lean()).stream().anyMatch(name -> name.startsWith(library)))
                .isEqualTo(!embedded);
    }

    private static Set<String> own(Path jar) throws IOException {
        Set<String> names = new HashSet<>(Jars.libraries(jar));
        assertThat(names.removeIf(name -> name.startsWith(BOOTS_OWN))).isTrue();
        return names;
    }

    /** From the list beside the jar, which the build takes from Maven's scopes and not from the jar. */
    private static Set<String> listed(Path jar) throws IOException {
        Path list = Path.of(jar.toString().replaceFirst("\\.jar$", ".cdx.json"));
        Set<String> names = new HashSet<>();
        for (JsonNode library :
                new ObjectMapper().readTree(Files.readString(list)).get("components")) {
            if (!library.get("name").asText().startsWith(NAMES_ONLY)) {
                names.add(library.get("name").asText() + "-"
                        + library.get("version").asText() + ".jar");
            }
        }
        names.removeIf(NOT_PACKED.asMatchPredicate());
        return names;
    }
}
