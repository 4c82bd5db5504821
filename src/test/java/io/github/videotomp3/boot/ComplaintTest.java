package io.github.videotomp3.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoCredential;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoTimeoutException;
import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import jakarta.mail.AuthenticationFailedException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ComplaintTest {

    private final Complaint complaint = new Complaint("A server at x:1", "its.address", "its.user");

    static Stream<Arguments> failures() {
        AMQP.Channel.Close other = new AMQP.Channel.Close.Builder()
                .replyCode(406)
                .replyText("PRECONDITION_FAILED - inequivalent arg 'x-queue-type' for queue 'video'")
                .build();
        return Stream.of(
                Arguments.of(new ConnectException("Connection refused"), "refused the connection", "(its.address)"),
                Arguments.of(new ConnectException("Connection timed out"), "does not answer", "(its.address)"),
                Arguments.of(new SocketTimeoutException("Connect timed out"), "does not answer", "firewall"),
                Arguments.of(new MongoTimeoutException("Timed out"), "does not answer", "(its.address)"),
                Arguments.of(new SQLTransientConnectionException("timed out"), "does not answer", "(its.address)"),
                Arguments.of(new UnknownHostException("x"), "a host name that nobody knows", "(its.address)"),
                Arguments.of(new AuthenticationFailureException("no"), "refused the login", "(its.user)"),
                Arguments.of(new AuthenticationFailedException("535"), "refused the login", "(its.user)"),
                Arguments.of(new SQLException("Access denied", "28000", 1045), "refused the login", "(its.user)"),
                Arguments.of(
                        new MongoSecurityException(
                                MongoCredential.createCredential("u", "admin", new char[0]), "Authentication failed"),
                        "refused the login",
                        "(its.user)"),
                Arguments.of(
                        new SQLException("Unknown database 'auth'", "42000", 1049),
                        "has no such database for this user: Unknown database 'auth'",
                        "(its.address)"),
                Arguments.of(new SSLHandshakeException("no cipher"), "do not agree on encryption: no cipher", "("),
                Arguments.of(
                        new ShutdownSignalException(false, false, other, null),
                        "has a queue with other arguments: set queues.type",
                        "for queue 'video'"),
                Arguments.of(
                        new IOException("disk on fire\n\tat somewhere"),
                        "can't be used: disk on fire",
                        "(its.address)"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void saysInOneLineWhatIsWrongAndWhereToLook(Exception failure, String words, String place) {
        for (Exception wrapped : new Exception[] {failure, new IllegalStateException("outer\nlines", failure)}) {
            assertThat(complaint.apply(wrapped))
                    .startsWith("A server at x:1 ")
                    .contains(words, place)
                    .doesNotContain("\n", "outer");
        }
    }
}
