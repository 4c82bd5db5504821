package io.github.videotomp3.boot;

import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * A start that ends by itself, from which {@code bin/start --archive} learns which classes a start needs. It takes free
 * ports, so that the program may run meanwhile.
 */
public class TrainingRun implements EnvironmentPostProcessor, Ordered {

    private static final String PROPERTY = "training-run";

    /** As late as {@link BundleEnvironment}, which is named before: for people, 0 is no port. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        if (Boolean.getBoolean(PROPERTY)) {
            environment
                    .getPropertySources()
                    .addFirst(new MapPropertySource(PROPERTY, Map.of("server.port", 0, "management.server.port", 0)));
        }
    }

    /** Ends the program if this is a training run, once each server has answered, or did not. */
    static void end(ConfigurableApplicationContext context) {
        if (Boolean.getBoolean(PROPERTY)) {
            context.getBeansOfType(Server.class).values().forEach(Server::awaitAnswer);
            System.exit(SpringApplication.exit(context));
        }
    }
}
