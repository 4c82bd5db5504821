package io.github.videotomp3.camel;

import com.mongodb.MongoException;
import com.mongodb.MongoGridFSException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Headers;
import org.apache.camel.processor.ThrottlerRejectedExecutionException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what went wrong in a request into an answer that tells its caller what to do, and no more than that. */
public final class HttpFailures {

    private static final Logger LOG = LoggerFactory.getLogger(HttpFailures.class);

    /** A problem detail (RFC 9457); {@code type} is stable, so programs can tell problems apart by it. */
    public record Problem(String type, String title, int status, String detail) {}

    /** The problem as the body; its status and headers replace all that the exchange carried. */
    public Problem answer(
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure, @Headers Map<String, Object> headers) {
        Refusal refusal = refusal(failure);
        headers.clear();
        headers.putAll(refusal.getHeaders());
        headers.put(Exchange.HTTP_RESPONSE_CODE, refusal.getStatus());
        headers.put(Exchange.CONTENT_TYPE, "application/problem+json");
        headers.put("Cache-Control", "no-store");
        String code = refusal.getTitle().toLowerCase(Locale.ROOT).replace(' ', '-');
        return new Problem(
                "urn:video-to-mp3:problem:" + code, refusal.getTitle(), refusal.getStatus(), refusal.getDetail());
    }

    private static Refusal refusal(Exception failure) {
        Refusal refusal = QueueFailures.cause(failure, Refusal.class);
        if (refusal != null) {
            return refusal;
        }
        if (is(failure, ThrottlerRejectedExecutionException.class)) {
            return Refusal.of(429, "too many attempts", "Wait a minute before the next attempt.")
                    .withHeader("Retry-After", "60");
        }
        if (is(failure, SQLIntegrityConstraintViolationException.class)) { // the address is all that has to be unique
            return Refusal.of(409, "already registered", "There is an account with this e-mail address.");
        }
        if (is(failure, MongoGridFSException.class) && is(failure, IOException.class)) {
            return Refusal.of(400, "incomplete upload", "The body ended before the file did; nothing was stored.")
                    .withHeader("Connection", "close");
        }
        if (isUnavailable(failure)) {
            LOG.warn("A request was answered with 503: {}", failure.toString());
            return Refusal.of(503, "unavailable", "A part that this request needs is away; try again soon.")
                    .withHeader("Retry-After", "10");
        }
        String reference = UUID.randomUUID().toString();
        LOG.error("A request failed, reference {}", reference, failure);
        return Refusal.of(500, "internal error", "Something is wrong here. Reference: " + reference);
    }

    private static boolean isUnavailable(Exception failure) {
        return is(failure, MongoException.class)
                || is(failure, SQLNonTransientConnectionException.class)
                || is(failure, SQLRecoverableException.class)
                || is(failure, SQLTransientException.class)
                || is(failure, SocketException.class)
                || is(failure, SocketTimeoutException.class)
                || is(failure, UnknownHostException.class)
                || is(failure, NoHttpResponseException.class)
                || isLostConnection(QueueFailures.cause(failure, SQLException.class));
    }

    /** Class 08 of the SQL standard, which not every driver gives a type of its own. */
    private static boolean isLostConnection(SQLException failure) {
        return failure != null
                && failure.getSQLState() != null
                && failure.getSQLState().startsWith("08");
    }

    private static boolean is(Exception failure, Class<? extends Throwable> type) {
        return QueueFailures.cause(failure, type) != null;
    }
}
