package io.github.videotomp3.job;

import static io.github.videotomp3.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.videotomp3.MongoStore;
import io.github.videotomp3.camel.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadKeysTest {

    @RegisterExtension
    static final MongoStore MONGO = new MongoStore();

    private static final String OWNER = "me@example.com";
    private static final String KEY = "2f1c-4e";

    private final Jobs jobs = new Jobs(MONGO.client(), MONGO.videos(), MONGO.mp3s(), Duration.ofSeconds(30), 3);
    private final UploadKeys keys = new UploadKeys(MONGO.client(), jobs, Duration.ofHours(24));

    @Test
    void leavesUploadsWithoutAKeyAlone() {
        UploadKey none = keys.take(OWNER, null);

        keys.renew(none);
        keys.name(none, new ObjectId());
        keys.release(none);

        assertThat(none.isKnown()).isFalse();
        assertThat(documents()).isZero();
    }

    @Test
    void letsOneOfManyRequestsHaveAKey() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        List<Callable<Integer>> requests = Stream.<Callable<Integer>>generate(() -> () -> {
                    try {
                        keys.take(OWNER, KEY);
                        return 200;
                    } catch (Refusal refusal) {
                        return refusal.getStatus();
                    }
                })
                .limit(8)
                .toList();
        try {
            List<Integer> answers = pool.invokeAll(requests).stream()
                    .map(answer -> {
                        try {
                            return answer.get();
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                    })
                    .toList();

            assertThat(answers).containsOnlyOnce(200).containsOnly(200, 409);
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void isAnotherKeyForAnotherPerson() {
        keys.take(OWNER, KEY);

        assertThat(keys.take("you@example.com", KEY).isKnown()).isFalse();
    }

    @Test
    void namesTheJobFromThenOn() {
        Job job = noted(keys.take(OWNER, KEY));

        assertThat(keys.take(OWNER, KEY).job()).isEqualTo(job);
        expire();
        assertThat(keys.take(OWNER, KEY).job()).isEqualTo(job);
    }

    @Test
    void canBeTakenAgainOnceItsUploadHasFailed() {
        keys.release(keys.take(OWNER, KEY));

        assertThat(keys.take(OWNER, KEY).isKnown()).isFalse();
    }

    @Test
    void canBeTakenAgainOnceItsGatewayIsDead() {
        UploadKey dead = keys.take(OWNER, KEY);
        assertThat(refusalOf(() -> keys.take(OWNER, KEY)).getHeaders()).containsKey("Retry-After");
        expire();

        assertThat(keys.take(OWNER, KEY).isKnown()).isFalse();
        assertThat(refusalOf(() -> keys.name(dead, new ObjectId())).getStatus()).isEqualTo(409);
        keys.release(dead);
        assertThat(refusalOf(() -> keys.take(OWNER, KEY)).getStatus()).isEqualTo(409);
    }

    @Test
    void canBeTakenAgainIfTheGatewayDiedBetweenKeyAndJob() {
        keys.name(keys.take(OWNER, KEY), new ObjectId());
        assertThat(refusalOf(() -> keys.take(OWNER, KEY)).getStatus()).isEqualTo(409);
        expire();

        assertThat(keys.take(OWNER, KEY).isKnown()).isFalse();
    }

    @Test
    void isKeptAliveByWhatArrives() {
        UploadKey key = keys.take(OWNER, KEY);
        expire();

        keys.renew(key);

        assertThat(refusalOf(() -> keys.take(OWNER, KEY)).getStatus()).isEqualTo(409);
    }

    @Test
    void isNotGivenBackOnceItNamesAJob() {
        UploadKey key = keys.take(OWNER, KEY);
        Job job = noted(key);

        keys.release(key);

        assertThat(keys.take(OWNER, KEY).job()).isEqualTo(job);
    }

    @Test
    void saysThatTheJobHasBeenDeleted() {
        Job job = noted(keys.take(OWNER, KEY));
        jobs.delete(job.id(), OWNER);

        assertThat(refusalOf(() -> keys.take(OWNER, KEY)).getStatus()).isEqualTo(410);
    }

    @Test
    void isForgottenAfterADay() {
        keys.take(OWNER, KEY);
        keys.forget();
        assertThat(documents()).isOne();

        set("created", Instant.now().minus(Duration.ofHours(25)));
        keys.forget();

        assertThat(documents()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "sch\u00f6n", "a\tb"})
    void refusesWhatIsNoKey(String key) {
        assertThat(refusalOf(() -> keys.take(OWNER, key)).getStatus()).isEqualTo(400);
        assertThat(refusalOf(() -> keys.take(OWNER, "x".repeat(256))).getStatus())
                .isEqualTo(400);
    }

    @Test
    void refusesASettingOutOfRange() {
        assertThatThrownBy(() -> new UploadKeys(MONGO.client(), jobs, Duration.ZERO))
                .hasMessageContaining("gateway.reap.age");
    }

    private Job noted(UploadKey key) {
        ObjectId id = new ObjectId();
        keys.name(key, id);
        return jobs.create(id, OWNER, "bell.mp4", 1);
    }

    private static void expire() {
        set("until", Instant.now().minusSeconds(1));
    }

    private static void set(String field, Instant value) {
        MONGO.client()
                .getDatabase("videos")
                .getCollection("upload_keys")
                .updateMany(new Document(), new Document("$set", new Document(field, Date.from(value))));
    }

    private static long documents() {
        return MONGO.client().getDatabase("videos").getCollection("upload_keys").countDocuments();
    }
}
