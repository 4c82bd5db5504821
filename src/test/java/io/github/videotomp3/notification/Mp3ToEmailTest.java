package io.github.videotomp3.notification;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.Queues;
import io.github.videotomp3.RouteTest;
import io.github.videotomp3.SampleJobs;
import io.github.videotomp3.boot.embedded.EmbeddedMail;
import io.github.videotomp3.boot.embedded.Mail;
import io.github.videotomp3.camel.ConfirmedRabbitComponent;
import io.github.videotomp3.job.Job;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.component.springrabbit.SpringRabbitMQConstants;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@RouteTest
class Mp3ToEmailTest {

    private final SampleJobs samples;
    private final CamelContext camel;
    private final ProducerTemplate producer;
    private final EmbeddedMail mail;

    Mp3ToEmailTest(SampleJobs samples, CamelContext camel, ProducerTemplate producer, EmbeddedMail mail) {
        this.samples = samples;
        this.camel = camel;
        this.producer = producer;
        this.mail = mail;
    }

    @BeforeEach
    void emptyQueues() {
        MockEndpoint.resetMocks(camel);
    }

    @Test
    void tellsTheOwnerThatTheMp3IsReady() {
        Job job = samples.done("ready@example.com", new byte[] {1});

        take(SampleJobs.message(job, "ready@example.com"));

        List<Mail> inbox = mail.inbox("ready@example.com");
        assertThat(inbox).hasSize(1);
        assertThat(inbox.get(0).subject()).isEqualTo("MP3 Download");
        assertThat(inbox.get(0).text()).startsWith("mp3 file_id: " + job.id() + " is now ready!");
        assertThat(samples.now(job).notified()).isNotNull();
    }

    @Test
    void writesToTheOwnerOfTheJobWhoeverTheMessageNames() {
        Job job = samples.done("rightful@example.com", new byte[] {1});

        take(SampleJobs.message(job, "thief@example.com"));

        assertThat(mail.inbox("rightful@example.com")).hasSize(1);
        assertThat(mail.inbox("thief@example.com")).isEmpty();
    }

    @Test
    void writesOnce() {
        Job job = samples.done("once@example.com", new byte[] {1});
        take(SampleJobs.message(job, "once@example.com"));

        take(SampleJobs.message(job, "once@example.com"));

        assertThat(mail.inbox("once@example.com")).hasSize(1);
        assertThat(Queues.filled(camel, "retry-or-failed").getExchanges()).isEmpty();
    }

    @Test
    void writesNothingAboutADeletedJob() {
        Job job = samples.done("deleted@example.com", new byte[] {1});
        samples.jobs().delete(job.id(), job.owner());

        take(SampleJobs.message(job, "deleted@example.com"));

        assertThat(mail.inbox("deleted@example.com")).isEmpty();
        assertThat(Queues.filled(camel, "retry-or-failed").getExchanges()).isEmpty();
    }

    @Test
    void letsAMessageWaitUncountedUntilItsJobHasEnded() {
        Job job = samples.claimed("early@example.com");

        take(SampleJobs.message(job, "early@example.com"));

        Message waiting = onlyFailure();
        assertThat(waiting.getHeader(SpringRabbitMQConstants.ROUTING_OVERRIDE_KEY))
                .isEqualTo("mp3.retry");
        assertThat(waiting.getHeader(ConfirmedRabbitComponent.ATTEMPTS)).isEqualTo(0);
        assertThat(mail.inbox("early@example.com")).isEmpty();
    }

    @Test
    void parksAMessageAboutAJobThatThereIsNot() {
        take("{\"video_fid\":\"" + new ObjectId() + "\",\"username\":\"x@example.com\"}");

        assertThat(onlyFailure().getHeader(SpringRabbitMQConstants.ROUTING_OVERRIDE_KEY))
                .isEqualTo("mp3.failed");
    }

    private void take(String message) {
        producer.sendBodyAndHeaders("direct:mp3-queue", message, Map.of(ConfirmedRabbitComponent.QUEUE, "mp3"));
    }

    private Message onlyFailure() {
        List<org.apache.camel.Exchange> failures =
                Queues.filled(camel, "retry-or-failed").getExchanges();
        assertThat(failures).hasSize(1);
        return failures.get(0).getMessage();
    }
}
