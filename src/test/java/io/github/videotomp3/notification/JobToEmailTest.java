package io.github.videotomp3.notification;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.videotomp3.PlantedHeaders;
import io.github.videotomp3.RouteTest;
import io.github.videotomp3.SampleJobs;
import io.github.videotomp3.boot.embedded.EmbeddedMail;
import io.github.videotomp3.boot.embedded.Mail;
import io.github.videotomp3.job.Job;
import jakarta.mail.BodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.util.HtmlUtils;

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
    void saysInTheOriginalsWordsThatAnMp3IsReady() throws Exception {
        Job job = samples.done("words@example.com", new byte[] {1});

        producer.sendBody("direct:job-to-email", samples.mailed(job));

        List<BodyPart> parts = alternatives(job);
        assertThat(parts.get(0).getContentType()).isEqualTo("text/plain; charset=UTF-8");
        assertThat(lines(parts.get(0)))
                .matches(
                        "mp3 file_id: " + job.id() + " is now ready!\n\nclip.mp4\n0:01, 1 kB\n"
                                + "http://localhost:[0-9]+/download[?]fid=" + job.id()
                                + "&expires=[0-9]+&sig=[0-9a-f]{64}\n\n"
                                + "The download needs no password until [0-9]+ [A-Z][a-z]+ [0-9]{4}[.] After that, sign in[.]\n"
                                + "All your videos: http://localhost:[0-9]+/\n"
                                + "No more mails: http://localhost:[0-9]+/unsubscribe[?]person=[0-9a-f]{64}&sig=[0-9a-f]{64}\n");
    }

    @Test
    void saysWhyThereIsNoMp3AndWhatToDo() throws Exception {
        Job job = samples.rejected("why@example.com", "The video has no sound & no pictures");

        producer.sendBody("direct:job-to-email", samples.mailed(job));

        List<BodyPart> parts = alternatives(job);
        assertThat(lines(parts.get(0)))
                .startsWith("file_id: " + job.id() + " could not be converted.\n\nclip.mp4\n"
                        + "The video has no sound & no pictures\nLook whether it plays")
                .doesNotContain("/download", "password");
        assertThat(lines(parts.get(1)))
                .contains(">clip.mp4<", ">The video has no sound &amp; no pictures<", ">Look whether it plays")
                .doesNotContain("/download", "password");
    }

    @Test
    void looksRightWhereHtmlIsShown() throws Exception {
        Job job = samples.done("html@example.com", new byte[] {1});
        samples.set(job, "name", "<script>a\u0301 & \"b\" \uD83C\uDFB5</script>.mp4");

        producer.sendBody("direct:job-to-email", samples.mailed(job));

        List<BodyPart> parts = alternatives(job);
        assertThat(parts.get(1).getContentType()).isEqualTo("text/html; charset=UTF-8");
        String html = lines(parts.get(1));
        assertThat(html).contains(">&lt;script&gt;a\u0301 &amp; &quot;b&quot; \uD83C\uDFB5&lt;/script&gt;.mp4<");
        assertThat(html.toLowerCase(Locale.ROOT))
                .as("what mail clients drop, or ask before they show it")
                .doesNotContain("<script", "<img", "<link", "<style", "url(", " class=", " on", "&lt;!--");
        assertThat(lines(parts.get(0))).contains("\n<script>a\u0301 & \"b\" \uD83C\uDFB5</script>.mp4\n");
        Matcher link = Pattern.compile("href=\"([^\"]*/download[^\"]*)\"").matcher(html);
        assertThat(link.find()).isTrue();
        assertThat(lines(parts.get(0))).as("the same link").contains(HtmlUtils.htmlUnescape(link.group(1)) + "\n");
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
    void letsAMailProgramEndTheMailsByOneClick() throws Exception {
        Job job = samples.done("one-click@example.com", new byte[] {1});

        producer.sendBody("direct:job-to-email", samples.mailed(job));

        MimeMessage mail =
                new MimeMessage(null, new ByteArrayInputStream(sourceOf(job).getBytes(UTF_8)));
        assertThat(mail.getHeader("List-Unsubscribe"))
                .singleElement()
                .asString()
                .matches("<http://localhost:[0-9]+/unsubscribe[?]person=[0-9a-f]{64}&sig=[0-9a-f]{64}>")
                .doesNotContain("one-click");
        assertThat(mail.getHeader("List-Unsubscribe-Post")).containsExactly("List-Unsubscribe=One-Click");
    }

    @Test
    void doesNotNoteAMailThatTheServerRefused() {
        Job job = samples.done("no address at all", new byte[] {1});

        assertThatThrownBy(() -> producer.sendBody("direct:job-to-email", samples.mailed(job)))
                .isInstanceOf(CamelExecutionException.class);

        assertThat(samples.now(job).notified()).isNull();
    }

    /** The parts of the mail about a job, the plainest first (RFC 2046 §5.1.4). */
    private List<BodyPart> alternatives(Job job) throws Exception {
        MimeMessage message =
                new MimeMessage(null, new ByteArrayInputStream(sourceOf(job).getBytes(UTF_8)));
        assertThat(message.getContentType()).startsWith("multipart/alternative;");
        MimeMultipart parts = (MimeMultipart) message.getContent();
        assertThat(parts.getCount()).isEqualTo(2);
        return List.of(parts.getBodyPart(0), parts.getBodyPart(1));
    }

    private static String lines(BodyPart part) throws Exception {
        return part.getContent().toString().replace("\r\n", "\n");
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
