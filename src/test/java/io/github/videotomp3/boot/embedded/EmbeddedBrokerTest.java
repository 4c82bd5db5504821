package io.github.videotomp3.boot.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest {

    private static final Duration AT_MOST = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private final int port = FreePort.next();

    @Test
    void bringsAMessageBackWhenItsTimeInTheRetryQueueIsOver() throws Exception {
        try (EmbeddedBroker broker = start();
                Connection connection = connect()) {
            Channel channel = connection.createChannel();
            for (String queue : new String[] {"video", "mp3", "rejected"}) {
                publish(channel, queue + ".retry", "soon, " + queue, 500);

                assertThat(receive(channel, queue)).isEqualTo("soon, " + queue);
            }
        }
    }

    @Test
    void keepsAMessageInTheRetryQueueForAsLongAsItAsks() throws Exception {
        try (EmbeddedBroker broker = start();
                Connection connection = connect()) {
            Channel channel = connection.createChannel();
            long published = System.nanoTime();
            publish(channel, "video.retry", "later", 4000);
            publish(channel, "video.retry", "soon", 500);

            assertThat(receive(channel, "video")).isEqualTo("soon");
            assertThat(receive(channel, "video")).isEqualTo("later");
            assertThat(Duration.ofNanos(System.nanoTime() - published)).isGreaterThanOrEqualTo(Duration.ofMillis(4000));
        }
    }

    @Test
    void takesTheDeclarationsMeantForRabbitMq() throws Exception {
        try (EmbeddedBroker broker = start();
                Connection connection = connect()) {
            Channel channel = connection.createChannel();
            channel.queueDeclare(
                    "video",
                    true,
                    false,
                    false,
                    Map.of(
                            "x-queue-type", "quorum",
                            "x-delivery-limit", 20,
                            "x-overflow", "reject-publish",
                            "x-dead-letter-strategy", "at-least-once",
                            "x-dead-letter-exchange", "",
                            "x-dead-letter-routing-key", "video.failed"));
            channel.queueDeclare(
                    "video.retry",
                    true,
                    false,
                    false,
                    Map.of(
                            "x-queue-type", "quorum",
                            "x-overflow", "reject-publish",
                            "x-dead-letter-strategy", "at-least-once",
                            "x-dead-letter-exchange", "",
                            "x-dead-letter-routing-key", "video"));
            channel.queueDeclare("video.failed", true, false, false, Map.of("x-queue-type", "quorum"));
            publish(channel, "video.retry", "again", 500);

            assertThat(receive(channel, "video")).isEqualTo("again");
        }
    }

    @Test
    void keepsItsMessagesWhenItIsStartedAgain() throws Exception {
        try (EmbeddedBroker broker = start();
                Connection connection = connect()) {
            Channel channel = connection.createChannel();
            publish(channel, "video", "kept", 0);
            publish(channel, "mp3.retry", "waiting", 500);
        }
        try (EmbeddedBroker broker = start();
                Connection connection = connect()) {
            Channel channel = connection.createChannel();

            assertThat(receive(channel, "video")).isEqualTo("kept");
            assertThat(receive(channel, "mp3")).isEqualTo("waiting");
        }
    }

    @Test
    void listensOnNoOtherAddressThanLoopback() throws Exception {
        try (EmbeddedBroker broker = start()) {
            assertThat(Loopback.isTheOnlyListenerOf(port)).isTrue();
        }
    }

    @Test
    void refusesAWrongPassword() throws Exception {
        try (EmbeddedBroker broker = start()) {
            ConnectionFactory factory = factory();
            factory.setPassword("wrong");

            assertThatThrownBy(factory::newConnection).isInstanceOf(IOException.class);
        }
    }

    @Test
    void namesThePortThatIsInUse() throws Exception {
        try (EmbeddedBroker broker = start()) {
            assertThatThrownBy(() -> new EmbeddedBroker(directory.resolve("other"), port, "guest", "secret"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("broker")
                    .hasMessageStartingWith("spring.rabbitmq.port is " + port);
        }
    }

    @Test
    void namesTheDirectoryThatIsInUse() throws Exception {
        try (EmbeddedBroker broker = start()) {
            assertThatThrownBy(() -> new EmbeddedBroker(directory, FreePort.next(), "guest", "secret"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("data.folder holds " + directory + ", which another process uses");
        }
    }

    @Test
    void doesNotStartWithoutItsMessages() throws Exception {
        Path messages = directory.resolve("default/messages");
        Files.createDirectories(messages.getParent());
        Files.writeString(messages, "not a directory");

        assertThatThrownBy(this::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("The embedded broker did not start: ");
        Files.delete(messages);
        start().close();
    }

    private EmbeddedBroker start() {
        return new EmbeddedBroker(directory, port, "guest", "secret");
    }

    private Connection connect() throws Exception {
        return factory().newConnection();
    }

    private ConnectionFactory factory() {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(port);
        factory.setUsername("guest");
        factory.setPassword("secret");
        return factory;
    }

    private static void publish(Channel channel, String queue, String text, int lifetime) throws Exception {
        BasicProperties.Builder properties = new BasicProperties.Builder().deliveryMode(2);
        if (lifetime > 0) {
            properties.expiration(String.valueOf(lifetime));
        }
        channel.confirmSelect();
        channel.basicPublish("", queue, true, properties.build(), text.getBytes());
        channel.waitForConfirmsOrDie();
    }

    private static String receive(Channel channel, String queue) {
        GetResponse response = await().atMost(AT_MOST).until(() -> channel.basicGet(queue, true), got -> got != null);
        return new String(response.getBody());
    }
}
