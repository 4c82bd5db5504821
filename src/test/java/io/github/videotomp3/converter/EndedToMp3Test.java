package io.github.videotomp3.converter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.Queues;
import io.github.videotomp3.RouteTest;
import io.github.videotomp3.SampleJobs;
import io.github.videotomp3.job.Job;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@RouteTest
class EndedToMp3Test {

    private static final String OWNER = "untold@example.com";

    private final SampleJobs samples;
    private final CamelContext camel;
    private final ProducerTemplate producer;

    EndedToMp3Test(SampleJobs samples, CamelContext camel, ProducerTemplate producer) {
        this.samples = samples;
        this.camel = camel;
        this.producer = producer;
    }

    @BeforeEach
    void emptyQueues() {
        MockEndpoint.resetMocks(camel);
    }

    @Test
    void announcesOnceWhatNobodyHasAnnounced() {
        Job done = samples.done(OWNER, new byte[] {1});
        Job rejected = samples.rejected(OWNER, "no sound");
        Job fresh = samples.done(OWNER, new byte[] {1});
        samples.age(done);
        samples.age(rejected);

        sweep();
        sweep();

        assertThat(about(done, "mp3-queue")).hasSize(1);
        assertThat(about(rejected, "rejected-queue")).hasSize(1);
        assertThat(about(fresh, "mp3-queue")).isEmpty();
    }

    @Test
    void triesAgainWhatTheBrokerDidNotTake() {
        Job done = samples.done(OWNER, new byte[] {1});
        samples.age(done);
        Queues.filled(camel, "mp3-queue").whenAnyExchangeReceived(exchange -> {
            throw new IllegalStateException("no broker");
        });
        sweep();
        MockEndpoint.resetMocks(camel);

        sweep();

        assertThat(about(done, "mp3-queue")).hasSize(1);
    }

    private void sweep() {
        producer.sendBody("direct:ended-timer", null);
    }

    private List<String> about(Job job, String queue) {
        return Queues.filled(camel, queue).getExchanges().stream()
                .map(exchange -> exchange.getMessage().getBody(String.class))
                .filter(message -> message.contains(job.id().toHexString()))
                .toList();
    }
}
