package io.github.videotomp3.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.mongodb.client.MongoCollection;
import io.github.videotomp3.MongoStore;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.JobMessage;
import io.github.videotomp3.job.Jobs;
import io.github.videotomp3.job.Postponed;
import io.github.videotomp3.job.Unprocessable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveriesTest {

    @RegisterExtension
    static final MongoStore MONGO = new MongoStore();

    private static final String OWNER = "me@example.com";

    private final Jobs jobs = new Jobs(MONGO.client(), MONGO.videos(), MONGO.mp3s(), Duration.ofSeconds(30), 3);
    private final Webhooks webhooks = new Webhooks(MONGO.client());
    private final Deliveries deliveries = new Deliveries(MONGO.client(), webhooks, 3);
    private Webhook webhook;

    @BeforeEach
    void makeWebhook() {
        webhook = webhooks.make(OWNER, "https://example.com/hook").orElseThrow();
    }

    @Test
    void saysHowAJobHasEnded() throws Exception {
        Job job = jobs.done(claimed(OWNER), 7, 1.5, null);

        JsonNode body = new ObjectMapper()
                .readTree(deliveries.claim(noted(job)).orElseThrow().body());

        assertThat(body.get("type").asText()).isEqualTo("job.done");
        assertThat(Instant.parse(body.get("timestamp").asText())).isBeforeOrEqualTo(Instant.now());
        assertThat(body.get("data").get("id").asText()).isEqualTo(job.id().toHexString());
        assertThat(body.get("data").get("mp3_bytes").asInt()).isEqualTo(7);
        assertThat(body.get("data").get("links").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("self", "download");
    }

    @Test
    void tellsEachEndOnce() {
        Job failed = jobs.failed(claimed(OWNER), "The disk is full.");

        assertThat(deliveries.note(failed)).hasSize(1);
        assertThat(deliveries.note(failed)).isEmpty();

        jobs.revive("{\"video_fid\":\"" + failed.id() + "\",\"username\":\"" + OWNER + "\"}");
        Job again = jobs.failed(jobs.claim(JobMessage.of(failed)), "The disk is full.");
        assertThat(deliveries.note(again)).hasSize(1);
        assertThat(deliveries.list(webhook.id()))
                .extracting(Delivery::event)
                .containsExactly("job.failed", "job.failed");
    }

    @Test
    void tellsTheOwnersWebhooksAlone() {
        webhooks.make(OWNER, "https://example.org/hook");
        webhooks.make("other@example.com", "https://example.net/hook");

        assertThat(deliveries.note(ended())).hasSize(2);
        Job deleted = ended();
        jobs.delete(deleted.id(), OWNER);
        assertThat(deliveries.note(jobs.ended(JobMessage.of(deleted)))).isEmpty();
        assertThat(deliveries.note(jobs.rejected(claimed("nobody@example.com"), "No sound.")))
                .isEmpty();
    }

    @Test
    void tellsNothingToAWebhookThatWantsNoMore() {
        DeliveryMessage before = noted(ended());
        webhooks.disable(webhook.id());

        assertThat(deliveries.note(ended())).isEmpty();
        assertThat(deliveries.claim(before)).isEmpty();
        assertThat(only().state()).isEqualTo("refused");
        assertThat(deliveries.leftBehind()).isEmpty();
    }

    @Test
    void isQueuedByTheSweepIfItsNotifierDiedBeforeItCould() {
        DeliveryMessage lost = noted(ended());
        assertThat(deliveries.leftBehind()).as("at once").isEmpty();
        expire("due");

        List<DeliveryMessage> again = deliveries.leftBehind();

        assertThat(again).singleElement().satisfies(message -> {
            assertThat(message.delivery()).isEqualTo(lost.delivery());
            assertThat(deliveries.claim(message)).isPresent();
        });
        assertThat(deliveries.claim(lost))
                .as("of two messages the newer counts")
                .isEmpty();
        assertThat(deliveries.leftBehind()).isEmpty();
    }

    @Test
    void isQueuedByTheSweepIfItsQueueIsLost() {
        deliveries.queued(noted(ended()));
        assertThat(due()).isAfter(Instant.now().plus(Duration.ofMinutes(50)));
        expire("due");

        assertThat(deliveries.leftBehind()).hasSize(1);
    }

    @Test
    void isHeldByOneWorker() {
        DeliveryMessage message = noted(ended());
        DeliveryAttempt dead = deliveries.claim(message).orElseThrow();

        assertThatThrownBy(() -> deliveries.claim(message)).isInstanceOf(Postponed.class);
        expire("claimed");
        DeliveryAttempt next = deliveries.claim(message).orElseThrow();

        assertThat(next.number()).isEqualTo(2);
        assertThat(next.id()).isEqualTo(dead.id());
        deliveries.failed(dead, null, new IOException("late"));
        assertThat(only().error()).as("what a worker says that was asleep").isNull();
        assertThatThrownBy(() -> deliveries.claim(message)).isInstanceOf(Postponed.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 204, 299})
    void isOverOnceTheReceiverHasIt(int status) throws Exception {
        DeliveryMessage message = noted(ended());

        deliveries.answered(deliveries.claim(message).orElseThrow(), status);

        assertThat(only().state()).isEqualTo("delivered");
        assertThat(only().status()).isEqualTo(status);
        assertThat(deliveries.claim(message)).isEmpty();
        expire("updated");
        assertThat(deliveries.leftBehind()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 400, 404, 429, 500, 503})
    void isTriedAgainAfterAnyOtherAnswer(int status) {
        DeliveryMessage message = noted(ended());
        DeliveryAttempt attempt = deliveries.claim(message).orElseThrow();
        DeliveryFailure failure = new DeliveryFailure(status);

        assertThatThrownBy(() -> deliveries.answered(attempt, status)).hasMessage(failure.getMessage());
        deliveries.failed(attempt, null, failure);

        assertThat(only().state()).isEqualTo("waiting");
        assertThat(only().status()).isEqualTo(status);
        assertThat(only().error()).isEqualTo("the receiver answered " + status);
        assertThat(deliveries.claim(message)).isPresent();
    }

    @Test
    void disablesAWebhookThatIsGone() throws Exception {
        deliveries.answered(deliveries.claim(noted(ended())).orElseThrow(), 410);

        assertThat(only().state()).isEqualTo("refused");
        assertThat(webhooks.find(webhook.id(), OWNER).orElseThrow().disabled()).isNotNull();
        assertThat(deliveries.note(ended())).isEmpty();
    }

    @Test
    void isParkedWithItsMessageAndComesBackWithIt() {
        DeliveryMessage message = noted(ended());

        deliveries.failed(deliveries.claim(message).orElseThrow(), 1, new IOException("no route to host"));
        assertThat(only().state()).isEqualTo("waiting");
        deliveries.failed(deliveries.claim(message).orElseThrow(), 2, new IOException("no route to host"));

        assertThat(only().state()).isEqualTo("parked");
        assertThat(only().error()).isEqualTo("IOException: no route to host");
        expire("updated");
        assertThat(deliveries.leftBehind()).isEmpty();
        assertThat(deliveries.claim(message)).isPresent();
        assertThat(only().state()).isEqualTo("waiting");
    }

    @Test
    void isSentOnceMoreWhenItsOwnerWantsThat() throws Exception {
        DeliveryMessage message = noted(ended());
        deliveries.answered(deliveries.claim(message).orElseThrow(), 200);

        assertThat(deliveries.replay(message.delivery(), new ObjectId())).isEmpty();
        assertThat(deliveries.leftBehind()).isEmpty();
        assertThat(deliveries.replay(message.delivery(), webhook.id())).isPresent();

        DeliveryMessage again = deliveries.leftBehind().get(0);
        assertThat(again.delivery()).isEqualTo(message.delivery());
        assertThat(deliveries.claim(message)).isEmpty();
        assertThat(deliveries.claim(again).orElseThrow().number()).isEqualTo(2);
    }

    @Test
    void refusesAMessageThatNamesNothing() {
        for (DeliveryMessage message : new DeliveryMessage[] {
            null, new DeliveryMessage(null, null), new DeliveryMessage("a", null), new DeliveryMessage("a", "b")
        }) {
            assertThatThrownBy(() -> deliveries.claim(message)).isInstanceOf(Unprocessable.class);
        }
        assertThat(deliveries.claim(new DeliveryMessage("a", new ObjectId().toHexString())))
                .as("of a webhook that has been deleted")
                .isEmpty();
    }

    @Test
    void forgetsWhatIsOld() {
        noted(ended());
        deliveries.forget();
        assertThat(documents().countDocuments()).isOne();

        set("created", Instant.now().minus(Duration.ofDays(31)));
        deliveries.forget();

        assertThat(documents().countDocuments()).isZero();
    }

    @Test
    void deletesThoseOfAPersonOrAWebhookAlone() {
        noted(ended());
        webhooks.make("other@example.com", "https://example.net/hook");
        noted(jobs.rejected(claimed("other@example.com"), "No sound."));

        deliveries.deleteTo(new ObjectId());
        deliveries.deleteOf(OWNER);
        assertThat(documents().countDocuments()).isOne();
        deliveries.deleteTo(webhooks.list("other@example.com").get(0).id());

        assertThat(documents().countDocuments()).isZero();
    }

    private Job claimed(String owner) {
        ObjectId id = new ObjectId();
        jobs.create(id, owner, "bell.mp4", 1);
        return jobs.claim(new JobMessage(id.toHexString(), null, owner, null));
    }

    private Job ended() {
        return jobs.rejected(claimed(OWNER), "No sound.");
    }

    private DeliveryMessage noted(Job job) {
        return deliveries.note(job).get(0);
    }

    private Delivery only() {
        List<Delivery> all = deliveries.list(webhook.id());
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    private static Instant due() {
        return documents().find().first().getDate("due").toInstant();
    }

    private static void expire(String field) {
        set(field, Instant.now().minusSeconds(1));
    }

    private static void set(String field, Instant value) {
        documents().updateMany(new Document(), new Document("$set", new Document(field, Date.from(value))));
    }

    private static MongoCollection<Document> documents() {
        return MONGO.client().getDatabase("videos").getCollection("deliveries");
    }
}
