package io.github.videotomp3.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.videotomp3.boot.embedded.EmbeddedBroker;
import io.github.videotomp3.boot.embedded.FreePort;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory.ConfirmType;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;

/** The route {@code mp3-failed-to-mp3} on the embedded broker. */
class ReplayTest {

    private static final String REPLAY = "mp3-failed-to-mp3";
    private static final String PARKED = "mp3.failed";

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;
    private static CachingConnectionFactory connections;

    private final RabbitTemplate rabbit = new RabbitTemplate(connections);
    private final DefaultCamelContext camel = new DefaultCamelContext();

    @BeforeAll
    static void startBroker() {
        int port = FreePort.next();
        broker = new EmbeddedBroker(directory, port, "me", "secret");
        connections = new CachingConnectionFactory("127.0.0.1", port);
        connections.setUsername("me");
        connections.setPassword("secret");
        connections.setPublisherConfirmType(ConfirmType.CORRELATED);
        connections.setPublisherReturns(true);
    }

    @AfterAll
    static void stopBroker() {
        connections.destroy();
        broker.close();
    }

    @BeforeEach
    void start() throws Exception {
        ConfirmedRabbitComponent component = new ConfirmedRabbitComponent();
        component.setConnectionFactory(connections);
        camel.addComponent("spring-rabbitmq", component);
        camel.getRegistry().bind("replay", new Replay());
        camel.getPropertiesComponent().addOverrideProperty("queues.mp3", "mp3");
        PluginHelper.getRoutesLoader(camel)
                .loadRoutes(PluginHelper.getResourceLoader(camel)
                        .resolveResource("file:routes/notification/" + REPLAY + ".camel.yaml"));
        camel.getShutdownStrategy().setTimeout(5);
        camel.start();
        RabbitAdmin admin = new RabbitAdmin(connections);
        admin.purgeQueue("mp3");
        admin.purgeQueue(PARKED);
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    @Test
    void waitsToBeStarted() {
        assertThat(camel.getRouteController().getRouteStatus(REPLAY).isStopped())
                .isTrue();
    }

    @Test
    void givesEachParkedMessageANewStartAndStops() throws Exception {
        park("one", "two", "three");

        camel.getRouteController().startRoute(REPLAY);

        List<String> replayed = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Message message = rabbit.receive("mp3", 20_000);
            replayed.add(new String(message.getBody()));
            assertThat(message.getMessageProperties().getHeaders()).doesNotContainKeys("attempts", "failure-reason");
        }
        assertThat(replayed).containsExactlyInAnyOrder("one", "two", "three");
        awaitStop();
        assertThat(rabbit.receive(PARKED)).isNull();
    }

    @Test
    void stopsAtOnceWhereNothingIsParked() throws Exception {
        camel.getRouteController().startRoute(REPLAY);

        awaitStop();
    }

    @Test
    void canBeStartedAgain() throws Exception {
        for (String text : List.of("first", "second")) {
            park(text);
            camel.getRouteController().startRoute(REPLAY);
            assertThat(new String(rabbit.receive("mp3", 20_000).getBody())).isEqualTo(text);
            awaitStop();
        }
    }

    @Test
    void leavesWhatIsParkedAnewForTheNextStart() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("spring-rabbitmq:default?queues=mp3").to("spring-rabbitmq:default?routingKey=" + PARKED);
            }
        });
        park("one", "two");

        camel.getRouteController().startRoute(REPLAY);

        awaitStop();
        await().untilAsserted(() -> assertThat(
                        new RabbitAdmin(connections).getQueueInfo(PARKED).getMessageCount())
                .isEqualTo(2));
    }

    private void park(String... texts) {
        for (String text : texts) {
            rabbit.send(
                    PARKED,
                    MessageBuilder.withBody(text.getBytes())
                            .setHeader("attempts", 300)
                            .setHeader("failure-reason", "SMTP is away")
                            .build());
        }
    }

    private void awaitStop() {
        await().until(() -> camel.getRouteController().getRouteStatus(REPLAY).isStopped());
    }
}
