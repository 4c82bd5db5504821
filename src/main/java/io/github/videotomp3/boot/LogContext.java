package io.github.videotomp3.boot;

import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.JobMessage;
import io.opentelemetry.api.trace.Span;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.bson.types.ObjectId;
import org.slf4j.MDC;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.stereotype.Component;

/**
 * Puts the ids of the job and of the trace into the log's context while a step of a route runs, on whatever thread that is.
 * What an exchange has once shown of its job it keeps, since bodies and headers come and go.
 */
@Component
@ConditionalOnExpression("!'${logging.structured.format.console:}'.isEmpty()")
class LogContext implements InterceptStrategy {

    /** Names of the Elastic Common Schema, as far as it has one. */
    static final String TRACE = "trace.id";

    static final String JOB = "job.id";

    private static final int ID_LENGTH = 24; // a body may be a whole message

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext camel, NamedNode step, Processor target, Processor nextTarget) {
        return new DelegateAsyncProcessor(target) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                String outerJob = MDC.get(JOB);
                String outerTrace = MDC.get(TRACE);
                set(JOB, job(exchange));
                set(TRACE, trace(exchange));
                try {
                    return super.process(exchange, callback);
                } finally {
                    set(JOB, outerJob);
                    set(TRACE, outerTrace);
                }
            }
        };
    }

    private static void set(String key, String value) {
        if (value == null) {
            MDC.remove(key);
        } else {
            MDC.put(key, value);
        }
    }

    private static String job(Exchange exchange) {
        Message message = exchange.getMessage();
        for (Object place : new Object[] {
            message.getBody(), message.getHeader("gridfs.objectid"), message.getHeader("id"), message.getHeader("fid")
        }) {
            String shown = id(place);
            if (shown != null) {
                exchange.setProperty(JOB, shown);
                break;
            }
        }
        return exchange.getProperty(JOB, String.class);
    }

    private static String id(Object value) {
        if (value instanceof Job job) {
            return job.id().toHexString();
        }
        if (value instanceof JobMessage message) {
            return id(message.video());
        }
        if (value instanceof String text) {
            return text.length() == ID_LENGTH && ObjectId.isValid(text) ? text : null;
        }
        return value instanceof ObjectId id ? id.toHexString() : null;
    }

    /** The current span is the thread's; the trace is the exchange's. */
    private static String trace(Exchange exchange) {
        String trace = exchange.getProperty(TRACE, String.class);
        if (trace == null && Span.current().getSpanContext().isValid()) {
            trace = Span.current().getSpanContext().getTraceId();
            exchange.setProperty(TRACE, trace);
        }
        return trace;
    }
}
