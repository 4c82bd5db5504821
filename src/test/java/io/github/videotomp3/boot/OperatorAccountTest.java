package io.github.videotomp3.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

class OperatorAccountTest {

    private static final String SHORT = "the operator's own";
    private static final String LONG = "PQ8n2vTz0aJr6sXw4yLk1mBd7cEf3gHu"; // 32
    private static final String ADDRESS = "192.0.2.1";
    private static final int ALLOWED = 5;

    @ParameterizedTest
    @ValueSource(strings = {SHORT, LONG})
    void letsManyInAtTheSameMoment(String password) throws Exception {
        OperatorAccount account = account(password);

        assertThat(atOnce(account, password, 50)).as("right passwords").isEqualTo(50);
        assertThat(account.isClosed(ADDRESS)).isFalse();
    }

    @Test
    void looksAtNoMoreGuessesThanAreAllowedHoweverManyComeAtOnce() throws Exception {
        OperatorAccount account = account(SHORT);

        atOnce(account, "a guess", 50);

        assertThat(account.isClosed(ADDRESS)).isTrue();
        assertThat(atOnce(account, SHORT, 1)).as("even the right one").isZero();
        assertThat(login(account, SHORT, "192.0.2.2")).as("from elsewhere").isTrue();
    }

    @Test
    void countsNoGuessOfBeforeARightPassword() {
        OperatorAccount account = account(SHORT);

        for (int i = 0; i < 3; i++) {
            IntStream.range(1, ALLOWED).forEach(guess -> login(account, "a guess", ADDRESS));
            assertThat(login(account, SHORT, ADDRESS)).isTrue();
        }
    }

    @Test
    void locksNobodyOutOfAPasswordThatCanNotBeGuessed() throws Exception {
        OperatorAccount account = account(LONG);

        assertThat(atOnce(account, "a guess", 50)).isZero();

        assertThat(account.isClosed(ADDRESS)).isFalse();
        assertThat(login(account, LONG, ADDRESS))
                .as("who shares the guesser's address")
                .isTrue();
    }

    @Test
    void letsNobodyInWithoutAPassword() {
        assertThat(login(account(""), "", ADDRESS)).isFalse();
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        assertThatThrownBy(() -> new LoginThrottle(0, Duration.ofMinutes(1)))
                .hasMessageContaining("operator.login.attempts");
        assertThatThrownBy(() -> new LoginThrottle(5, Duration.ofMillis(999)))
                .hasMessageContaining("operator.login.wait");
    }

    private static OperatorAccount account(String password) {
        return new OperatorAccount("operator", password, "OPERATOR", new LoginThrottle(ALLOWED, Duration.ofMinutes(1)));
    }

    /** How many of these logins were let in. */
    private static long atOnce(OperatorAccount account, String password, int logins) throws Exception {
        ExecutorService people = Executors.newFixedThreadPool(logins);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Boolean>> answers = new ArrayList<>();
            for (int i = 0; i < logins; i++) {
                answers.add(people.submit(() -> {
                    start.await();
                    return login(account, password, ADDRESS);
                }));
            }
            start.countDown();
            long in = 0;
            for (Future<Boolean> answer : answers) {
                in += answer.get() ? 1 : 0;
            }
            return in;
        } finally {
            people.shutdownNow();
        }
    }

    private static boolean login(OperatorAccount account, String password, String address) {
        UsernamePasswordAuthenticationToken login =
                UsernamePasswordAuthenticationToken.unauthenticated("operator", password);
        login.setDetails(new WebAuthenticationDetails(address, null));
        try {
            return account.authenticate(login).isAuthenticated();
        } catch (BadCredentialsException e) {
            return false;
        }
    }
}
