package io.github.videotomp3.auth;

import com.zaxxer.hikari.HikariDataSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** The database with the table {@code user}, brought up to date, for where Spring Boot does not do it. */
public final class UserTable {

    /** Camel makes the beans of a YAML file twice, and means the same pool both times. */
    private static final Map<String, DataSource> OPEN = new ConcurrentHashMap<>();

    private UserTable() {}

    /** Applies the migrations that are missing, and opens the pool; it lasts as long as the JVM. */
    public static DataSource open(String url, String user, String password) {
        return OPEN.computeIfAbsent(url, address -> {
            HikariDataSource pool = new HikariDataSource();
            pool.setJdbcUrl(address);
            pool.setUsername(user);
            pool.setPassword(password);
            pool.setConnectionTimeout(5000); // a login says 503 soon when the database is away
            Flyway.configure(UserTable.class.getClassLoader())
                    .dataSource(pool)
                    .baselineOnMigrate(true)
                    .baselineVersion("0")
                    .load()
                    .migrate();
            return pool;
        });
    }
}
