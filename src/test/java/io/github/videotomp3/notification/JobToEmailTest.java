package io.github.videotomp3.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.videotomp3.PlantedHeaders;
import io.github.videotomp3.RouteTest;
import io.github.videotomp3.SampleJobs;
import io.github.videotomp3.boot.embedded.EmbeddedMail;
import io.github.videotomp3.boot.embedded.Mail;
import io.github.videotomp3.job.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;

@RouteTest
class JobToEmailTest {

    private final SampleJobs samples;
    private final ProducerTemplate producer;
    private final EmbeddedMail mail;
    private final Path mails;

    JobToEmailTest(
            SampleJobs samples,
            ProducerTemplate producer,
            EmbeddedMail mail,
            @Value("${data.folder}/mail") Path mails) {
        this.samples = samples;
        this.producer = producer;
        this.mail = mail;
        this.mails = mails;
    }

    @Test
    void sendsTheMailToTheOwnerAndNotesThatItWasSent() {
        Job job = samples.done("owner@example.com", new byte[] {1});

        producer.sendBody("direct:job-to-email", samples.mailed(job));

        assertThat(mail.inbox("owner@example.com")).hasSize(1);
        assertThat(samples.now(job).notified()).isNotNull();
    }

    @Test
    void letsNoHeaderChooseWhoGetsTheMailOrWhatItSays() throws IOException {
        Job job = samples.done("victim@example.com", new byte[] {1});

        Map<String, Object> planted = new HashMap<>(Map.of(
                "To", "planted@example.com",
                "Cc", "planted@example.com",
                "Bcc", "planted@example.com",
                "Reply-To", "planted@example.com",
                "Authorization", "planted secret"));
        PlantedHeaders.NAMES.forEach(name -> planted.putIfAbsent(name, PlantedHeaders.VALUE));

        producer.sendBodyAndHeaders("direct:job-to-email", samples.mailed(job), planted);

        assertThat(mail.inbox("victim@example.com")).hasSize(1);
        Mail sent = mail.inbox("victim@example.com").get(0);
        assertThat(sent.to()).isEqualTo("victim@example.com");
        assertThat(sent.subject()).isEqualTo("MP3 Download");
        assertThat(mail.inbox("planted@example.com")).isEmpty();
        assertThat(sourceOf(job)).doesNotContain("planted");
    }

    @Test
    void identifiesTheMailByTheJobSoThatASecondOneCollapses() throws IOException {
        Job job = samples.done("message-id@example.com", new byte[] {1});

        producer.sendBody("direct:job-to-email", samples.mailed(job));

        assertThat(sourceOf(job)).contains("<" + job.id() + ".done@").containsIgnoringCase("Auto-Submitted: auto");
    }

    @Test
    void doesNotNoteAMailThatTheServerRefused() {
        Job job = samples.done("no address at all", new byte[] {1});

        assertThatThrownBy(() -> producer.sendBody("direct:job-to-email", samples.mailed(job)))
                .isInstanceOf(CamelExecutionException.class);

        assertThat(samples.now(job).notified()).isNull();
    }

    /** The mail about a job with all its headers. */
    private String sourceOf(Job job) throws IOException {
        try (Stream<Path> files = Files.walk(mails)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String source = Files.readString(file);
                if (source.contains(job.id().toHexString())) {
                    return source;
                }
            }
        }
        throw new AssertionError("no mail about " + job.id());
    }
}
