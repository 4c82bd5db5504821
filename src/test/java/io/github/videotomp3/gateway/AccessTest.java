package io.github.videotomp3.gateway;

import static io.github.videotomp3.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.MongoStore;
import io.github.videotomp3.auth.Caller;
import io.github.videotomp3.auth.Login;
import io.github.videotomp3.auth.Tokens;
import io.github.videotomp3.camel.Refusal;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {

    @RegisterExtension
    static final MongoStore MONGO = new MongoStore();

    private static final String OWNER = "me@example.com";

    private final Tokens tokens = new Tokens(
            "a secret that has more than 32 bytes", "issuer", "audience", Duration.ofHours(1), Duration.ZERO);
    private final ApiKeys keys = new ApiKeys(MONGO.client());
    private final Departures departures = new Departures(MONGO.client(), Duration.ofHours(1));
    private final Access access = new Access(tokens, keys, departures);

    /** What there is to do, and the one scope of a key that may. */
    private final Map<Scope, Function<String, Caller>> ways = Map.of(
            Scope.UPLOAD, access::toUpload,
            Scope.READ, access::toRead,
            Scope.DELETE, access::toDelete);

    @ParameterizedTest
    @EnumSource
    void letsATokenDoAll(Scope scope) {
        String token = tokens.issue(new Login(1, OWNER, true, false)).token();

        assertThat(ways.get(scope).apply("Bearer " + token)).isEqualTo(new Caller(OWNER, true));
        assertThat(access.toManage("Bearer " + token)).isEqualTo(new Caller(OWNER, true));
    }

    static Stream<Arguments> scopesAndWays() {
        return Arrays.stream(Scope.values())
                .flatMap(scope -> Arrays.stream(Scope.values()).map(way -> Arguments.of(scope, way)));
    }

    @ParameterizedTest
    @MethodSource("scopesAndWays")
    void letsAKeyDoWhatItsScopesSay(Scope scope, Scope way) {
        String key = keys.make(OWNER, "backup", EnumSet.of(scope)).orElseThrow().text();

        if (scope == way) {
            assertThat(ways.get(way).apply("Bearer " + key)).isEqualTo(new Caller(OWNER, false));
            assertThat(ways.get(way).apply("bearer  " + key)).isEqualTo(new Caller(OWNER, false));
        } else {
            Refusal refusal = refusalOf(() -> ways.get(way).apply("Bearer " + key));

            assertThat(refusal.getStatus()).isEqualTo(403);
            assertThat(refusal.getHeaders().get("WWW-Authenticate"))
                    .startsWith("Bearer realm=\"video-to-mp3\", error=\"insufficient_scope\", ")
                    .endsWith(", scope=\"" + way.key() + "\"");
        }
    }

    @Test
    void letsNoKeyManageAnything() {
        String key = keys.make(OWNER, "backup", EnumSet.allOf(Scope.class))
                .orElseThrow()
                .text();

        Refusal refusal = refusalOf(() -> access.toManage("Bearer " + key));

        assertThat(refusal.getStatus()).isEqualTo(403);
        assertThat(refusal.getHeaders().get("WWW-Authenticate"))
                .contains("error=\"insufficient_scope\"")
                .doesNotContain("scope=\"upload");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v2m_",
                "v2m_6743a1f0c2b5d80012345678_0000000000000000000000000000000000000000000000000000000000000000"
            })
    void refusesAKeyThatIsNone(String key) {
        Refusal refusal = refusalOf(() -> access.toRead("Bearer " + key));

        assertThat(refusal.getStatus()).isEqualTo(401);
        assertThat(refusal.getHeaders().get("WWW-Authenticate")).contains("error=\"invalid_token\"");
        assertThat(refusal.getDetail()).doesNotContain(key);
    }

    @Test
    void letsATokenBringInNothingNewWhoseAccountIsDeleted() {
        String owner = "leaver@example.com";
        String token =
                "Bearer " + tokens.issue(new Login(1, owner, false, false)).token();
        departures.note(owner);

        assertThat(refusalOf(() -> access.toUpload(token)).getStatus()).isEqualTo(401);
        assertThat(refusalOf(() -> access.toManage(token)).getDetail()).contains("account", "deleted");
        assertThat(access.toLeave(token).username()).isEqualTo(owner);
        assertThat(access.toRead(token).username()).isEqualTo(owner);
    }

    @Test
    void letsWhoComesBackDoAllAgain() {
        String owner = "back@example.com";
        Departures before = new Departures(
                MONGO.client(), Duration.ofHours(1), Clock.offset(Clock.systemUTC(), Duration.ofSeconds(-2)));
        before.note(owner);

        String token =
                "Bearer " + tokens.issue(new Login(1, owner, false, false)).token();

        assertThat(access.toUpload(token).username()).isEqualTo(owner);
    }

    @Test
    void asksForCredentialsWhereThereAreNone() {
        Refusal refusal = refusalOf(() -> access.toRead(null));

        assertThat(refusal.getStatus()).isEqualTo(401);
        assertThat(refusal.getHeaders().get("WWW-Authenticate")).doesNotContain("error");
    }

    @Test
    void takesAKeyInNoOtherScheme() {
        String key =
                keys.make(OWNER, "backup", EnumSet.of(Scope.READ)).orElseThrow().text();

        assertThat(refusalOf(() -> access.toRead(key)).getStatus()).isEqualTo(401);
        assertThat(refusalOf(() -> access.toRead("Basic " + key)).getStatus()).isEqualTo(401);
    }
}
