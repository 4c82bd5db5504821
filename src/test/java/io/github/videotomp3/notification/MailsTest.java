package io.github.videotomp3.notification;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.JobState;
import io.github.videotomp3.job.Mp3Options;
import io.github.videotomp3.job.SignedLinks;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MailsTest {

    private static final String ID = "6743a1f0c2b5d80012345678";

    private static final SignedLinks LINKS =
            new SignedLinks("a secret of links that has more than 32 bytes", Duration.ofDays(7));

    private final Mails mails = new Mails("video-to-mp3@example.com", "https://mp3.example.com", LINKS);
    private final Map<String, Object> headers = new HashMap<>();

    @Test
    void saysThatAnMp3IsReady() {
        Job job = job(JobState.DONE, "bell.mp4", null, null);

        Letter letter = mails.write(List.of(job), headers);

        assertThat(letter.subject()).isEqualTo("MP3 Download");
        assertThat(letter.done())
                .containsExactly(new Letter.Done(
                        ID, "bell.mp4", "1:02, 27 kB", null, "https://mp3.example.com" + LINKS.to(job)));
        assertThat(letter.lost()).isEmpty();
        assertThat(headers)
                .containsOnly(
                        Map.entry("To", "me@example.com"),
                        Map.entry("From", "video-to-mp3@example.com"),
                        Map.entry("Subject", "MP3 Download"),
                        Map.entry("Message-ID", "<" + ID + ".done@example.com>"),
                        Map.entry("Auto-Submitted", "auto-generated"),
                        Map.entry(
                                "List-Unsubscribe",
                                "<https://mp3.example.com" + LINKS.unsubscribe("me@example.com") + ">"),
                        Map.entry("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
                        Map.entry("Content-Type", "text/html; charset=UTF-8"));
    }

    @Test
    void saysForHowLongItsLinkIsGood() {
        Letter letter = mails.write(List.of(job(JobState.DONE, "bell.mp4", null, null)), headers);

        LocalDate last = LocalDate.parse(letter.until(), DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.ENGLISH));
        assertThat(last)
                .isEqualTo(LocalDate.ofInstant(LINKS.expiry(), ZoneOffset.UTC).minusDays(1));
        assertThat(last).isAfterOrEqualTo(LocalDate.now(ZoneOffset.UTC).plusDays(6));
    }

    @ParameterizedTest
    @CsvSource({
        "0.2,    27,          '0:00, 1 kB'",
        "61.5,   999999,      '1:02, 1000 kB'",
        "3599.4, 1000000,     '59:59, 1.0 MB'",
        "3600,   86400000,    '1:00:00, 86.4 MB'",
        "36061,  1234567890,  '10:01:01, 1234.6 MB'",
        "0,      5000,        '5 kB'"
    })
    void saysHowLongAndHowLargeItIs(double seconds, long bytes, String about) {
        assertThat(mails.write(List.of(job(JobState.DONE, "bell.mp4", null, null, bytes, seconds)), headers)
                        .done())
                .extracting(Letter.Done::about)
                .containsExactly(about);
    }

    @Test
    void addsWhatItsOwnerShouldKnow() {
        assertThat(mails.write(List.of(job(JobState.DONE, "bell.mp4", null, "The file was cut short")), headers)
                        .done())
                .extracting(Letter.Done::warning)
                .containsExactly("The file was cut short");
    }

    @ParameterizedTest
    @CsvSource({"REJECTED, plays with sound on your own device", "FAILED, not the video's fault"})
    void saysWhyThereIsNoMp3AndWhatToDo(JobState state, String advice) {
        Letter letter = mails.write(List.of(job(state, "bell.mp4", "The video has no audio track", null)), headers);

        assertThat(letter.done()).isEmpty();
        assertThat(letter.until()).isNull();
        assertThat(letter.lost()).singleElement().satisfies(lost -> {
            assertThat(lost.id()).isEqualTo(ID);
            assertThat(lost.name()).isEqualTo("bell.mp4");
            assertThat(lost.reason()).isEqualTo("The video has no audio track");
            assertThat(lost.advice()).contains(advice);
        });
        assertThat(headers)
                .containsEntry("Subject", "MP3 conversion failed")
                .containsEntry("Message-ID", "<" + ID + ".rejected@example.com>");
    }

    @ParameterizedTest
    @CsvSource({
        "2, 0, 'MP3 Download: 2 ready',           'Your 2 MP3s are ready'",
        "1, 1, 'MP3 Download: 1 ready, 1 failed', '1 of your 2 videos are MP3s now'",
        "3, 2, 'MP3 Download: 3 ready, 2 failed', '3 of your 5 videos are MP3s now'",
        "0, 3, 'MP3 conversion failed: 3 videos', 'Your 3 videos could not be converted'",
        "1, 0, 'MP3 Download',                    'Your MP3 is ready'",
        "0, 1, 'MP3 conversion failed',           'Your video could not be converted'"
    })
    void saysHowABatchHasEnded(int done, int lost, String subject, String heading) {
        List<Job> batch = new ArrayList<>(Collections.nCopies(done, job(JobState.DONE, "bell.mp4", null, null)));
        batch.addAll(Collections.nCopies(lost, job(JobState.REJECTED, "bell.mp4", "no sound", null)));

        Letter letter = mails.write(batch, headers);

        assertThat(letter.subject()).isEqualTo(subject);
        assertThat(headers).containsEntry("Subject", subject);
        assertThat(letter.heading()).isEqualTo(heading);
        assertThat(letter.done()).hasSize(done);
        assertThat(letter.lost()).hasSize(lost);
    }

    @Test
    void givesABatchAnIdOfItsOwn() {
        Job job = job(JobState.DONE, "bell.mp4", null, null);
        Set<Object> ids = new HashSet<>();
        for (int size : new int[] {1, 2, 3, 3}) {
            mails.write(Collections.nCopies(size, job), headers);
            ids.add(headers.get("Message-ID"));
        }

        assertThat(ids).hasSize(3).allMatch(id -> id.toString().matches("<" + ID + "\\.[0-9a-z.-]+@example\\.com>"));
    }

    @Test
    void replacesWhateverHeadersTheMessageBrought() {
        for (String name : new String[] {"to", "Bcc", "cc", "subject", "Reply-To", "CamelFileName", "attempts"}) {
            headers.put(name, "planted@example.com");
        }

        mails.write(List.of(job(JobState.DONE, "bell.mp4", null, null)), headers);

        assertThat(headers)
                .containsOnlyKeys(
                        "To",
                        "From",
                        "Subject",
                        "Message-ID",
                        "Auto-Submitted",
                        "List-Unsubscribe",
                        "List-Unsubscribe-Post",
                        "Content-Type");
        assertThat(headers).doesNotContainValue("planted@example.com");
    }

    @Test
    void givesTheSameMailTheSameMessageId() {
        mails.write(List.of(job(JobState.DONE, "bell.mp4", null, null)), headers);
        Object first = headers.get("Message-ID");

        new Mails("video-to-mp3@example.com", "https://elsewhere.example.com", LINKS)
                .write(List.of(job(JobState.DONE, "renamed.mp4", null, "cut short")), headers);

        assertThat(headers).containsEntry("Message-ID", first);
    }

    @Test
    void letsANameBeNeitherAHeaderNorALineOfItsOwn() {
        Letter letter =
                mails.write(List.of(job(JobState.DONE, "bell\r\nBcc: everybody@example.com", null, null)), headers);

        assertThat(letter.done()).extracting(Letter.Done::name).containsExactly("bell Bcc: everybody@example.com");
        assertThat(headers.values()).noneMatch(value -> value.toString().matches("(?s).*(everybody|[\r\n]).*"));
    }

    @ParameterizedTest
    @CsvSource({
        "me@example.com, example.com",
        "Video to MP3 <me@example.com>, example.com",
        "video-to-mp3@localhost.localdomain, localhost.localdomain"
    })
    void takesTheDomainOfTheMessageIdFromTheSender(String from, String domain) {
        new Mails(from, "http://localhost", LINKS).write(List.of(job(JobState.DONE, "bell.mp4", null, null)), headers);

        assertThat(headers).containsEntry("From", from);
        assertThat(headers.get("Message-ID").toString()).endsWith("@" + domain + ">");
    }

    private static Job job(JobState state, String name, String reason, String warning) {
        return job(state, name, reason, warning, 27_401, 61.5);
    }

    private static Job job(JobState state, String name, String reason, String warning, long mp3Bytes, double seconds) {
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
                mp3Bytes,
                seconds,
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
