package io.github.videotomp3.boot.embedded;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/**
 * Starts the embedded broker while Spring still looks for its beans: it takes as long as a tenth of the whole start, and most
 * of that is waiting and another core's work.
 */
public final class BrokerStart implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        Environment environment = context.getEnvironment();
        if (environment.getProperty("embedded.broker", boolean.class, false)) {
            Starting starting = new Starting(environment);
            var beans = (DefaultListableBeanFactory) context.getBeanFactory();
            beans.registerSingleton("embeddedBrokerStart", starting);
            beans.registerDisposableBean("embeddedBrokerStart", starting::close);
        }
    }

    /** A broker that is on its way. */
    static final class Starting {

        private final CompletableFuture<EmbeddedBroker> broker;

        private Starting(Environment environment) {
            broker = CompletableFuture.supplyAsync(
                    () -> new EmbeddedBroker(
                            Path.of(environment.getRequiredProperty("data.folder"), "broker"),
                            environment.getRequiredProperty("spring.rabbitmq.port", int.class),
                            environment.getRequiredProperty("spring.rabbitmq.username"),
                            environment.getRequiredProperty("spring.rabbitmq.password")),
                    task -> new Thread(task, "embedded-broker-start").start());
        }

        /**
         * Waits for it.
         *
         * @throws IllegalStateException as the broker's constructor
         */
        EmbeddedBroker await() {
            try {
                return broker.join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof RuntimeException failure ? failure : e;
            }
        }

        /** Also if the program's start ends before anybody has asked for the broker. */
        private void close() {
            EmbeddedBroker started = broker.exceptionally(failure -> null).join();
            if (started != null) {
                started.close();
            }
        }
    }
}
