package io.github.videotomp3.auth;

import static io.github.videotomp3.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.videotomp3.camel.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistrationsTest {

    private static final String SECRET = "correct horse battery staple";
    private static final Registrations OPEN = new Registrations("open", new Passwords());

    @Test
    void givesAnAccountThatCanLogIn() {
        Account account = OPEN.check(new Credentials(" Me@Example.COM", SECRET));
        assertThat(account.email()).isEqualTo("Me@example.com");
        assertThat(account.passwordHash()).startsWith("$argon2id$");
        assertThat(account).asString().doesNotContain("$argon2id$");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@b.c",
                "first.last+tag@sub.example.co.uk",
                "o'neil@example.com",
                "me@localhost",
                "1@2.example",
                "me@xn--bcher-kva.example"
            })
    void takesAnAddress(String email) {
        assertThat(OPEN.check(new Credentials(email, SECRET)).email()).isEqualTo(email);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "me",
                "@example.com",
                "me@",
                "me@@example.com",
                "a@b@example.com",
                ".me@example.com",
                "me.@example.com",
                "m..e@example.com",
                "me you@example.com",
                "me,you@example.com",
                "me@example.com,you@example.com",
                "<me@example.com>",
                "Me <me@example.com>",
                "\"me\"@example.com",
                "me@[127.0.0.1]",
                "me@-example.com",
                "me@example-.com",
                "me@example..com",
                "me@.example.com",
                "me@example.com.",
                "me@exa_mple.com",
                "mé@example.com",
                "me@exämple.com",
                "me@example.com\nBcc: you@example.com",
                "me\r\nBcc:you@example.com",
                "me\u0000@example.com",
                "me@example.com;you@example.com",
                "me:you@example.com",
                "me(x)@example.com",
                "me\\@example.com"
            })
    void refusesWhatIsNoAddress(String email) {
        assertRefused(email, SECRET, "email: must ");
    }

    @Test
    void refusesAnAddressThatNoMailServerTakes() {
        String label = "x".repeat(63);
        String longest = "x".repeat(64) + "@" + label + "." + label + "." + "x".repeat(61);
        assertThat(longest).hasSize(254);
        assertThat(OPEN.check(new Credentials(longest, SECRET)).email()).isEqualTo(longest);
        assertRefused(longest + "x", SECRET, "email: must have at most 254 characters");
        assertRefused("x".repeat(65) + "@example.com", SECRET, "at most 64 before the @");
        assertRefused("me@" + label + "x.com", SECRET, "email: must end in the name of a mail server");
    }

    @ParameterizedTest
    @CsvSource({
        "'', at least 8",
        "1234567, at least 8",
        "😀😀😀😀😀😀😀, at least 8",
        "password1, most common",
        "QWERTYUIOP, most common",
        "me@example.com, e-mail address",
        "ME@EXAMPLE.COM, e-mail address"
    })
    void refusesAPasswordThatIsEasyToGuess(String password, String rule) {
        assertRefused("me@example.com", password, rule);
    }

    @Test
    void takesAnyCharactersUpToALimit() {
        assertThat(OPEN.check(new Credentials("me@example.com", "        "))).isNotNull();
        assertThat(OPEN.check(new Credentials("me@example.com", "x".repeat(1024))))
                .isNotNull();
        assertRefused("me@example.com", "x".repeat(1025), "password: must have at most 1024 characters");
    }

    @Test
    void takesNobodyWhileItIsClosed() {
        Registrations closed = new Registrations("closed", new Passwords());
        Refusal refusal = refusalOf(() -> closed.check(new Credentials("me@example.com", SECRET)));
        assertThat(refusal.getStatus()).isEqualTo(403);
        assertThat(refusal.getTitle()).isEqualTo("registration is closed");
    }

    @Test
    void startsWithNoOtherSetting() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Registrations("Open", new Passwords()))
                .withMessageContaining("auth.registration is open or closed");
    }

    private static void assertRefused(String email, String password, String detail) {
        Refusal refusal = refusalOf(() -> OPEN.check(new Credentials(email, password)));
        assertThat(refusal.getStatus()).isEqualTo(422);
        assertThat(refusal.getTitle()).isEqualTo("registration refused");
        assertThat(refusal.getDetail()).contains(detail);
    }
}
