package io.github.videotomp3.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.RouteTest;
import io.github.videotomp3.SampleJobs;
import io.github.videotomp3.job.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.Test;

@RouteTest
class ExpiredToDeletionTest {

    private static final String OWNER = "expired@example.com";

    private final ProducerTemplate producer;
    private final SampleJobs samples;

    ExpiredToDeletionTest(ProducerTemplate producer, SampleJobs samples) {
        this.producer = producer;
        this.samples = samples;
    }

    @Test
    void deletesWhatHasBeenKeptForLongEnough() {
        Job old = samples.done(OWNER, new byte[] {1});
        Job young = samples.done(OWNER, new byte[] {1});
        samples.set(old, "ended", Date.from(Instant.now().minus(Duration.ofDays(61))));

        producer.sendBody("direct:expiry-timer", null);

        assertThat(samples.now(old)).isNull();
        assertThat(samples.mp3Bytes(old)).isEqualTo(-1);
        assertThat(samples.now(young)).isNotNull();
        assertThat(samples.mp3Bytes(young)).isEqualTo(1);
    }

    @Test
    void deletesAVideoWhoseConverterDiedBeforeItCould() {
        Job done = samples.done(OWNER, new byte[] {1});
        Job waiting = samples.stored(OWNER, new byte[] {1});
        samples.set(done, "ended", Date.from(Instant.now().minusSeconds(1)));

        producer.sendBody("direct:video-timer", null);

        assertThat(samples.hasVideo(done)).isFalse();
        assertThat(samples.hasVideo(waiting)).isTrue();
        assertThat(samples.now(done).isDone()).isTrue();
    }
}
