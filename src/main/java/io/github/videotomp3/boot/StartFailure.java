package io.github.videotomp3.boot;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Says in one line what stops a start, without a stack trace: what our own classes have found wrong, a port that somebody
 * else has, and what Spring Boot can't read. The rest is Spring Boot's.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class StartFailure implements SpringBootExceptionReporter {

    private static final Logger LOG = LoggerFactory.getLogger(StartFailure.class);
    private static final String OURS = "io.github.videotomp3.";

    private final ConfigurableApplicationContext context;

    /** @param context null if the start did not come so far */
    StartFailure(ConfigurableApplicationContext context) {
        this.context = context;
    }

    @Override
    public boolean reportException(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            String sentence = sentence(each);
            if (sentence != null) {
                LOG.error("video-to-mp3 cannot start: {}", sentence);
                return true;
            }
        }
        return false;
    }

    private String sentence(Throwable failure) {
        if (failure instanceof PortInUseException port) {
            String key = String.valueOf(port.getPort())
                            .equals(context.getEnvironment().getProperty("server.port"))
                    ? "server.port"
                    : "management.server.port";
            return key + " is " + port.getPort()
                    + ", which another program uses: stop that one, or choose another port";
        }
        if (failure instanceof BindException bind && bind.getProperty() != null) {
            return bind.getProperty().getName() + " is \"" + bind.getProperty().getValue() + "\", which is no "
                    + bind.getTarget().getType().resolve(Object.class).getSimpleName();
        }
        StackTraceElement[] trace = failure.getStackTrace();
        return trace.length > 0 && trace[0].getClassName().startsWith(OURS) ? failure.getMessage() : null;
    }
}
