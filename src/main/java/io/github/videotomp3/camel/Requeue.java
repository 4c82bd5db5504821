package io.github.videotomp3.camel;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.amqp.ImmediateRequeueAmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.config.RetryInterceptorBuilder;
import org.springframework.amqp.rabbit.retry.MessageRecoverer;
import org.springframework.retry.interceptor.RetryOperationsInterceptor;

/**
 * Gives a message that could not even be parked, mostly because the broker is in trouble, back to its queue. The
 * component's own recoverers drop it.
 */
final class Requeue implements MessageRecoverer {

    private final CountDownLatch never = new CountDownLatch(1);

    private Requeue() {}

    static RetryOperationsInterceptor afterOneSecond() {
        return RetryInterceptorBuilder.stateless()
                .maxAttempts(1)
                .recoverer(new Requeue())
                .build();
    }

    @Override
    public void recover(Message message, Throwable cause) {
        try {
            never.await(1, TimeUnit.SECONDS); // else the broker hands it out again at once, for ever
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new ImmediateRequeueAmqpException("not parked, given back to its queue", cause);
    }
}
