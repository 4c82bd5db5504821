package io.github.videotomp3.boot;

import io.github.videotomp3.job.DocumentStore;
import org.springframework.boot.autoconfigure.mongo.MongoClientSettingsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Gives the client that Spring Boot makes for MongoDB the durability that jobs need. */
@Configuration(proxyBeanMethods = false)
class Stores {

    @Bean
    MongoClientSettingsBuilderCustomizer durable() {
        return DocumentStore::makeDurable;
    }
}
