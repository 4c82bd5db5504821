package io.github.videotomp3.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.videotomp3.MongoStore;
import io.github.videotomp3.boot.embedded.EmbeddedBroker;
import io.github.videotomp3.boot.embedded.FreePort;
import io.github.videotomp3.job.Jobs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory.ConfirmType;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;

/** The routes that empty a queue of parked messages, on the embedded broker. */
class ReplayTest {

    private static final String REPLAY = "mp3-failed-to-mp3";
    private static final String PARKED = "mp3.failed";

    @RegisterExtension
    static final MongoStore MONGO = new MongoStore();

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
        camel.getRegistry()
                .bind("jobs", new Jobs(MONGO.client(), MONGO.videos(), MONGO.mp3s(), Duration.ofSeconds(30), 3));
        for (String queue : List.of("video", "mp3", "rejected", "webhook")) {
            camel.getPropertiesComponent().addOverrideProperty("queues." + queue, queue);
        }
        for (String file : List.of(
                "converter/video-failed-to-video",
                "notification/mp3-failed-to-mp3",
                "notification/rejected-failed-to-rejected",
                "notification/webhook-failed-to-webhook")) {
            PluginHelper.getRoutesLoader(camel)
                    .loadRoutes(PluginHelper.getResourceLoader(camel)
                            .resolveResource("file:routes/" + file + ".camel.yaml"));
        }
        camel.getShutdownStrategy().setTimeout(5);
        camel.start();
        RabbitAdmin admin = new RabbitAdmin(connections);
        for (String queue : List.of("video", "mp3", "rejected", "webhook")) {
            admin.purgeQueue(queue);
            admin.purgeQueue(queue + ".failed");
        }
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

    @ParameterizedTest
    @ValueSource(strings = {"video", "mp3", "rejected"})
    void givesEachParkedMessageANewStartAndStops(String queue) throws Exception {
        String replay = queue + "-failed-to-" + queue;
        park(queue + ".failed", "no JSON", "two", "three");

        camel.getRouteController().startRoute(replay);

        List<String> replayed = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Message message = rabbit.receive(queue, 20_000);
            replayed.add(new String(message.getBody()));
            assertThat(message.getMessageProperties().getHeaders()).doesNotContainKeys("attempts", "failure-reason");
        }
        assertThat(replayed).containsExactlyInAnyOrder("no JSON", "two", "three");
        awaitStop(replay);
        assertThat(rabbit.receive(queue + ".failed")).isNull();
    }

    @Test
    void letsAFailedJobBeginAnewBeforeItsVideoIsOfferedAgain() throws Exception {
        Document job = new Document("_id", new ObjectId())
                .append("owner", "me@example.com")
                .append("state", "failed")
                .append("attempts", 3)
                .append("created", new Date())
                .append("updated", new Date());
        MONGO.jobs().insertOne(job);
        park("video.failed", "{\"video_fid\":\"" + job.getObjectId("_id") + "\"}");

        camel.getRouteController().startRoute("video-failed-to-video");

        assertThat(rabbit.receive("video", 20_000)).isNotNull();
        assertThat(MONGO.jobs().find(new Document("_id", job.get("_id"))).first())
                .containsEntry("state", "stored")
                .containsEntry("attempts", 0);
    }

    @Test
    void stopsAtOnceWhereNothingIsParked() throws Exception {
        camel.getRouteController().startRoute(REPLAY);

        awaitStop(REPLAY);
    }

    @Test
    void canBeStartedAgain() throws Exception {
        for (String text : List.of("first", "second")) {
            park(PARKED, text);
            camel.getRouteController().startRoute(REPLAY);
            assertThat(new String(rabbit.receive("mp3", 20_000).getBody())).isEqualTo(text);
            awaitStop(REPLAY);
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
        park(PARKED, "one", "two");

        camel.getRouteController().startRoute(REPLAY);

        awaitStop(REPLAY);
        await().untilAsserted(() -> assertThat(
                        new RabbitAdmin(connections).getQueueInfo(PARKED).getMessageCount())
                .isEqualTo(2));
    }

    private void park(String queue, String... texts) {
        for (String text : texts) {
            rabbit.send(
                    queue,
                    MessageBuilder.withBody(text.getBytes())
                            .setHeader("attempts", 300)
                            .setHeader("failure-reason", "SMTP is away")
                            .build());
        }
        await().until( // sending does not wait, and the replay counts what is there
                        () -> new RabbitAdmin(connections).getQueueInfo(queue).getMessageCount() == texts.length);
    }

    private void awaitStop(String replay) {
        await().until(() -> camel.getRouteController().getRouteStatus(replay).isStopped());
    }
}
