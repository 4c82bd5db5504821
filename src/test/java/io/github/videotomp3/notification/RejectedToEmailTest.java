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
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.component.springrabbit.SpringRabbitMQConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@RouteTest
class RejectedToEmailTest {

    private final SampleJobs samples;
    private final CamelContext camel;
    private final ProducerTemplate producer;
    private final EmbeddedMail mail;

    RejectedToEmailTest(SampleJobs samples, CamelContext camel, ProducerTemplate producer, EmbeddedMail mail) {
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
    void tellsTheOwnerWhyThereWillBeNoMp3() {
        Job job = samples.rejected("rejected@example.com", "The video has no sound.");

        take(SampleJobs.message(job, "rejected@example.com"));

        List<Mail> inbox = mail.inbox("rejected@example.com");
        assertThat(inbox).hasSize(1);
        assertThat(inbox.get(0).subject()).isEqualTo("MP3 conversion failed");
        assertThat(inbox.get(0).text())
                .contains(job.id().toHexString(), "The video has no sound.")
                .doesNotContain("/download");
        assertThat(samples.now(job).notified()).isNotNull();
    }

    @Test
    void writesOnce() {
        Job job = samples.rejected("rejected-once@example.com", "The video has no sound.");
        take(SampleJobs.message(job, "rejected-once@example.com"));

        take(SampleJobs.message(job, "rejected-once@example.com"));

        assertThat(mail.inbox("rejected-once@example.com")).hasSize(1);
    }

    @Test
    void parksGarbage() {
        take("[]");

        assertThat(Queues.filled(camel, "retry-or-failed").getExchanges()).hasSize(1);
        assertThat(Queues.filled(camel, "retry-or-failed")
                        .getExchanges()
                        .get(0)
                        .getMessage()
                        .getHeader(SpringRabbitMQConstants.ROUTING_OVERRIDE_KEY))
                .isEqualTo("rejected.failed");
    }

    private void take(String message) {
        producer.sendBodyAndHeaders(
                "direct:rejected-queue", message, Map.of(ConfirmedRabbitComponent.QUEUE, "rejected"));
    }
}
