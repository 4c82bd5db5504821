package io.github.videotomp3.auth;

import static io.github.videotomp3.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.camel.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class BasicCredentialsTest {

    @Test
    void readsWhatCurlSends() {
        assertThat(Credentials.fromHeader("Basic Z2Vvcmdpb0BlbWFpbC5jb206QWRtaW4xMjM="))
                .isEqualTo(new Credentials("georgio@email.com", "Admin123"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"basic ", "BASIC ", "Basic   "})
    void readsTheSchemeInAnyLetterCase(String scheme) {
        assertThat(Credentials.fromHeader(scheme + base64("me@example.com:secret"))
                        .password())
                .isEqualTo("secret");
    }

    @Test
    void readsTheExampleOfRfc7617InUtf8() {
        assertThat(Credentials.fromHeader("Basic dGVzdDoxMjPCow==")).isEqualTo(new Credentials("test", "123£"));
    }

    @Test
    void splitsAtTheFirstColon() {
        assertThat(read("me@example.com:a:b:")).isEqualTo(new Credentials("me@example.com", "a:b:"));
    }

    @Test
    void keepsAnEmptyPasswordAndSpacesInOne() {
        assertThat(read("me@example.com:").password()).isEmpty();
        assertThat(read("me@example.com: a b ").password()).isEqualTo(" a b ");
    }

    @Test
    void foldsTheDomainButNotTheLocalPart() {
        assertThat(read(" Me@Example.COM :secret").email()).isEqualTo("Me@example.com");
    }

    @Test
    void readsAPasswordThatTwoKeyboardsComposeDifferentlyAsOne() {
        assertThat(read("me@example.com:Cafe\u0301")).isEqualTo(read("me@example.com:Caf\u00e9"));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                " ",
                "Basic",
                "Basic ",
                "Bearer bWU6cHc=",
                "Basicbbb bWU6cHc=",
                "Basic !!!",
                "Basic bWU",
                "Basic OnB3",
                "Basic bWU6cHc= bWU6cHc=",
                "Basic bWU6/w==",
                "Basic bWU6cAp3",
                "Basic AG1lOnB3"
            })
    void asksForCredentialsThatAreMissingOrMalformed(String authorization) {
        Refusal refusal = refusalOf(() -> Credentials.fromHeader(authorization));
        assertThat(refusal.getStatus()).isEqualTo(401);
        assertThat(refusal.getTitle()).isEqualTo("missing credentials");
        assertThat(refusal.getHeaders())
                .containsEntry("WWW-Authenticate", "Basic realm=\"video-to-mp3\", charset=\"UTF-8\"");
    }

    @Test
    void neverShowsThePassword() {
        assertThat(read("me@example.com:secret"))
                .asString()
                .contains("me@example.com")
                .doesNotContain("secret");
    }

    private static Credentials read(String pair) {
        return new BasicCredentials().read("Basic " + base64(pair));
    }

    private static String base64(String pair) {
        return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
