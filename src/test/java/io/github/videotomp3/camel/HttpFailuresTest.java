package io.github.videotomp3.camel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.mongodb.MongoException;
import com.mongodb.MongoGridFSException;
import com.mongodb.MongoSocketOpenException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.ServerAddress;
import io.github.videotomp3.camel.HttpFailures.Problem;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.processor.ThrottlerRejectedExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;

class HttpFailuresTest {

    private static final String STATUS = "CamelHttpResponseCode";

    private final HttpFailures failures = new HttpFailures();
    private final Map<String, Object> headers = new HashMap<>();

    @BeforeEach
    void request() {
        headers.put("Authorization", "Bearer secret");
        headers.put("Accept", "audio/mpeg");
        headers.put("CamelHttpPath", "/upload");
        headers.put("Content-Length", 4711L);
    }

    @Test
    void answersARefusalWithItsOwnWordsAndHeaders() {
        Problem problem = answer(wrapped(Refusal.of(401, "invalid token", "Log in again.")
                .withHeader("WWW-Authenticate", "Bearer error=\"invalid_token\"")));

        assertThat(problem)
                .isEqualTo(
                        new Problem("urn:video-to-mp3:problem:invalid-token", "invalid token", 401, "Log in again."));
        assertThat(headers)
                .containsOnly(
                        Map.entry(STATUS, 401),
                        Map.entry("Content-Type", "application/problem+json"),
                        Map.entry("Cache-Control", "no-store"),
                        Map.entry("WWW-Authenticate", "Bearer error=\"invalid_token\""));
    }

    @Test
    void findsTheRefusalInAnUploadThatGridFsGaveUp() {
        Problem problem = answer(new MongoGridFSException(
                "IOException when reading from the InputStream",
                new IOException(Refusal.of(413, "too large", "At most 5 bytes.").withHeader("Connection", "close"))));

        assertThat(problem.status()).isEqualTo(413);
        assertThat(headers).containsEntry("Connection", "close");
    }

    static Stream<Exception> partsThatAreAway() throws Exception {
        SQLException lost = communicationsLink();
        return Stream.of(
                new MongoTimeoutException("Timed out while waiting for a server; secret"),
                new MongoSocketOpenException("secret", new ServerAddress(), new ConnectException("secret")),
                new MongoException("secret"),
                new CannotGetJdbcConnectionException("secret", new SQLTransientConnectionException("secret")),
                new SQLException("secret", "08S01"),
                new SQLNonTransientConnectionException("secret"),
                new SQLTransientConnectionException("secret"),
                new SQLRecoverableException("secret"),
                lost,
                new SQLExceptionSubclassTranslator().translate("find", "SELECT secret", lost),
                new ConnectException("secret"),
                new SocketTimeoutException("secret"),
                new UnknownHostException("secret"));
    }

    /** What MySQL's driver throws when the server goes away under a query. */
    private static SQLException communicationsLink() throws ReflectiveOperationException {
        return (SQLException) Class.forName("com.mysql.cj.jdbc.exceptions.CommunicationsException")
                .getConstructor(String.class, Throwable.class)
                .newInstance("Communications link failure; secret", new EOFException("secret"));
    }

    @ParameterizedTest
    @MethodSource("partsThatAreAway")
    void asksToComeBackWhenAPartIsAway(Exception failure) {
        Problem problem = answer(wrapped(failure));

        assertThat(problem.status()).isEqualTo(503);
        assertThat(problem.toString()).doesNotContain("secret");
        assertThat(headers)
                .containsOnlyKeys(STATUS, "Content-Type", "Cache-Control", "Retry-After")
                .containsEntry(STATUS, 503)
                .containsEntry("Retry-After", "10");
    }

    @Test
    void saysThatAnAccountIsTaken() {
        assertThat(answer(wrapped(new DuplicateKeyException(
                                "secret", new SQLIntegrityConstraintViolationException("secret"))))
                        .status())
                .isEqualTo(409);
    }

    @Test
    void slowsDownWhoAttemptsTooOften() {
        assertThat(answer(new ThrottlerRejectedExecutionException("secret")).status())
                .isEqualTo(429);
        assertThat(headers).containsEntry("Retry-After", "60");
    }

    @Test
    void saysThatAnUploadWasCutOff() {
        Problem problem = answer(wrapped(
                new MongoGridFSException("IOException when reading from the InputStream", new EOFException("secret"))));

        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.title()).isEqualTo("incomplete upload");
        assertThat(headers).containsEntry("Connection", "close");
    }

    @Test
    void saysThatAPartIsAwayWhenGridFsItselfFails() {
        assertThat(answer(new MongoGridFSException("secret")).status()).isEqualTo(503);
    }

    static List<Exception> bugs() {
        Exception json = null;
        try {
            new ObjectMapper().readTree("secret");
        } catch (JsonProcessingException e) {
            json = e;
        }
        return List.of(
                json,
                new IOException("secret"),
                new NullPointerException("secret"),
                new SQLException("secret"),
                new IllegalStateException("secret", new IllegalArgumentException("secret")));
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void givesAReferenceAndNothingElseOfWhatIsWrongHere(Exception failure) {
        Problem problem = answer(wrapped(failure));

        assertThat(problem.status()).isEqualTo(500);
        assertThat(problem.detail()).matches("Something is wrong here\\. Reference: [0-9a-f-]{36}");
        assertThat(headers).containsOnlyKeys(STATUS, "Content-Type", "Cache-Control");
        assertThat(answer(failure).detail()).isNotEqualTo(problem.detail());
    }

    private Problem answer(Exception failure) {
        return failures.answer(failure, headers);
    }

    private static Exception wrapped(Exception failure) {
        return new CamelExecutionException("in a route; secret", null, failure);
    }
}
