package io.github.videotomp3.boot;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.flyway.FlywayMigrationStrategy;
import org.springframework.stereotype.Component;

/** Migrates the table of users at the start, or as soon as the database that was away then is there. */
@Component
@ConditionalOnProperty("needs.db")
final class UserMigration implements FlywayMigrationStrategy {

    private final boolean embedded;
    private volatile Flyway pending;

    UserMigration(@Value("${embedded.sql}") boolean embedded) {
        this.embedded = embedded;
    }

    /** @throws IllegalStateException if waiting can't help, for example because a migration fails */
    @Override
    public void migrate(Flyway flyway) {
        try {
            flyway.migrate();
        } catch (FlywayException e) {
            if (embedded || !Complaint.isWorthWaiting(e)) {
                throw new IllegalStateException(
                        (embedded ? "data.folder" : "spring.datasource.url") + " has a database that can't be used: "
                                + Complaint.root(e),
                        e);
            }
            pending = flyway;
        }
    }

    void catchUp() {
        Flyway flyway = pending;
        if (flyway != null) {
            flyway.migrate();
            pending = null;
        }
    }
}
