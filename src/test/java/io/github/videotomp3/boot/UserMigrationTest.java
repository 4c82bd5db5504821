package io.github.videotomp3.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLSyntaxErrorException;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;

class UserMigrationTest {

    private final AtomicReference<SQLException> failure = new AtomicReference<>();
    private final DataSource database = new DelegatingDataSource(memory()) {
        @Override
        public Connection getConnection() throws SQLException {
            if (failure.get() != null) {
                throw failure.get();
            }
            return super.getConnection();
        }
    };
    private final UserMigration migration = new UserMigration(false);

    static SQLException[] worthWaiting() {
        return new SQLException[] {
            new SQLNonTransientConnectionException("Communications link failure", "08S01"),
            new SQLInvalidAuthorizationSpecException("Access denied", "28000", 1045),
            new SQLSyntaxErrorException("Unknown database 'auth'", "42000", 1049)
        };
    }

    @ParameterizedTest
    @MethodSource("worthWaiting")
    void migratesWhenTheDatabaseIsThere(SQLException away) {
        failure.set(away);
        migration.migrate(flyway());
        assertThatThrownBy(migration::catchUp).hasRootCause(away);

        failure.set(null);
        migration.catchUp();
        assertThat(new JdbcTemplate(database).queryForList("SELECT email, password, admin FROM user"))
                .isEmpty();
        migration.catchUp();
    }

    @Test
    void doesNotWaitForWhatWaitingDoesNotHelp() {
        JdbcTemplate sql = new JdbcTemplate(database);
        sql.execute("CREATE TABLE user (id INT, admin BOOLEAN)");

        assertThatThrownBy(() -> migration.migrate(flyway()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("spring.datasource.url has a database that can't be used: ");
    }

    @Test
    void doesNotWaitForAnEmbeddedDatabase() {
        failure.set(new SQLNonTransientConnectionException("Database may be already in use", "90020"));

        assertThatThrownBy(() -> new UserMigration(true).migrate(flyway()))
                .hasMessage("data.folder has a database that can't be used: Database may be already in use");
    }

    private Flyway flyway() {
        return Flyway.configure()
                .dataSource(database)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load();
    }

    private static DataSource memory() {
        JdbcDataSource memory = new JdbcDataSource();
        memory.setURL(
                "jdbc:h2:mem:" + System.nanoTime()
                        + ";MODE=MySQL;NON_KEYWORDS=USER;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;DB_CLOSE_DELAY=-1");
        return memory;
    }
}
