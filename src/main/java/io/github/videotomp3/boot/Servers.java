package io.github.videotomp3.boot;

import com.mongodb.MongoTimeoutException;
import com.mongodb.client.MongoClient;
import com.mongodb.connection.ServerDescription;
import io.github.videotomp3.camel.DurableQueues;
import io.github.videotomp3.notification.MailServer;
import jakarta.mail.Transport;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.bson.Document;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.amqp.RabbitProperties;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The servers that the bundles of this process need, and their health under the names that Spring Boot gives them. */
@Configuration(proxyBeanMethods = false)
class Servers {

    /** That a server is there, now. */
    record Found() {}

    private static final Duration OFTEN = Duration.ofSeconds(5);

    /** A provider of mail may take offence at more. */
    private static final Duration SELDOM = Duration.ofMinutes(5);

    private static final int SECONDS = 2;
    private static final Pattern MYSQL = Pattern.compile("jdbc:mysql:[^/]*//([^/?]+).*");

    private final Environment environment;
    private final ApplicationEventPublisher events;

    Servers(Environment environment, ApplicationEventPublisher events) {
        this.environment = environment;
        this.events = events;
    }

    /** Declares the queues each time: one that somebody has deleted is there again. */
    @Bean
    @ConditionalOnProperty("needs.rabbit")
    Server rabbit(ConnectionFactory connections, DurableQueues queues, RabbitProperties settings) {
        String name = (is("embedded.broker") ? "The embedded broker" : "RabbitMQ") + " at "
                + String.join(",", settings.determineAddresses());
        return server(
                name,
                "spring.rabbitmq.host, spring.rabbitmq.port",
                "spring.rabbitmq.username, spring.rabbitmq.password",
                OFTEN,
                () -> {
                    org.springframework.amqp.rabbit.connection.Connection connection = connections.createConnection();
                    connection.createChannel(false).close(); // connects anew if the connection is lost
                    queues.onCreate(connection);
                });
    }

    @Bean
    @ConditionalOnProperty("needs.rabbit")
    HealthIndicator rabbitHealthIndicator(Server rabbit) {
        return rabbit::health;
    }

    @Bean
    @ConditionalOnProperty("needs.mongo")
    Server documents(MongoClient mongo) {
        List<ServerDescription> members = mongo.getClusterDescription().getServerDescriptions();
        String name = (is("embedded.mongo") ? "The embedded document store" : "MongoDB")
                + members.stream()
                        .map(member -> member.getAddress().toString())
                        .collect(Collectors.joining(",", " at ", ""));
        String address = "spring.data.mongodb.uri";
        return server(name, address, address, OFTEN, () -> {
            try {
                mongo.withTimeout(SECONDS, TimeUnit.SECONDS)
                        .getDatabase("videos")
                        .runCommand(new Document("ping", 1));
            } catch (MongoTimeoutException e) {
                throw reason(mongo, e);
            }
        });
    }

    /** The driver waits for a server, and keeps for itself why there is none. */
    private static Exception reason(MongoClient mongo, MongoTimeoutException timeout) {
        return mongo.getClusterDescription().getServerDescriptions().stream()
                .map(ServerDescription::getException)
                .filter(Objects::nonNull)
                .findFirst()
                .<Exception>map(reason -> new IllegalStateException(reason))
                .orElse(timeout);
    }

    @Bean
    @ConditionalOnProperty("needs.mongo")
    HealthIndicator mongoHealthIndicator(Server documents) {
        return documents::health;
    }

    @Bean
    @ConditionalOnProperty("needs.db")
    Server users(DataSource database, UserMigration migration) {
        Matcher mysql = MYSQL.matcher(environment.getRequiredProperty("spring.datasource.url"));
        return server(
                mysql.matches() ? "MySQL at " + mysql.group(1) : "The database",
                "spring.datasource.url",
                "spring.datasource.username, spring.datasource.password",
                OFTEN,
                () -> {
                    migration.catchUp();
                    try (Connection connection = database.getConnection()) {
                        connection.isValid(SECONDS);
                    }
                });
    }

    @Bean
    @ConditionalOnProperty("needs.db")
    HealthIndicator dbHealthIndicator(Server users) {
        return users::health;
    }

    /** Not for health: mails wait in their queue while the mail server is away, and everything else goes on. */
    @Bean
    @ConditionalOnProperty("needs.mail")
    Server mail(CamelContext camel) {
        return server(
                (is("embedded.mail") ? "The embedded mail server" : "The mail server") + " at "
                        + environment.getProperty("spring.mail.host") + ":"
                        + environment.getProperty("spring.mail.port"),
                "spring.mail.host, spring.mail.port, notification.starttls",
                "spring.mail.username, spring.mail.password",
                SELDOM,
                () -> {
                    MailServer mail = camel.getRegistry().lookupByNameAndType("mailServer", MailServer.class);
                    try (Transport transport = mail.getSession().getTransport(mail.getProtocol())) {
                        transport.connect(mail.getHost(), mail.getPort(), mail.getUsername(), mail.getPassword());
                    }
                });
    }

    private Server server(String name, String address, String login, Duration period, Server.Question question) {
        return new Server(
                name, question, new Complaint(name, address, login), period, () -> events.publishEvent(new Found()));
    }

    private boolean is(String key) {
        return environment.getProperty(key, Boolean.class, false);
    }
}
