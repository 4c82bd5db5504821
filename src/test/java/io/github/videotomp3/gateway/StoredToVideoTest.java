package io.github.videotomp3.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.Queues;
import io.github.videotomp3.RouteTest;
import io.github.videotomp3.SampleJobs;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.JobState;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@RouteTest
class StoredToVideoTest {

    private static final byte[] VIDEO = {1, 2, 3};

    private final SampleJobs samples;
    private final CamelContext camel;
    private final ProducerTemplate producer;

    StoredToVideoTest(SampleJobs samples, CamelContext camel, ProducerTemplate producer) {
        this.samples = samples;
        this.camel = camel;
        this.producer = producer;
    }

    @BeforeEach
    void emptyQueues() {
        MockEndpoint.resetMocks(camel);
    }

    @Test
    void queuesAJobOnceTheBrokerHasItsMessage() {
        Job job = samples.stored("stored@example.com", VIDEO);

        producer.sendBody("direct:stored-to-video", job);

        assertThat(samples.now(job).state()).isEqualTo(JobState.QUEUED);
        assertThat(sent()).containsExactly(SampleJobs.message(job, "stored@example.com"));
    }

    @Test
    void leavesAJobStoredWhoseMessageTheBrokerDidNotTake() {
        Job job = samples.stored("unsent@example.com", VIDEO);
        brokerIsAway();

        producer.sendBody("direct:stored-to-video", job);

        assertThat(samples.now(job).state()).isEqualTo(JobState.STORED);
    }

    @Test
    void doesNotTakeAJobBackThatAConverterAlreadyHolds() {
        Job job = samples.claimed("faster@example.com");

        producer.sendBody("direct:stored-to-video", job);

        assertThat(samples.now(job).state()).isEqualTo(JobState.CONVERTING);
    }

    @Test
    void sweepsWhatWasLeftBehindIntoTheQueueAndNothingElse() {
        Job old = samples.stored("left-behind@example.com", VIDEO);
        Job fresh = samples.stored("left-behind@example.com", VIDEO);
        Job done = samples.done("left-behind@example.com", VIDEO);
        samples.age(old);
        samples.age(done);

        producer.sendBody("direct:sweep-timer", null);

        assertThat(samples.now(old).state()).isEqualTo(JobState.QUEUED);
        assertThat(samples.now(fresh).state()).isEqualTo(JobState.STORED);
        assertThat(samples.now(done).state()).isEqualTo(JobState.DONE);
        assertThat(sent()).contains(SampleJobs.message(old, "left-behind@example.com"));
        assertThat(String.join("", sent()))
                .doesNotContain(fresh.id().toHexString(), done.id().toHexString());
    }

    @Test
    void sweepsAgainWhatTheBrokerDidNotTakeTheLastTime() {
        Job one = samples.stored("again@example.com", VIDEO);
        Job other = samples.stored("again@example.com", VIDEO);
        samples.age(one);
        samples.age(other);
        brokerIsAway();
        producer.sendBody("direct:sweep-timer", null);
        assertThat(samples.now(one).state()).isEqualTo(JobState.STORED);

        MockEndpoint.resetMocks(camel);
        producer.sendBody("direct:sweep-timer", null);

        assertThat(samples.now(one).state()).isEqualTo(JobState.QUEUED);
        assertThat(samples.now(other).state()).isEqualTo(JobState.QUEUED);
    }

    @Test
    void offersAJobAgainWhoseMessageHasVanished() {
        Job job = samples.stored("vanished@example.com", VIDEO);
        producer.sendBody("direct:stored-to-video", job);
        samples.set(job, "updated", Date.from(Instant.now().minus(Duration.ofDays(1))));
        MockEndpoint.resetMocks(camel);

        producer.sendBody("direct:sweep-timer", null);
        producer.sendBody("direct:sweep-timer", null);

        assertThat(sent().stream().filter(message -> message.contains(job.id().toHexString())))
                .hasSize(1);
        assertThat(samples.now(job).state()).isEqualTo(JobState.QUEUED);
    }

    private void brokerIsAway() {
        Queues.filled(camel, "video-queue").whenAnyExchangeReceived(exchange -> {
            throw new IllegalStateException("no broker");
        });
    }

    private List<String> sent() {
        return Queues.filled(camel, "video-queue").getExchanges().stream()
                .map(exchange -> exchange.getMessage().getBody(String.class))
                .toList();
    }
}
