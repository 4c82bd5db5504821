package io.github.videotomp3.camel;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.videotomp3.job.Postponed;
import io.github.videotomp3.job.Unprocessable;
import jakarta.mail.SendFailedException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.Headers;
import org.apache.camel.component.springrabbit.SpringRabbitMQConstants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides what becomes of a message whose route failed: it waits in {@code .retry}, or is parked in {@code .failed}. */
public final class QueueFailures {

    private static final Logger LOG = LoggerFactory.getLogger(QueueFailures.class);
    private static final int LONGEST_REASON = 500;
    private static final Pattern ADDRESS = Pattern.compile("[^\\s<>@,;:]+@[^\\s<>@,;:]+");

    private final Duration firstDelay;
    private final Duration longestDelay;
    private final int maxAttempts;

    /**
     * @param firstDelay before the first retry, 1 s or more; it doubles with each further one
     * @param longestDelay the most that a message waits, not less than the first
     * @param maxAttempts how often a message is tried before it is parked, 1 or more
     */
    public QueueFailures(Duration firstDelay, Duration longestDelay, int maxAttempts) {
        if (firstDelay.toSeconds() < 1 || longestDelay.compareTo(firstDelay) < 0) {
            throw new IllegalArgumentException("queues.retry.first-delay must be 1 s or more, and"
                    + " queues.retry.longest-delay not less, but they are " + firstDelay + " and " + longestDelay);
        }
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("queues.attempts must be 1 or more, not " + maxAttempts);
        }
        this.firstDelay = firstDelay;
        this.longestDelay = longestDelay;
        this.maxAttempts = maxAttempts;
    }

    /** Puts the way of the message, its delay, the reason and the count of attempts into the headers. */
    public void judge(
            @Header(ConfirmedRabbitComponent.QUEUE) String queue,
            @Header(ConfirmedRabbitComponent.ATTEMPTS) Object before,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure,
            @Headers Map<String, Object> headers) {
        Postponed postponed = cause(failure, Postponed.class);
        boolean counts = postponed == null;
        int attempts = count(before) + (counts ? 1 : 0);
        boolean hopeless = attempts >= maxAttempts || isHopeless(failure);
        String reason = reason(failure);
        String way = queue + (hopeless ? ".failed" : ".retry");
        headers.put(ConfirmedRabbitComponent.REASON, reason);
        headers.put(ConfirmedRabbitComponent.ATTEMPTS, attempts);
        headers.put(SpringRabbitMQConstants.ROUTING_OVERRIDE_KEY, way);
        if (!hopeless) {
            Duration delay = counts ? delay(attempts) : postponed.delay().orElse(delay(attempts));
            headers.put(SpringRabbitMQConstants.EXPIRATION, String.valueOf(delay.toMillis()));
        }
        if (counts) {
            String nameless = ADDRESS.matcher(reason).replaceAll("(an address)"); // the log is not for such
            LOG.warn("A message of {} goes to {} after attempt {}: {}", queue, way, attempts, nameless);
        }
    }

    /** Somebody else may have sent the message, with anything in this header. */
    private int count(Object before) {
        return before instanceof Number number ? (int) Math.min(Math.max(number.longValue(), 0), maxAttempts) : 0;
    }

    private Duration delay(int attempts) {
        Duration delay = firstDelay.multipliedBy(1L << Math.min(Math.max(attempts - 1, 0), 20));
        return delay.compareTo(longestDelay) > 0 ? longestDelay : delay;
    }

    /** Neither garbage nor a mailbox that does not exist gets better by waiting. */
    private static boolean isHopeless(Exception failure) {
        SendFailedException mail = cause(failure, SendFailedException.class);
        boolean refused = mail != null && mail.getInvalidAddresses() != null && mail.getInvalidAddresses().length > 0;
        return refused
                || cause(failure, Unprocessable.class) != null
                || cause(failure, JsonProcessingException.class) != null;
    }

    private static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String message = root.getMessage() == null
                ? ""
                : ": " + root.getMessage().lines().findFirst().orElse("");
        String text = root.getClass().getSimpleName() + message;
        return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON);
    }

    static <T extends Throwable> T cause(Throwable failure, Class<T> type) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (type.isInstance(each)) {
                return type.cast(each);
            }
        }
        return null;
    }
}
