package io.github.videotomp3.camel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.videotomp3.job.JobMessage;
import io.github.videotomp3.job.Postponed;
import io.github.videotomp3.job.Unprocessable;
import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

class QueueFailuresTest {

    private static final String ROUTING_KEY = "CamelSpringRabbitmqRoutingOverrideKey";
    private static final String EXPIRATION = "CamelSpringRabbitmqExpiration";

    private final QueueFailures failures = new QueueFailures(Duration.ofSeconds(5), Duration.ofMinutes(5), 10);

    @ParameterizedTest
    @CsvSource({", 5000", "0, 5000", "1, 10000", "2, 20000", "5, 160000", "6, 300000", "7, 300000", "8, 300000"})
    void doublesTheDelayUpToTheLongest(Integer before, String delay) {
        Map<String, Object> headers = judge(before, new IOException("SMTP is away"));

        assertThat(headers).containsEntry(EXPIRATION, delay).containsEntry(ROUTING_KEY, "mp3.retry");
        assertThat(headers).containsEntry("attempts", (before == null ? 0 : before) + 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {30, 63, 64, 1000, Integer.MAX_VALUE - 1})
    void staysWithTheLongestDelayHoweverOftenAMessageFailed(int before) {
        QueueFailures patient = new QueueFailures(Duration.ofSeconds(5), Duration.ofMinutes(5), Integer.MAX_VALUE);
        Map<String, Object> headers = new HashMap<>();

        patient.judge("mp3", before - 1, new IOException("away"), headers);

        assertThat(headers).containsEntry(EXPIRATION, "300000");
    }

    @Test
    void countsFromZeroWhereASenderHasWrittenNonsenseIntoTheCount() {
        for (Object nonsense : List.of("many", -5, Long.MIN_VALUE, List.of(3))) {
            assertThat(judge(nonsense, new IOException("away"))).containsEntry("attempts", 1);
        }
        assertThat(judge(Long.MAX_VALUE, new IOException("away"))).containsEntry(ROUTING_KEY, "mp3.failed");
    }

    @Test
    void parksAMessageWithItsLastAttempt() {
        assertThat(judge(8, new IOException("away"))).containsEntry(ROUTING_KEY, "mp3.retry");
        assertThat(judge(9, new IOException("away")))
                .containsEntry(ROUTING_KEY, "mp3.failed")
                .containsEntry("attempts", 10)
                .doesNotContainKey(EXPIRATION);
    }

    @Test
    void waitsAsLongAsAPostponedMessageAsks() {
        assertThat(judge(9, wrapped(new Postponed("its time has not come", Duration.ofSeconds(90)))))
                .containsEntry(EXPIRATION, "90000")
                .containsEntry(ROUTING_KEY, "mp3.retry");
    }

    @Test
    void doesNotCountWhatIsOnlyPostponed() {
        assertThat(judge(9, wrapped(new Postponed("another worker holds the job"))))
                .containsEntry(ROUTING_KEY, "mp3.retry")
                .containsEntry("attempts", 9);
        assertThat(judge(null, new Postponed("another worker holds the job")))
                .containsEntry("attempts", 0)
                .containsEntry(EXPIRATION, "5000");
    }

    @Test
    void parksAtOnceWhatNoRetryCanHelp() {
        assertThat(judge(null, wrapped(new Unprocessable("no such video"))))
                .containsEntry(ROUTING_KEY, "mp3.failed")
                .containsEntry("attempts", 1)
                .containsEntry("failure-reason", "Unprocessable: no such video")
                .doesNotContainKey(EXPIRATION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "garbage", "[1]", "{\"video_fid\": [}"})
    void parksGarbageAtOnce(String garbage) {
        Exception failure = null;
        try {
            new ObjectMapper().readValue(garbage, JobMessage.class);
        } catch (IOException e) {
            failure = e;
        }

        assertThat(judge(null, wrapped(failure))).containsEntry(ROUTING_KEY, "mp3.failed");
    }

    @Test
    void parksAMailWhoseAddressTheServerRefusesAtOnce() throws Exception {
        Address[] nobody = {new InternetAddress("nobody@example.com")};
        SendFailedException refused =
                new SendFailedException("Invalid Addresses", null, new Address[0], new Address[0], nobody);

        assertThat(judge(null, wrapped(refused))).containsEntry(ROUTING_KEY, "mp3.failed");
        assertThat(judge(null, wrapped(new MessagingException("outer", refused))))
                .containsEntry(ROUTING_KEY, "mp3.failed");
    }

    @Test
    void triesAMailAgainWhoseAddressTheServerOnlyPutsOff() throws Exception {
        Address[] later = {new InternetAddress("full@example.com")};
        SendFailedException greylisted =
                new SendFailedException("451 try again later", null, new Address[0], later, new Address[0]);

        assertThat(judge(null, wrapped(greylisted))).containsEntry(ROUTING_KEY, "mp3.retry");
        assertThat(judge(null, wrapped(new SendFailedException("no addresses known"))))
                .containsEntry(ROUTING_KEY, "mp3.retry");
    }

    @ParameterizedTest
    @ValueSource(strings = {"first\nsecond", "first\r\nBcc: everybody@example.com", "first\rsecond"})
    void keepsOfAReasonTheFirstLine(String message) {
        assertThat(judge(null, wrapped(new IOException(message))))
                .containsEntry("failure-reason", "IOException: first");
    }

    @Test
    void boundsTheReason() {
        String reason =
                (String) judge(null, new IOException("x".repeat(100_000))).get("failure-reason");

        assertThat(reason).hasSize(500).startsWith("IOException: xxx");
    }

    @Test
    void namesAFailureThatHasNoMessage() {
        assertThat(judge(null, new NullPointerException())).containsEntry("failure-reason", "NullPointerException");
    }

    @Test
    void sendsAMessageBackToTheQueueThatItCameFrom() {
        Map<String, Object> headers = new HashMap<>();

        failures.judge("video", null, new IOException("away"), headers);

        assertThat(headers).containsEntry(ROUTING_KEY, "video.retry");
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void keepsTheAddressOfAPersonOutOfTheLogAndInTheMessage(CapturedOutput output) {
        Map<String, Object> headers = judge(null, new IOException("550 <ann.lee@example.com>: no such mailbox"));

        assertThat(headers.get("failure-reason").toString()).contains("ann.lee@example.com");
        assertThat(output.getAll()).contains("no such mailbox").doesNotContain("ann.lee");
    }

    private Map<String, Object> judge(Object before, Exception failure) {
        Map<String, Object> headers = new HashMap<>();
        failures.judge("mp3", before, failure, headers);
        return headers;
    }

    private static Exception wrapped(Exception failure) {
        return new CamelExecutionException("in a route", null, failure);
    }
}
