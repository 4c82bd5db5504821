package io.github.videotomp3.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.videotomp3.MongoStore;
import io.github.videotomp3.auth.Caller;
import io.github.videotomp3.camel.Refusal;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.JobMessage;
import io.github.videotomp3.job.Jobs;
import io.github.videotomp3.job.StoredFiles;
import java.time.Duration;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadLimitsTest {

    @RegisterExtension
    static final MongoStore MONGO = new MongoStore();

    private static final Caller ANN = new Caller("ann@example.com", false);
    private static final Caller BOB = new Caller("bob@example.com", false);

    private final StoredFiles videos = MONGO.videos();
    private final Jobs jobs = new Jobs(MONGO.client(), videos, MONGO.mp3s(), Duration.ofSeconds(30), 3);

    @Test
    void letsPassWhatIsWithinAllLimits() {
        stored(ANN, 100);

        limits(2, 2, 200, 200, 1).check(1, ANN, 100L);
        limits(0, 0, 0, 0, 0).check(1, ANN, Long.MAX_VALUE);
        limits(2, 2, 100, 100, 1).check(1, ANN, null);
    }

    @Test
    void countsTheUploadsThatRun() {
        UploadLimits limits = limits(0, 0, 0, 0, 0);
        limits.check(3, ANN, 1L);

        Refusal refusal = catchThrowableOfType(Refusal.class, () -> limits.check(4, ANN, 1L));

        assertThat(refusal.getStatus()).isEqualTo(429);
        assertThat(refusal.getHeaders()).containsKey("Retry-After");
        assertThatThrownBy(() -> new UploadLimits(jobs, videos, 0, 0, 0, 0, 0, 0))
                .hasMessageContaining("gateway.uploads");
    }

    @Test
    void countsAPersonsJobsThatHaveNotEnded() {
        stored(ANN, 1);
        Job done = claimed(ANN, 1);
        UploadLimits limits = limits(2, 0, 0, 0, 0);

        Refusal refusal = refusalOf(limits, ANN, 1);

        assertThat(refusal.getStatus()).isEqualTo(429);
        assertThat(refusal.getDetail()).contains("2 jobs");
        assertThat(refusal.getHeaders()).containsKey("Retry-After");
        limits.check(1, BOB, 1L);
        jobs.done(done, 1, 1, null);
        limits.check(1, ANN, 1L);
    }

    @Test
    void countsTheJobsOfAll() {
        stored(ANN, 1);
        stored(BOB, 1);

        assertThat(refusalOf(limits(0, 2, 0, 0, 0), ANN, 1).getStatus()).isEqualTo(429);
    }

    @Test
    void countsAPersonsBytesUntilTheyAreDeleted() {
        Job done = claimed(ANN, 60);
        jobs.done(done, 30, 1, null);
        jobs.rejected(claimed(ANN, 1000), "no sound");
        UploadLimits limits = limits(0, 0, 100, 0, 0);

        limits.check(1, ANN, 10L);
        Refusal refusal = refusalOf(limits, ANN, 11);

        assertThat(refusal.getStatus()).isEqualTo(507);
        assertThat(refusal.getDetail()).contains("90 bytes").contains("100");
        limits.check(1, BOB, 100L);
        jobs.delete(done.id(), ANN.username());
        limits.check(1, ANN, 100L);
    }

    @Test
    void countsTheBytesOfAll() {
        stored(ANN, 60);
        stored(BOB, 30);

        assertThat(refusalOf(limits(0, 0, 0, 100, 0), ANN, 11).getStatus()).isEqualTo(507);
    }

    @Test
    void keepsSomeOfTheDiskFree() {
        long free = videos.freeBytes();

        assertThat(free).isPositive().isLessThan(Long.MAX_VALUE);
        assertThat(refusalOf(limits(0, 0, 0, 0, 1), ANN, 2 * free).getStatus()).isEqualTo(507);
        assertThat(refusalOf(limits(0, 0, 0, 0, 2 * free), ANN, 1).getStatus()).isEqualTo(507);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void refusesALimitBelowNothing(int which) {
        long[] limits = new long[5];
        limits[which] = -1;

        assertThatThrownBy(() -> limits(limits))
                .hasMessageContaining("gateway.limit.")
                .hasMessageContaining("-1");
    }

    private UploadLimits limits(long... limits) {
        return new UploadLimits(jobs, videos, 3, limits[0], limits[1], limits[2], limits[3], limits[4]);
    }

    private static Refusal refusalOf(UploadLimits limits, Caller caller, long length) {
        return catchThrowableOfType(Refusal.class, () -> limits.check(1, caller, length));
    }

    private Job stored(Caller owner, long bytes) {
        return jobs.create(new ObjectId(), owner.username(), "clip.mp4", bytes);
    }

    private Job claimed(Caller owner, long bytes) {
        return jobs.claim(JobMessage.of(stored(owner, bytes)));
    }
}
