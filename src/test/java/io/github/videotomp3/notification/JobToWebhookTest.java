package io.github.videotomp3.notification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.videotomp3.Queues;
import io.github.videotomp3.Receiver;
import io.github.videotomp3.RouteTest;
import io.github.videotomp3.SampleJobs;
import io.github.videotomp3.camel.ConfirmedRabbitComponent;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.MailSwitch;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.component.springrabbit.SpringRabbitMQConstants;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code job-to-webhook} and {@code webhook-to-request}: from the end of a job to a receiver on this machine. */
@RouteTest("notification.webhook.private=true")
class JobToWebhookTest {

    private final SampleJobs samples;
    private final CamelContext camel;
    private final ProducerTemplate producer;
    private final Receiver receiver = new Receiver();

    JobToWebhookTest(SampleJobs samples, CamelContext camel, ProducerTemplate producer) throws IOException {
        this.samples = samples;
        this.camel = camel;
        this.producer = producer;
    }

    @BeforeEach
    void emptyQueues() {
        MockEndpoint.resetMocks(camel);
        receiver.calls().clear();
    }

    @AfterAll
    void close() {
        receiver.close();
    }

    @Test
    void tellsAReceiverThatAnMp3IsReadyInASignedRequest() throws Exception {
        Webhook webhook = webhook("hooked@example.com", "/hook?token=a%20b");
        Job job = samples.done("hooked@example.com", new byte[] {1});

        end("mp3", job);
        assertThat(queued()).hasSize(1);
        take(queued().get(0));

        assertThat(receiver.calls()).singleElement().satisfies(call -> {
            assertThat(call.isSignedWith(webhook.secret())).isTrue();
            assertThat(call.type()).startsWith("application/json");
            assertThat(Instant.ofEpochSecond(Long.parseLong(call.timestamp())))
                    .isBetween(Instant.now().minusSeconds(60), Instant.now());
            var body = new ObjectMapper().readTree(call.body());
            assertThat(body.get("type").asText()).isEqualTo("job.done");
            assertThat(body.at("/data/id").asText()).isEqualTo(job.id().toHexString());
        });
        assertThat(log(webhook).state()).isEqualTo("delivered");
        assertThat(failures()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mp3", "rejected"})
    void tellsEachEndOnce(String queue) {
        String owner = "hooked-once-" + queue + "@example.com";
        Webhook webhook = webhook(owner, "/hook");
        Job job = queue.equals("mp3") ? samples.done(owner, new byte[] {1}) : samples.rejected(owner, "No sound.");

        end(queue, job);
        end(queue, job);
        assertThat(queued()).hasSize(1);
        take(queued().get(0));
        take(queued().get(0));

        assertThat(receiver.calls()).hasSize(1);
        assertThat(log(webhook).event()).isEqualTo(queue.equals("mp3") ? "job.done" : "job.rejected");
    }

    @Test
    void tellsWhoWantsNoMails() {
        String owner = "hooked-silent@example.com";
        samples.bean("mailSwitch", MailSwitch.class).set(owner, false);
        webhook(owner, "/hook");

        end("rejected", samples.rejected(owner, "No sound."));

        assertThat(queued()).hasSize(1);
        assertThat(failures()).isEmpty();
    }

    @Test
    void tellsNothingOfAnothersJob() {
        webhook("hooked-mine@example.com", "/hook");

        end("rejected", samples.rejected("hooked-other@example.com", "No sound."));

        assertThat(queued()).isEmpty();
    }

    @Test
    void triesAgainUnderTheSameIdWhenAReceiverFails() throws Exception {
        Webhook webhook = webhook("hooked-retry@example.com", "/hook");
        end("rejected", samples.rejected("hooked-retry@example.com", "Kein Ton: \u266a"));
        receiver.answer(500, 307);

        take(queued().get(0));
        assertThat(log(webhook).state()).isEqualTo("waiting");
        assertThat(log(webhook).error()).isEqualTo("the receiver answered 500");
        assertThat(failures()).singleElement().satisfies(waiting -> {
            assertThat(waiting.getHeader(SpringRabbitMQConstants.ROUTING_OVERRIDE_KEY))
                    .isEqualTo("webhook.retry");
            assertThat(waiting.getHeader(ConfirmedRabbitComponent.ATTEMPTS)).isEqualTo(1);
            assertThat(waiting.getHeader(SpringRabbitMQConstants.EXPIRATION)).isEqualTo("5000");
        });
        take(failures().get(0).getBody(String.class));
        assertThat(log(webhook).status()).isEqualTo(307);
        take(failures().get(1).getBody(String.class));

        assertThat(log(webhook).state()).isEqualTo("delivered");
        assertThat(log(webhook).attempts()).isEqualTo(3);
        assertThat(receiver.calls()).hasSize(3);
        assertThat(receiver.calls())
                .extracting(Receiver.Call::id)
                .containsOnly(log(webhook).id());
        for (Receiver.Call call : receiver.calls()) {
            assertThat(call.isSignedWith(webhook.secret())).isTrue();
            assertThat(new ObjectMapper()
                            .readTree(call.body())
                            .at("/data/reason")
                            .asText())
                    .isEqualTo("Kein Ton: \u266a");
        }
    }

    @Test
    void parksWhatNoReceiverTakes() {
        Webhook webhook = webhook("hooked-parked@example.com", "/hook");
        end("rejected", samples.rejected("hooked-parked@example.com", "No sound."));
        receiver.answer(500);

        take(queued().get(0), 299);

        assertThat(log(webhook).state()).isEqualTo("parked");
        assertThat(failures())
                .singleElement()
                .extracting(parked -> parked.getHeader(SpringRabbitMQConstants.ROUTING_OVERRIDE_KEY))
                .isEqualTo("webhook.failed");
    }

    @Test
    void sendsNothingMoreToAReceiverThatIsGone() {
        Webhook webhook = webhook("hooked-gone@example.com", "/hook");
        end("rejected", samples.rejected("hooked-gone@example.com", "No sound."));
        receiver.answer(410);

        take(queued().get(0));
        end("rejected", samples.rejected("hooked-gone@example.com", "No sound."));

        assertThat(log(webhook).state()).isEqualTo("refused");
        assertThat(queued()).hasSize(1);
        assertThat(failures()).isEmpty();
    }

    @Test
    void sendsOnceMoreWhatItsOwnerWants() {
        Webhook webhook = webhook("hooked-replay@example.com", "/hook");
        end("rejected", samples.rejected("hooked-replay@example.com", "No sound."));
        take(queued().get(0));

        deliveries().replay(log(webhook).id(), webhook.id());
        producer.sendBody("direct:webhook-timer", null);
        assertThat(queued()).hasSize(2);
        take(queued().get(1));

        assertThat(receiver.calls()).hasSize(2);
        assertThat(receiver.calls())
                .extracting(Receiver.Call::id)
                .containsOnly(log(webhook).id());
    }

    @Test
    void noticesAReceiverThatIsAway() throws IOException {
        Receiver away = new Receiver();
        away.close();
        Webhook webhook =
                webhooks().make("hooked-away@example.com", away.url("/")).orElseThrow();
        end("rejected", samples.rejected("hooked-away@example.com", "No sound."));

        take(queued().get(0));

        assertThat(log(webhook).status()).isNull();
        assertThat(log(webhook).error()).contains("Connect");
        assertThat(failures()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{}", "null", "{\"delivery\":\"a\",\"ticket\":\"b\"}"})
    void parksWhatSpeaksOfNoDelivery(String message) {
        take(message);

        assertThat(failures())
                .singleElement()
                .extracting(parked -> parked.getHeader(SpringRabbitMQConstants.ROUTING_OVERRIDE_KEY))
                .isEqualTo("webhook.failed");
    }

    @Test
    void dropsAMessageAboutWhatHasBeenDeleted() {
        take("{\"delivery\":\"a\",\"ticket\":\"" + new ObjectId() + "\"}");

        assertThat(failures()).isEmpty();
    }

    private Webhook webhook(String owner, String path) {
        return webhooks().make(owner, receiver.url(path)).orElseThrow();
    }

    private void end(String queue, Job job) {
        producer.sendBodyAndHeaders(
                "direct:" + queue + "-queue",
                SampleJobs.message(job, job.owner()),
                Map.of(ConfirmedRabbitComponent.QUEUE, queue));
    }

    private void take(String message) {
        take(message, 0);
    }

    private void take(String message, int attempts) {
        producer.sendBodyAndHeaders(
                "direct:webhook-queue",
                message,
                Map.of(ConfirmedRabbitComponent.QUEUE, "webhook", ConfirmedRabbitComponent.ATTEMPTS, attempts));
    }

    private List<String> queued() {
        return Queues.filled(camel, "webhook-queue").getExchanges().stream()
                .map(exchange -> exchange.getMessage().getBody(String.class))
                .toList();
    }

    private List<Message> failures() {
        return Queues.filled(camel, "retry-or-failed").getExchanges().stream()
                .map(Exchange::getMessage)
                .toList();
    }

    private Delivery log(Webhook webhook) {
        List<Delivery> log = deliveries().list(webhook.id());
        assertThat(log).hasSize(1);
        return log.get(0);
    }

    private Webhooks webhooks() {
        return samples.bean("webhooks", Webhooks.class);
    }

    private Deliveries deliveries() {
        return samples.bean("deliveries", Deliveries.class);
    }
}
