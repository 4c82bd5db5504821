package io.github.videotomp3.converter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.Clips;
import io.github.videotomp3.Queues;
import io.github.videotomp3.RouteTest;
import io.github.videotomp3.SampleJobs;
import io.github.videotomp3.camel.ConfirmedRabbitComponent;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.JobState;
import io.github.videotomp3.job.StoredFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Date;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.component.springrabbit.SpringRabbitMQConstants;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Value;

@RouteTest
class VideoToMp3Test {

    private static final String OWNER = "converted@example.com";

    private final SampleJobs samples;
    private final CamelContext camel;
    private final ProducerTemplate producer;
    private final Path workFolder;
    private final int maxAttempts;

    VideoToMp3Test(
            SampleJobs samples,
            CamelContext camel,
            ProducerTemplate producer,
            @Value("${converter.work-folder}") Path workFolder,
            @Value("${converter.attempts}") int maxAttempts) {
        this.samples = samples;
        this.camel = camel;
        this.producer = producer;
        this.workFolder = workFolder;
        this.maxAttempts = maxAttempts;
    }

    @BeforeEach
    void emptyQueues() {
        MockEndpoint.resetMocks(camel);
    }

    @Test
    void convertsAVideoAndAnnouncesItsMp3(@TempDir Path folder) throws IOException {
        Job job = samples.stored(OWNER, Files.readAllBytes(Clips.mp4(folder, 1)));

        take(SampleJobs.message(job, OWNER));

        Job done = samples.now(job);
        assertThat(done.state()).isEqualTo(JobState.DONE);
        assertThat(done.attempts()).isEqualTo(1);
        assertThat(done.seconds()).isBetween(0.9, 1.5);
        assertThat(samples.mp3Bytes(job)).isPositive().isEqualTo(done.mp3Bytes());
        assertThat(onlyMessageIn("mp3-queue").getBody(String.class))
                .isEqualTo("{\"video_fid\":\"" + job.id() + "\",\"mp3_fid\":\"" + job.id() + "\",\"username\":\""
                        + OWNER + "\"}");
        assertNothingIn("rejected-queue", "failed-queue", "retry-or-failed");
        assertThat(workFolder.toFile().list()).containsOnly(".lock");
    }

    @Test
    void rejectsAVideoWithoutSoundAndAnnouncesThat(@TempDir Path folder) throws IOException {
        Job job = samples.stored(OWNER, Files.readAllBytes(Clips.silent(folder, 1)));

        take(SampleJobs.message(job, OWNER));

        assertThat(samples.now(job).state()).isEqualTo(JobState.REJECTED);
        assertThat(samples.now(job).reason()).isNotBlank();
        assertThat(onlyMessageIn("rejected-queue").getBody(String.class)).isEqualTo(SampleJobs.message(job, OWNER));
        assertNothingIn("mp3-queue", "failed-queue", "retry-or-failed");
    }

    @Test
    void onlyAnnouncesAgainAJobThatHasEnded() {
        Job job = samples.done(OWNER, new byte[] {1, 2, 3});

        take(SampleJobs.message(job, OWNER));

        assertThat(onlyMessageIn("mp3-queue").getBody(String.class))
                .contains(job.id().toHexString());
        assertThat(samples.now(job).attempts()).isEqualTo(job.attempts());
        assertThat(samples.mp3Bytes(job)).isEqualTo(3);
        assertNothingIn("rejected-queue", "failed-queue", "retry-or-failed");
    }

    @Test
    void saysNothingAboutAJobThatItsOwnerHasDeleted() {
        Job job = samples.stored(OWNER, new byte[] {1});
        samples.jobs().delete(job.id(), OWNER);

        take(SampleJobs.message(job, OWNER));

        assertNothingIn("mp3-queue", "rejected-queue", "failed-queue", "retry-or-failed");
    }

    @Test
    void announcesToTheOwnerOfTheJobWhoeverTheMessageNames() {
        Job job = samples.done(OWNER, new byte[] {1});

        take(SampleJobs.message(job, "thief@example.com"));

        assertThat(onlyMessageIn("mp3-queue").getBody(String.class))
                .contains(OWNER)
                .doesNotContain("thief");
    }

    @Test
    void letsAMessageWaitUncountedWhileAnotherWorkerHoldsItsJob() {
        Job job = samples.claimed(OWNER);

        take(SampleJobs.message(job, OWNER));

        Message waiting = onlyMessageIn("retry-or-failed");
        assertThat(waiting.getHeader(SpringRabbitMQConstants.ROUTING_OVERRIDE_KEY))
                .isEqualTo("video.retry");
        assertThat(waiting.getHeader(ConfirmedRabbitComponent.ATTEMPTS)).isEqualTo(0);
        assertThat(waiting.getHeader(SpringRabbitMQConstants.EXPIRATION)).isEqualTo("5000");
        assertThat(waiting.getBody(String.class)).isEqualTo(SampleJobs.message(job, OWNER));
        assertThat(samples.now(job).attempts()).isEqualTo(1);
    }

    @Test
    void takesAJobOverWhoseWorkerShowsNoSignOfLife(@TempDir Path folder) throws IOException {
        Job job = samples.stored(OWNER, Files.readAllBytes(Clips.mp4(folder, 1)));
        samples.set(job, "state", "converting");
        samples.set(job, "attempts", 1);
        samples.set(job, "lease", new Date(0));

        take(SampleJobs.message(job, OWNER));

        assertThat(samples.now(job).state()).isEqualTo(JobState.DONE);
        assertThat(samples.now(job).attempts()).isEqualTo(2);
    }

    @Test
    void convertsAVideoThatTheOriginalsGatewayStoredWithoutAJob(@TempDir Path folder) throws IOException {
        ObjectId id = new ObjectId();
        try (InputStream video = Files.newInputStream(Clips.mp4(folder, 1))) {
            samples.bean("videos", StoredFiles.class).store(id, "", video);
        }

        take("{\"video_fid\": \"" + id + "\", \"mp3_fid\": null, \"username\": \"original@example.com\"}");

        assertThat(samples.jobs().find(id, "original@example.com").orElseThrow().state())
                .isEqualTo(JobState.DONE);
        assertThat(onlyMessageIn("mp3-queue").getBody(String.class)).contains("\"mp3_fid\":\"" + id + "\"");
    }

    @Test
    void parksGarbage() {
        take("this is no JSON");

        Message parked = onlyMessageIn("retry-or-failed");
        assertThat(parked.getHeader(SpringRabbitMQConstants.ROUTING_OVERRIDE_KEY))
                .isEqualTo("video.failed");
        assertThat(parked.getHeader(ConfirmedRabbitComponent.ATTEMPTS)).isEqualTo(1);
        assertThat(parked.getHeader(ConfirmedRabbitComponent.REASON, String.class))
                .contains("this");
        assertThat(parked.getBody(String.class)).isEqualTo("this is no JSON");
        assertNothingIn("mp3-queue", "rejected-queue", "failed-queue");
    }

    @Test
    void parksAMessageAboutAVideoThatThereIsNot() {
        ObjectId unknown = new ObjectId();

        take("{\"video_fid\":\"" + unknown + "\",\"mp3_fid\":null,\"username\":\"x@example.com\"}");

        Message parked = onlyMessageIn("retry-or-failed");
        assertThat(parked.getHeader(SpringRabbitMQConstants.ROUTING_OVERRIDE_KEY))
                .isEqualTo("video.failed");
        assertThat(parked.getHeader(ConfirmedRabbitComponent.REASON, String.class))
                .contains(unknown.toHexString());
        assertThat(parked.getHeaders()).doesNotContainKey(SpringRabbitMQConstants.EXPIRATION);
    }

    @Test
    void parksTheMessageOfAJobThatHasUsedUpItsAttemptsAndTellsItsOwner() {
        Job job = samples.claimed(OWNER);
        samples.set(job, "attempts", maxAttempts);
        samples.set(job, "lease", new Date(0));

        take(SampleJobs.message(job, OWNER));

        assertThat(samples.now(job).state()).isEqualTo(JobState.FAILED);
        assertThat(onlyMessageIn("rejected-queue").getBody(String.class)).isEqualTo(SampleJobs.message(job, OWNER));
        Message parked = onlyMessageIn("failed-queue");
        assertThat(parked.getBody(String.class)).isEqualTo(SampleJobs.message(job, OWNER));
        assertThat(parked.getHeader(ConfirmedRabbitComponent.ATTEMPTS)).isEqualTo(maxAttempts);
        assertThat(parked.getHeader(ConfirmedRabbitComponent.REASON))
                .isEqualTo(samples.now(job).reason());
        assertNothingIn("mp3-queue", "retry-or-failed");
    }

    @Test
    void keepsTheMessageOfAJobWhoseEndCouldNotBeAnnounced() {
        Job job = samples.done(OWNER, new byte[] {1});
        Queues.filled(camel, "mp3-queue").whenAnyExchangeReceived(exchange -> {
            throw new IllegalStateException("no broker");
        });

        take(SampleJobs.message(job, OWNER));

        Message waiting = onlyMessageIn("retry-or-failed");
        assertThat(waiting.getHeader(SpringRabbitMQConstants.ROUTING_OVERRIDE_KEY))
                .isEqualTo("video.retry");
        assertThat(waiting.getHeader(ConfirmedRabbitComponent.ATTEMPTS)).isEqualTo(1);
        assertThat(waiting.getBody(String.class)).isEqualTo(SampleJobs.message(job, OWNER));
    }

    private void take(String message) {
        producer.sendBodyAndHeaders("direct:video-queue", message, Map.of(ConfirmedRabbitComponent.QUEUE, "video"));
    }

    private Message onlyMessageIn(String queue) {
        MockEndpoint filled = Queues.filled(camel, queue);
        assertThat(filled.getExchanges()).as(queue).hasSize(1);
        return filled.getExchanges().get(0).getMessage();
    }

    private void assertNothingIn(String... queues) {
        for (String queue : queues) {
            assertThat(Queues.filled(camel, queue).getExchanges()).as(queue).isEmpty();
        }
    }
}
