package io.github.videotomp3.notification;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.Queues;
import io.github.videotomp3.RouteTest;
import io.github.videotomp3.SampleJobs;
import io.github.videotomp3.boot.embedded.EmbeddedMail;
import io.github.videotomp3.boot.embedded.Mail;
import io.github.videotomp3.camel.ConfirmedRabbitComponent;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.MailSwitch;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.component.springrabbit.SpringRabbitMQConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The routes {@code mp3-to-email} and {@code rejected-to-email}, which differ by their queue only. */
@RouteTest
class EndsToEmailTest {

    private final SampleJobs samples;
    private final CamelContext camel;
    private final ProducerTemplate producer;
    private final EmbeddedMail mail;

    EndsToEmailTest(SampleJobs samples, CamelContext camel, ProducerTemplate producer, EmbeddedMail mail) {
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

        take("mp3", SampleJobs.message(job, "ready@example.com"));

        Mail sent = onlyMail("ready@example.com");
        assertThat(sent.subject()).isEqualTo("MP3 Download");
        assertThat(sent.text()).startsWith("mp3 file_id: " + job.id() + " is now ready!");
        assertThat(samples.now(job).notified()).isNotNull();
    }

    @Test
    void tellsTheOwnerWhyThereWillBeNoMp3() {
        Job job = samples.rejected("rejected@example.com", "The video has no sound.");

        take("rejected", SampleJobs.message(job, "rejected@example.com"));

        Mail sent = onlyMail("rejected@example.com");
        assertThat(sent.subject()).isEqualTo("MP3 conversion failed");
        assertThat(sent.text())
                .contains(job.id().toHexString(), "The video has no sound.")
                .doesNotContain("/download");
        assertThat(samples.now(job).notified()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mp3", "rejected"})
    void writesToTheOwnerOfTheJobWhoeverTheMessageNames(String queue) {
        Job job = ended(queue, "rightful-" + queue + "@example.com");

        take(queue, SampleJobs.message(job, "thief@example.com"));

        assertThat(mail.inbox(job.owner())).hasSize(1);
        assertThat(mail.inbox("thief@example.com")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mp3", "rejected"})
    void writesOnce(String queue) {
        Job job = ended(queue, "once-" + queue + "@example.com");
        take(queue, SampleJobs.message(job, job.owner()));

        take(queue, SampleJobs.message(job, job.owner()));

        assertThat(mail.inbox(job.owner())).hasSize(1);
        assertThat(failures()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mp3", "rejected"})
    void letsASecondMessageWaitUncountedWhileAnotherWorkerMails(String queue) {
        Job job = ended(queue, "claimed-" + queue + "@example.com");
        samples.mailed(job);

        take(queue, SampleJobs.message(job, job.owner()));

        assertThat(failures()).singleElement().satisfies(waiting -> {
            assertThat(waiting.getHeader(SpringRabbitMQConstants.ROUTING_OVERRIDE_KEY))
                    .isEqualTo(queue + ".retry");
            assertThat(waiting.getHeader(ConfirmedRabbitComponent.ATTEMPTS)).isEqualTo(0);
            assertThat(waiting.getBody(String.class)).contains(job.id().toHexString());
        });
        assertThat(mail.inbox(job.owner())).isEmpty();
        assertThat(samples.now(job).mailing()).as("the other's claim").isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mp3", "rejected"})
    void writesInPlaceOfAWorkerThatDied(String queue) {
        Job job = ended(queue, "orphaned-" + queue + "@example.com");
        samples.mailed(job);
        samples.set(job, "mailing", Date.from(Instant.now().minusSeconds(1)));

        take(queue, SampleJobs.message(job, job.owner()));

        assertThat(mail.inbox(job.owner())).hasSize(1);
        assertThat(failures()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mp3", "rejected"})
    void triesAMailThatCouldNotBeSentAgainWithoutWaitingForItsClaim(String queue) {
        Job job = ended(queue, "no address at all");

        take(queue, SampleJobs.message(job, job.owner()));

        assertThat(failures()).singleElement().satisfies(failed -> {
            assertThat(failed.getHeader(SpringRabbitMQConstants.ROUTING_OVERRIDE_KEY, String.class))
                    .startsWith(queue + ".");
            assertThat(failed.getHeader(ConfirmedRabbitComponent.ATTEMPTS)).isEqualTo(1);
            assertThat(failed.getBody(String.class)).contains(job.id().toHexString());
        });
        assertThat(samples.now(job).notified()).isNull();
        assertThat(samples.now(job).mailing()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mp3", "rejected"})
    void writesOneMailAboutABatch(String queue) {
        Job first = ended(queue, "batch-" + queue + "@example.com");
        Job second = samples.claimed(first.owner());

        take(queue, SampleJobs.message(first, first.owner()));

        assertThat(failures()).singleElement().satisfies(waiting -> {
            assertThat(waiting.getHeader(SpringRabbitMQConstants.ROUTING_OVERRIDE_KEY))
                    .isEqualTo(queue + ".retry");
            assertThat(waiting.getHeader(ConfirmedRabbitComponent.ATTEMPTS)).isEqualTo(0);
            assertThat(Long.parseLong(waiting.getHeader(SpringRabbitMQConstants.EXPIRATION, String.class)))
                    .isBetween(100_000L, 120_000L);
        });
        assertThat(mail.inbox(first.owner())).isEmpty();

        samples.jobs().rejected(second, "It has no pictures.");
        take("rejected", SampleJobs.message(second, first.owner()));
        take(queue, SampleJobs.message(first, first.owner()));

        assertThat(onlyMail(first.owner()).text())
                .contains(first.id().toHexString(), second.id().toHexString(), "It has no pictures.");
        assertThat(samples.now(first).notified()).isNotNull();
        assertThat(samples.now(second).notified()).isNotNull();
    }

    @Test
    void givesEveryJobOfAMailBackThatCouldNotBeSent() {
        Job first = samples.done("no address at all", new byte[] {1});
        Job second = samples.rejected("no address at all", "It has no sound.");

        take("mp3", SampleJobs.message(first, first.owner()));

        assertThat(failures()).hasSize(1);
        for (Job job : List.of(first, second)) {
            assertThat(samples.now(job).notified()).isNull();
            assertThat(samples.now(job).mailing()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mp3", "rejected"})
    void writesNothingToWhoWantsNoMailsAndCountsThemAsTold(String queue) {
        Job job = ended(queue, "silent-" + queue + "@example.com");
        samples.bean("mailSwitch", MailSwitch.class).set(job.owner(), false);

        take(queue, SampleJobs.message(job, job.owner()));

        assertThat(mail.inbox(job.owner())).isEmpty();
        assertThat(failures()).isEmpty();
        assertThat(samples.now(job).notified()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mp3", "rejected"})
    void writesNothingAboutADeletedJob(String queue) {
        Job job = ended(queue, "deleted-" + queue + "@example.com");
        samples.jobs().delete(job.id(), job.owner());

        take(queue, SampleJobs.message(job, job.owner()));

        assertThat(mail.inbox(job.owner())).isEmpty();
        assertThat(failures()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mp3", "rejected"})
    void letsAMessageWaitUncountedUntilItsJobHasEnded(String queue) {
        Job job = samples.claimed("early-" + queue + "@example.com");

        take(queue, SampleJobs.message(job, job.owner()));

        assertThat(failures()).singleElement().satisfies(waiting -> {
            assertThat(waiting.getHeader(SpringRabbitMQConstants.ROUTING_OVERRIDE_KEY))
                    .isEqualTo(queue + ".retry");
            assertThat(waiting.getHeader(ConfirmedRabbitComponent.ATTEMPTS)).isEqualTo(0);
        });
        assertThat(mail.inbox(job.owner())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "mp3, '[]'",
        "rejected, '[]'",
        "mp3, '{\"video_fid\":\"000000000000000000000000\",\"username\":\"x@example.com\"}'",
        "rejected, '{\"video_fid\":\"000000000000000000000000\",\"username\":\"x@example.com\"}'"
    })
    void parksWhatSpeaksOfNoJob(String queue, String message) {
        take(queue, message);

        assertThat(failures())
                .singleElement()
                .extracting(parked -> parked.getHeader(SpringRabbitMQConstants.ROUTING_OVERRIDE_KEY))
                .isEqualTo(queue + ".failed");
    }

    private Job ended(String queue, String owner) {
        return queue.equals("mp3") ? samples.done(owner, new byte[] {1}) : samples.rejected(owner, "It has no sound.");
    }

    private void take(String queue, String message) {
        producer.sendBodyAndHeaders(
                "direct:" + queue + "-queue", message, Map.of(ConfirmedRabbitComponent.QUEUE, queue));
    }

    private Mail onlyMail(String owner) {
        List<Mail> inbox = mail.inbox(owner);
        assertThat(inbox).hasSize(1);
        return inbox.get(0);
    }

    private List<Message> failures() {
        return Queues.filled(camel, "retry-or-failed").getExchanges().stream()
                .map(Exchange::getMessage)
                .toList();
    }
}
