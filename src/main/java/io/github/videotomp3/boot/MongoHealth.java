package io.github.videotomp3.boot;

import com.mongodb.client.MongoClient;
import java.util.concurrent.TimeUnit;
import org.bson.Document;
import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.stereotype.Component;

/** Whether the document store answers within two seconds; Spring Boot's own check needs Spring Data. */
@Component("mongoHealthIndicator")
@ConditionalOnExpression("'${management.endpoint.health.group.readiness.include}'.contains('mongo')")
class MongoHealth extends AbstractHealthIndicator {

    private static final long SECONDS = 2;

    private final MongoClient mongo;

    MongoHealth(MongoClient mongo) {
        this.mongo = mongo;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        mongo.withTimeout(SECONDS, TimeUnit.SECONDS).getDatabase("videos").runCommand(new Document("ping", 1));
        health.up();
    }
}
