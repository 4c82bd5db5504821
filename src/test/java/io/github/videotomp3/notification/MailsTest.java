package io.github.videotomp3.notification;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.JobState;
import io.github.videotomp3.job.Mp3Options;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MailsTest {

    private static final String ID = "6743a1f0c2b5d80012345678";

    private final Mails mails = new Mails("video-to-mp3@example.com", "https://mp3.example.com");
    private final Map<String, Object> headers = new HashMap<>();

    @Test
    void saysInTheOriginalsWordsThatAnMp3IsReady() {
        assertThat(mails.write(job(JobState.DONE, "bell.mp4", null, null), headers))
                .isEqualTo("mp3 file_id: " + ID + " is now ready!\n\nbell.mp4\nhttps://mp3.example.com/download?fid="
                        + ID + "\n");
        assertThat(headers)
                .containsOnly(
                        Map.entry("To", "me@example.com"),
                        Map.entry("From", "video-to-mp3@example.com"),
                        Map.entry("Subject", "MP3 Download"),
                        Map.entry("Message-ID", "<" + ID + ".done@example.com>"),
                        Map.entry("Auto-Submitted", "auto-generated"),
                        Map.entry("Content-Type", "text/plain; charset=UTF-8"));
    }

    @Test
    void addsWhatItsOwnerShouldKnow() {
        assertThat(mails.write(job(JobState.DONE, "bell.mp4", null, "The file was cut short"), headers))
                .endsWith("?fid=" + ID + "\n\nThe file was cut short\n");
    }

    @ParameterizedTest
    @EnumSource(names = {"REJECTED", "FAILED"})
    void saysWhyThereIsNoMp3(JobState state) {
        assertThat(mails.write(job(state, "bell.mp4", "The video has no audio track", null), headers))
                .isEqualTo("file_id: " + ID + " could not be converted.\n\nbell.mp4\nThe video has no audio track\n"
                        + "https://mp3.example.com/jobs/" + ID + "\n");
        assertThat(headers)
                .containsEntry("Subject", "MP3 conversion failed")
                .containsEntry("Message-ID", "<" + ID + ".rejected@example.com>");
    }

    @Test
    void replacesWhateverHeadersTheMessageBrought() {
        for (String name : new String[] {"to", "Bcc", "cc", "subject", "Reply-To", "CamelFileName", "attempts"}) {
            headers.put(name, "planted@example.com");
        }

        mails.write(job(JobState.DONE, "bell.mp4", null, null), headers);

        assertThat(headers).containsOnlyKeys("To", "From", "Subject", "Message-ID", "Auto-Submitted", "Content-Type");
        assertThat(headers).doesNotContainValue("planted@example.com");
    }

    @Test
    void givesTheSameMailTheSameMessageId() {
        mails.write(job(JobState.DONE, "bell.mp4", null, null), headers);
        Object first = headers.get("Message-ID");

        new Mails("video-to-mp3@example.com", "https://elsewhere.example.com")
                .write(job(JobState.DONE, "renamed.mp4", null, "cut short"), headers);

        assertThat(headers).containsEntry("Message-ID", first);
    }

    @Test
    void letsNoNameReachAHeader() {
        String text = mails.write(job(JobState.DONE, "bell\r\nBcc: everybody@example.com", null, null), headers);

        assertThat(text).contains("Bcc: everybody@example.com");
        assertThat(headers.values()).noneMatch(value -> value.toString().matches("(?s).*(everybody|[\r\n]).*"));
    }

    @ParameterizedTest
    @CsvSource({
        "me@example.com, example.com",
        "Video to MP3 <me@example.com>, example.com",
        "video-to-mp3@localhost.localdomain, localhost.localdomain"
    })
    void takesTheDomainOfTheMessageIdFromTheSender(String from, String domain) {
        new Mails(from, "http://localhost").write(job(JobState.DONE, "bell.mp4", null, null), headers);

        assertThat(headers).containsEntry("From", from);
        assertThat(headers.get("Message-ID").toString()).endsWith("@" + domain + ">");
    }

    private static Job job(JobState state, String name, String reason, String warning) {
        ObjectId id = new ObjectId(ID);
        Instant now = Instant.now();
        return new Job(
                id,
                id,
                "me@example.com",
                name,
                state,
                1,
                12,
                null,
                7,
                1.5,
                reason,
                warning,
                now,
                now,
                null,
                null,
                null,
                null,
                null,
                null,
                Mp3Options.NONE);
    }
}
