package io.github.videotomp3.boot.embedded;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Starts the embedded parts before whatever connects to them, and stops them after it. */
@Configuration(proxyBeanMethods = false)
class EmbeddedParts {

    private static final Set<String> CLIENTS = Set.of("rabbitConnectionFactory", "mongo", "camelContext");

    @Bean(destroyMethod = "") // who has begun to start it closes it
    @ConditionalOnProperty("embedded.broker")
    EmbeddedBroker embeddedBroker(BrokerStart.Starting starting) {
        return starting.await();
    }

    @Bean
    @ConditionalOnProperty("embedded.mongo")
    EmbeddedMongo embeddedMongo(
            @Value("${data.folder}/mongo/videos-and-mp3s.db") Path file, @Value("${embedded.mongo.port}") int port) {
        return new EmbeddedMongo(file, port);
    }

    @Bean
    @ConditionalOnProperty("embedded.mail")
    EmbeddedMail embeddedMail(@Value("${data.folder}/mail") Path folder, @Value("${spring.mail.port}") int port) {
        return new EmbeddedMail(folder, port);
    }

    @Bean
    static BeanFactoryPostProcessor embeddedPartsFirst() {
        return factory -> {
            List<String> parts = List.of("embeddedBroker", "embeddedMongo", "embeddedMail").stream()
                    .filter(factory::containsBeanDefinition)
                    .toList();
            for (String client : CLIENTS) {
                if (factory.containsBeanDefinition(client)) {
                    BeanDefinition definition = factory.getBeanDefinition(client);
                    Set<String> first = new LinkedHashSet<>(parts);
                    if (definition.getDependsOn() != null) {
                        first.addAll(Arrays.asList(definition.getDependsOn()));
                    }
                    definition.setDependsOn(first.toArray(String[]::new));
                }
            }
        };
    }
}
