package io.github.videotomp3.auth;

import static io.github.videotomp3.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.videotomp3.camel.Refusal;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;

class PasswordsTest {

    private static final Passwords PASSWORDS = new Passwords();
    private static final String SECRET = "correct horse battery staple";
    private static final String HASH = PASSWORDS.hash(SECRET);

    @Test
    void hashesWithTheParametersOwaspRecommends() {
        assertThat(HASH).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").hasSizeLessThanOrEqualTo(255);
    }

    @Test
    void saltsEveryHash() {
        assertThat(PASSWORDS.hash(SECRET)).isNotEqualTo(HASH);
    }

    @Test
    void admitsTheRightPassword() {
        assertThat(verify(HASH, SECRET)).isEqualTo(new Login(7, "me@example.com", false, false));
    }

    @Test
    void looksAtEveryCharacterOfALongPassword() {
        String password = "ä".repeat(Passwords.LONGEST - 1);
        String hash = PASSWORDS.hash(password + "x");
        assertThat(verify(hash, password + "x").id()).isEqualTo(7);
        assertRefused(Map.of("id", 7, "email", "me@example.com", "password", hash), password + "y");
    }

    @Test
    void readsARowWhoseColumnsAreInCapitals() {
        Map<String, Object> row = Map.of("ID", 7L, "EMAIL", "me@example.com", "PASSWORD", HASH, "ADMIN", 1);
        assertThat(PASSWORDS.verify(row, new Credentials("me@example.com", SECRET)))
                .isEqualTo(new Login(7, "me@example.com", true, false));
    }

    @Test
    void makesAnAdminOfNobodyWhoIsNotMarkedAsOne() {
        Map<String, Object> row = new HashMap<>(row("Admin123"));
        Credentials credentials = new Credentials("me@example.com", "Admin123");
        row.put("admin", null);
        assertThat(PASSWORDS.verify(row, credentials).admin()).isFalse();
        row.put("admin", 0);
        assertThat(PASSWORDS.verify(row, credentials).admin()).isFalse();
        row.put("admin", true);
        assertThat(PASSWORDS.verify(row, credentials).admin()).isTrue();
    }

    @Test
    void admitsAPlainTextRowOfTheOriginalAndWantsItHashed() {
        assertThat(verify("Admin123", "Admin123").rehash()).isTrue();
    }

    @Test
    void wantsAWeakerHashReplaced() {
        assertThat(verify(new Argon2PasswordEncoder(16, 32, 1, 4096, 1).encode(SECRET), SECRET)
                        .rehash())
                .isTrue();
    }

    @Test
    void refusesAHashPresentedAsThePassword() {
        assertRefused(row(HASH), HASH);
    }

    @Test
    void refusesAWrongPassword() {
        assertRefused(row(HASH), "incorrect horse");
        assertRefused(row("Admin123"), "admin123");
        assertRefused(row("Admin123"), "Admin123 ");
    }

    @Test
    void refusesAnUnknownUser() {
        assertRefused(null, SECRET);
        assertRefused(Map.of(), SECRET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "$argon2id$", "$argon2id$v=19$m=19456,t=2,p=1$broken"})
    void refusesARowWithoutAUsablePassword(String stored) {
        assertRefused(row(stored), "");
        assertRefused(row(stored), stored);
    }

    @ParameterizedTest
    @NullSource
    void refusesARowWhosePasswordIsNull(String stored) {
        Map<String, Object> row = new HashMap<>(row(""));
        row.put("password", stored);
        assertRefused(row, "");
    }

    @Test
    void answersAWrongPasswordAndAnUnknownUserAlike() {
        Refusal wrong = refusalOf(() -> verify(HASH, "wrong"));
        Refusal unknown = refusalOf(() -> PASSWORDS.verify(null, new Credentials("you@example.com", "wrong")));
        assertThat(unknown).usingRecursiveComparison().isEqualTo(wrong);
    }

    @Test
    void boundsTheWorkOfALongPassword() {
        String endless = "x".repeat(Passwords.LONGEST + 1);
        assertRefused(row(endless), endless);
        assertThatIllegalArgumentException().isThrownBy(() -> PASSWORDS.hash(endless));
    }

    @Test
    void sendsCallersAwayForAMomentWhenItIsBusy() {
        Passwords busy = new Passwords(0, Duration.ZERO);
        for (Map<String, Object> row : Arrays.asList(null, row("Admin123"), row(HASH))) {
            Refusal refusal = refusalOf(() -> busy.verify(row, new Credentials("me@example.com", "Admin123")));
            assertThat(refusal.getStatus()).isEqualTo(503);
            assertThat(refusal.getHeaders()).containsEntry("Retry-After", "1");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2, 256, 2", // the heap of our manifests
        "64, 256, 3",
        "64, 8192, 64",
        "4, 64, 1",
    })
    void leavesMostOfTheHeapToOthersOnANodeWithManyCores(int cores, long heapMegabytes, int atOnce) {
        assertThat(Passwords.atOnce(cores, heapMegabytes << 20)).isEqualTo(atOnce);
    }

    @Test
    void stopsWaitingWhenItsThreadIsInterrupted() {
        Passwords busy = new Passwords(0, Duration.ofMinutes(1));
        Thread.currentThread().interrupt();
        assertThat(refusalOf(() -> busy.hash(SECRET)).getStatus()).isEqualTo(503);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void givesItsTurnBackAfterEveryLogin() {
        Passwords alone = new Passwords(1, Duration.ZERO);
        refusalOf(() -> alone.verify(null, new Credentials("me@example.com", SECRET)));
        assertThat(alone.verify(row(HASH), new Credentials("me@example.com", SECRET))
                        .id())
                .isEqualTo(7);
    }

    private static void assertRefused(Map<String, Object> row, String password) {
        Refusal refusal = refusalOf(() -> PASSWORDS.verify(row, new Credentials("me@example.com", password)));
        assertThat(refusal.getStatus()).isEqualTo(401);
        assertThat(refusal.getTitle()).isEqualTo("invalid credentials");
        assertThat(refusal.getHeaders()).containsKey("www-authenticate");
    }

    private static Login verify(String stored, String password) {
        return PASSWORDS.verify(row(stored), new Credentials("me@example.com", password));
    }

    private static Map<String, Object> row(String stored) {
        return Map.of("id", 7, "email", "me@example.com", "password", stored);
    }
}
