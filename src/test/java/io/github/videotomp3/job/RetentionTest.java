package io.github.videotomp3.job;

import static io.github.videotomp3.MongoStore.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.videotomp3.MongoStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

public class RetentionTest {

    @RegisterExtension
    static final MongoStore MONGO = new MongoStore();

    private static final String ME = "me@example.com";
    private static final Instant NOW = Instant.now();

    private final Jobs jobs = new Jobs(MONGO.client(), MONGO.videos(), MONGO.mp3s(), Duration.ofSeconds(30), 3);
    private final Retention retention = retention(Duration.ZERO);

    /** Which keeps no video, a job for 30 days, and an MP3 that nobody has fetched for 10 more. */
    public static Retention retention(Jobs jobs) {
        return new Retention(jobs, null, Duration.ZERO, Duration.ofDays(30), Duration.ofDays(10));
    }

    private Retention retention(Duration video) {
        return new Retention(
                jobs,
                MONGO.videos(),
                video,
                Duration.ofDays(30),
                Duration.ofDays(10),
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private Job stored() {
        ObjectId id = new ObjectId();
        MONGO.videos().store(id, "bell.mp4", bytes("a bell"));
        return jobs.create(id, ME, "bell.mp4", 6);
    }

    private Job done(int daysAgo) {
        Job job = jobs.claim(JobMessage.of(stored()));
        MONGO.mp3s().store(job.id(), "bell.mp4", bytes("an MP3"));
        return ended(jobs.done(job, 6, 1, null), daysAgo);
    }

    private Job rejected(int daysAgo) {
        return ended(jobs.rejected(jobs.claim(JobMessage.of(stored())), "no"), daysAgo);
    }

    private Job ended(Job job, int daysAgo) {
        Date then = Date.from(NOW.minus(Duration.ofDays(daysAgo)).minusSeconds(5));
        MONGO.jobs().updateOne(new Document("_id", job.id()), new Document("$set", new Document("ended", then)));
        return jobs.find(job.id()).orElseThrow();
    }

    @Test
    void saysUntilWhenAJobIsKept() {
        Job done = done(0);
        Job lost = rejected(0);

        assertThat(retention.expires(done)).isEqualTo(done.ended().plus(Duration.ofDays(40)));
        assertThat(retention.expires(lost)).isEqualTo(lost.ended().plus(Duration.ofDays(30)));
        jobs.fetched(done.id());
        assertThat(retention.expires(jobs.find(done.id()).orElseThrow()))
                .isEqualTo(done.ended().plus(Duration.ofDays(30)));
        assertThat(retention.expires(stored())).isNull();
    }

    @Test
    void findsTheJobsWhoseTimeIsOver() {
        Job fetched = done(30);
        jobs.fetched(fetched.id());
        Job unfetched = done(40);
        Job lost = rejected(30);
        done(39);
        Job young = done(29);
        jobs.fetched(young.id());
        rejected(29);
        stored();

        assertThat(retention.expired())
                .extracting(Job::id)
                .containsExactlyInAnyOrder(fetched.id(), unfetched.id(), lost.id());
    }

    @Test
    void deletesAJobAsItsOwnerWould() {
        Job job = done(50);

        retention.delete(job);

        assertThat(jobs.find(job.id(), ME)).isEmpty();
        assertThat(MONGO.isGone("mp3s", job.id())).isTrue();
        assertThat(MONGO.isGone("videos", job.id())).isTrue();
        assertThat(retention.expired()).isEmpty();
    }

    @Test
    void dropsTheVideoOfAJobThatIsDone() {
        Job job = done(0);
        long before = jobs.bytes(ME);

        retention.dropVideoAtOnce(job);

        assertThat(MONGO.isGone("videos", job.id())).isTrue();
        assertThat(MONGO.mp3s().find(job.id())).isPresent();
        assertThat(jobs.bytes(ME)).isEqualTo(before - 6);
        assertThat(retention.withNeedlessVideo()).isEmpty();
    }

    @Test
    void keepsTheVideoOfAJobThatHasFailed() {
        Job job = jobs.failed(jobs.claim(JobMessage.of(stored())), "no");

        retention.dropVideoAtOnce(job);

        assertThat(MONGO.videos().find(job.id())).isPresent();
    }

    @Test
    void findsTheVideosThatAConverterCouldNotDrop() {
        Job job = done(0);
        rejected(1);

        assertThat(retention.withNeedlessVideo()).extracting(Job::id).containsExactly(job.id());
    }

    @Test
    void keepsVideosForAWhile() {
        Retention longer = retention(Duration.ofDays(2));
        Job young = done(1);
        Job old = done(2);

        longer.dropVideoAtOnce(young);

        assertThat(MONGO.videos().find(young.id())).isPresent();
        assertThat(longer.withNeedlessVideo()).extracting(Job::id).containsExactly(old.id());
    }

    @ParameterizedTest
    @CsvSource({"-1, 60, 0, keep.video", "0, 59, 0, keep.job", "0, 60, -1, keep.grace"})
    void refusesTimesThatCanBeNone(long video, long job, long grace, String key) {
        assertThatThrownBy(() -> new Retention(
                        jobs,
                        MONGO.videos(),
                        Duration.ofSeconds(video),
                        Duration.ofSeconds(job),
                        Duration.ofSeconds(grace)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key);
    }
}
