package io.github.videotomp3.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.videotomp3.boot.embedded.EmbeddedBroker;
import io.github.videotomp3.boot.embedded.FreePort;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory.ConfirmType;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;

/** On the embedded broker, with the real client. */
class ConfirmedRabbitComponentTest {

    private static final String BODY = "{\"video_fid\":\"6743a1f0c2b5d80012345678\"}";
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final String CONSUMER = "spring-rabbitmq:default?queues=";
    private static final String PRODUCER = "spring-rabbitmq:default?routingKey=";

    @TempDir
    static Path directory;

    private static int port;
    private static EmbeddedBroker broker;

    private final CachingConnectionFactory connections = connections(ConfirmType.CORRELATED, true);
    private final RabbitTemplate rabbit = new RabbitTemplate(connections);
    private final DefaultCamelContext camel = new DefaultCamelContext();

    @BeforeAll
    static void startBroker() {
        port = FreePort.next();
        broker = new EmbeddedBroker(directory, port, "me", "secret");
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void start() {
        camel.addComponent("spring-rabbitmq", component(connections));
        camel.getShutdownStrategy().setTimeout(5);
        camel.start();
        RabbitAdmin admin = new RabbitAdmin(connections);
        for (String queue : new String[] {"video", "mp3", "video.failed"}) {
            admin.purgeQueue(queue);
        }
    }

    @AfterEach
    void stop() {
        camel.stop();
        connections.destroy();
    }

    @Test
    void bringsAConfirmedMessageIntoItsQueue() {
        send("mp3", BODY, Map.of());

        Message message = receive("mp3");
        assertThat(text(message)).isEqualTo(BODY);
        assertThat(message.getMessageProperties().getReceivedDeliveryMode()).isEqualTo(MessageDeliveryMode.PERSISTENT);
        assertThat(message.getMessageProperties().getContentType()).isEqualTo("application/json");
    }

    @Test
    void failsWhenThereIsNoSuchQueue() {
        assertThatThrownBy(() -> send("nosuch", BODY, Map.of()))
                .hasRootCauseInstanceOf(AmqpException.class)
                .hasStackTraceContaining("nosuch");
    }

    @Test
    void declaresAQueueThatIsMissing() {
        ConfirmedRabbitComponent component = component(connections);
        component.setQueues(new DurableQueues("missing", "mp3", "rejected", "webhook", "quorum", 1000));
        camel.addComponent("declaring", component);
        ProducerTemplate producer = camel.createProducerTemplate();

        assertThatThrownBy(() -> producer.sendBody("declaring:default?routingKey=missing", BODY))
                .hasStackTraceContaining("missing");
        producer.sendBody("declaring:default?routingKey=missing", BODY);

        assertThat(text(receive("missing"))).isEqualTo(BODY);
    }

    @Test
    void failsWhenTheBrokerIsAway() {
        CachingConnectionFactory nowhere = connections(ConfirmType.CORRELATED, true);
        nowhere.setPort(FreePort.next());
        camel.addComponent("nowhere", component(nowhere));

        assertThatThrownBy(() -> camel.createProducerTemplate().sendBody("nowhere:default?routingKey=mp3", BODY))
                .hasCauseInstanceOf(AmqpException.class);
    }

    @ParameterizedTest
    @CsvSource({"NONE, true", "SIMPLE, true", "CORRELATED, false"})
    void refusesConnectionsOnWhichALossStaysUnseen(ConfirmType confirms, boolean returns) {
        camel.addComponent("lossy", component(connections(confirms, returns)));

        assertThatThrownBy(() -> camel.getEndpoint("lossy:default?routingKey=mp3"))
                .hasRootCauseInstanceOf(IllegalArgumentException.class)
                .hasStackTraceContaining("spring.rabbitmq.publisher-confirm-type");
    }

    @Test
    void takesNothingFromAMessageButReasonCountAndTrace() throws Exception {
        BlockingQueue<Map<String, Object>> seen = new LinkedBlockingQueue<>();
        route("video", exchange -> seen.add(new HashMap<>(exchange.getIn().getHeaders())));

        publish("video", planted());

        assertThat(seen.poll(20, TimeUnit.SECONDS))
                .containsOnly(
                        Map.entry("failure-reason", "SMTP is away"),
                        Map.entry("attempts", 3),
                        Map.entry("traceparent", TRACE),
                        Map.entry("CamelSpringRabbitmqQueue", "video"));
    }

    @Test
    void sendsNoHeaderOnButReasonCountAndTrace() {
        Map<String, Object> headers = new HashMap<>();
        planted().getHeaders().forEach(headers::put);
        headers.remove("CamelSpringRabbitmqExchangeOverrideName"); // a route's own way to choose an exchange

        send("mp3", BODY, headers);

        assertCarriesReasonCountAndTraceAlone(receive("mp3").getMessageProperties());
    }

    @Test
    void letsNoExpirationTravelOn() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(CONSUMER + "video").to(PRODUCER + "mp3");
            }
        });
        MessageProperties properties = planted();
        properties.setExpiration("3600000");
        properties.setReplyTo("elsewhere");
        properties.setCorrelationId("4711");

        publish("video", properties);

        MessageProperties next = receive("mp3").getMessageProperties();
        assertThat(next.getExpiration()).isNull();
        assertThat(next.getReplyTo()).isNull();
        assertCarriesReasonCountAndTraceAlone(next);
    }

    /** Spring's template marks what may be returned to it. */
    private static void assertCarriesReasonCountAndTraceAlone(MessageProperties properties) {
        Map<String, Object> headers = new HashMap<>(properties.getHeaders());
        headers.keySet().removeAll(Set.of("spring_listener_return_correlation", "spring_returned_message_correlation"));
        assertThat(headers)
                .containsOnly(
                        Map.entry("failure-reason", "SMTP is away"),
                        Map.entry("attempts", 3),
                        Map.entry("traceparent", TRACE));
    }

    @Test
    void takesTheWayAndTheDelayThatARouteChooses() {
        send(
                "video.failed",
                BODY,
                Map.of("CamelSpringRabbitmqRoutingOverrideKey", "mp3", "CamelSpringRabbitmqExpiration", "3600000"));

        assertThat(receive("mp3").getMessageProperties().getExpiration()).isEqualTo("3600000");
        assertThat(rabbit.receive("video.failed")).isNull();
    }

    @Test
    void givesAMessageThatNoRouteCouldHandleBackToItsQueue() throws Exception {
        AtomicInteger deliveries = new AtomicInteger();
        BlockingQueue<String> handled = new LinkedBlockingQueue<>();
        route("video", exchange -> {
            if (deliveries.incrementAndGet() < 3) {
                throw new IllegalStateException("the broker is in trouble");
            }
            handled.add(exchange.getIn().getBody(String.class));
        });

        publish("video", new MessageProperties());

        assertThat(handled.poll(30, TimeUnit.SECONDS)).isEqualTo(BODY);
        assertThat(deliveries).hasValue(3);
        assertThat(rabbit.receive("video.failed")).isNull();
    }

    @Test
    void leavesTheQueueEmptyOnceARouteIsThrough() throws Exception {
        BlockingQueue<String> handled = new LinkedBlockingQueue<>();
        route("video", exchange -> handled.add(exchange.getIn().getBody(String.class)));

        publish("video", new MessageProperties());

        assertThat(handled.poll(20, TimeUnit.SECONDS)).isEqualTo(BODY);
        camel.stop();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(new RabbitAdmin(connections)
                                .getQueueInfo("video")
                                .getMessageCount())
                        .isZero());
    }

    private interface Step {
        void on(Exchange exchange);
    }

    private void route(String queue, Step step) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from(CONSUMER + queue).process(step::on);
            }
        });
    }

    private void send(String queue, String body, Map<String, Object> headers) {
        camel.createProducerTemplate().sendBodyAndHeaders(PRODUCER + queue, body, headers);
    }

    private void publish(String queue, MessageProperties properties) {
        rabbit.send("", queue, new Message(BODY.getBytes(StandardCharsets.UTF_8), properties));
    }

    private static MessageProperties planted() {
        MessageProperties properties = new MessageProperties();
        for (String name : new String[] {
            "Bcc",
            "subject",
            "to",
            "gridfs.operation",
            "gridfs.objectid",
            "CamelExecCommandExecutable",
            "CamelFileName",
            "CamelSpringRabbitmqExchangeOverrideName",
            "authorization",
            "tracestate",
            "baggage",
            "b3"
        }) {
            properties.setHeader(name, "planted");
        }
        properties.setHeader("failure-reason", "SMTP is away");
        properties.setHeader("attempts", 3);
        properties.setHeader("traceparent", TRACE);
        return properties;
    }

    private Message receive(String queue) {
        Message message = rabbit.receive(queue, 20_000);
        assertThat(message).as("message in " + queue).isNotNull();
        return message;
    }

    private static String text(Message message) {
        return new String(message.getBody(), StandardCharsets.UTF_8);
    }

    private static ConfirmedRabbitComponent component(CachingConnectionFactory connections) {
        ConfirmedRabbitComponent component = new ConfirmedRabbitComponent();
        component.setConnectionFactory(connections);
        return component;
    }

    private static CachingConnectionFactory connections(ConfirmType confirms, boolean returns) {
        CachingConnectionFactory connections = new CachingConnectionFactory("127.0.0.1", port);
        connections.setUsername("me");
        connections.setPassword("secret");
        connections.setPublisherConfirmType(confirms);
        connections.setPublisherReturns(returns);
        return connections;
    }
}
