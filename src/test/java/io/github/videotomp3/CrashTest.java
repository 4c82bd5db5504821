package io.github.videotomp3;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.boot.embedded.EmbeddedMail;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.JobState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Date;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.component.springrabbit.SpringRabbitMQConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Import;

/**
 * The program dies before each step of its routes in turn, from an upload to its mail, and is started again; also once
 * more while it recovers. An upload that was accepted ends once all the same. A message that was not done with is delivered again, as a broker would.
 */
@RouteTest
@Import(Crash.class) // and so a program of its own, which has no work but this
class CrashTest {

    private static final int ROUNDS = 30;

    /** The steps that change something which outlives the program, whichever way a job ends. */
    private static final List<String> WRITES = List.of(
            "store-video",
            "note-job",
            "video-queue",
            "mark-queued",
            "claim-job",
            "encode-mp3",
            "mark-told",
            "mail-server",
            "mark-notified");

    private final Client client;
    private final SampleJobs samples;
    private final CamelContext camel;
    private final ProducerTemplate producer;
    private final EmbeddedMail mail;
    private final Crash crash;
    private final Path workFolder;
    private final Deque<Waiting> broker = new ArrayDeque<>();

    private record Waiting(String queue, String body) {}

    CrashTest(
            Client client,
            SampleJobs samples,
            CamelContext camel,
            ProducerTemplate producer,
            EmbeddedMail mail,
            Crash crash,
            @Value("${converter.work-folder}") Path workFolder) {
        this.client = client;
        this.samples = samples;
        this.camel = camel;
        this.producer = producer;
        this.mail = mail;
        this.crash = crash;
        this.workFolder = workFolder;
    }

    @AfterEach
    void live() {
        crash.never();
        MockEndpoint.resetMocks(camel);
    }

    @TestFactory
    Stream<DynamicTest> convertsAVideoWhereverItDies(@TempDir Path folder) throws IOException {
        return everywhere(Files.readAllBytes(Clips.mp4(folder, 1)), JobState.DONE);
    }

    @TestFactory
    Stream<DynamicTest> rejectsAVideoWithoutSoundWhereverItDies(@TempDir Path folder) throws IOException {
        return everywhere(Files.readAllBytes(Clips.silent(folder, 1)), JobState.REJECTED);
    }

    private Stream<DynamicTest> everywhere(byte[] video, JobState end) {
        List<String> steps = lives(video, end, List.of()).get(0);
        assertThat(steps).contains("store-video", "mark-queued", "claim-job", "mark-told", "mark-notified");
        return IntStream.range(0, steps.size())
                .mapToObj(step ->
                        DynamicTest.dynamicTest("before " + steps.get(step), () -> lives(video, end, List.of(step))));
    }

    @TestFactory
    Stream<DynamicTest> convertsAVideoThoughItDiesAgainWhileItRecovers(@TempDir Path folder) throws IOException {
        return everywhereTwice(
                Files.readAllBytes(Clips.mp4(folder, 1)),
                JobState.DONE,
                "store-mp3",
                "mp3-queue",
                "drop-video",
                "claim-mp3-mail");
    }

    @TestFactory
    Stream<DynamicTest> rejectsAVideoWithoutSoundThoughItDiesAgainWhileItRecovers(@TempDir Path folder)
            throws IOException {
        return everywhereTwice(
                Files.readAllBytes(Clips.silent(folder, 1)),
                JobState.REJECTED,
                "reject-job",
                "rejected-queue",
                "claim-loss-mail");
    }

    /** Before each write, and in what follows before each write again; what lies between two writes makes no difference. */
    private Stream<DynamicTest> everywhereTwice(byte[] video, JobState end, String... ofThisEnd) {
        Set<String> writes = new HashSet<>(WRITES);
        writes.addAll(List.of(ofThisEnd));
        List<String> steps = lives(video, end, List.of()).get(0);
        assertThat(steps).containsAll(writes);
        return indices(steps, writes).flatMap(first -> {
            List<String> recovery = lives(video, end, List.of(first)).get(1);
            return indices(recovery, writes)
                    .map(second -> DynamicTest.dynamicTest(
                            "before " + steps.get(first) + " and " + recovery.get(second),
                            () -> lives(video, end, List.of(first, second))));
        });
    }

    private static Stream<Integer> indices(List<String> steps, Set<String> which) {
        return IntStream.range(0, steps.size())
                .filter(step -> which.contains(steps.get(step)))
                .boxed();
    }

    /** The steps of each life. */
    private List<List<String>> lives(byte[] video, JobState end, List<Integer> survived) {
        String owner = UUID.randomUUID() + "@example.com";
        MockEndpoint.resetMocks(camel);
        crash.after(survived);
        boolean accepted =
                client.uploadToOneThatMayDie(owner, "clip.mp4", video).statusCode() == 202;
        workUntilNothingIsLeft(owner);

        List<List<String>> lives = crash.lives();
        List<String> deaths = IntStream.range(0, survived.size())
                .mapToObj(life -> lives.get(life).get(survived.get(life)))
                .toList();
        List<Job> jobs = samples.jobs().newest(owner);
        assertThat(jobs.size()).isBetween(accepted ? 1 : 0, 1);
        for (Job job : jobs) {
            assertThat(job.state()).isEqualTo(end);
            assertThat(job.attempts()).isBetween(1, 1 + deaths.size());
            assertThat(samples.mp3Bytes(job)).isEqualTo(end == JobState.DONE ? job.mp3Bytes() : -1);
            assertThat(samples.hasVideo(job)).isFalse();
            assertThat(samples.jobs().untold(Duration.ofSeconds(-1), Duration.ofDays(1)))
                    .isEmpty();
            int mailedButNotNoted = Collections.frequency(deaths, "mark-notified");
            assertThat(mail.inbox(owner)).as("%s", lives).hasSize(1 + mailedButNotNoted);
        }
        assertThat(workFolder.toFile().list()).containsOnly(".lock");
        return lives;
    }

    private void workUntilNothingIsLeft(String owner) {
        for (int round = 0; round < ROUNDS; round++) {
            crash.restart();
            timePasses(owner);
            collect();
            if (broker.isEmpty()) {
                producer.sendBody("direct:sweep-timer", null);
                producer.sendBody("direct:ended-timer", null);
                producer.sendBody("direct:video-timer", null);
                collect();
            }
            Waiting next = broker.poll();
            if (next == null && !crash.isDead()) {
                return;
            }
            if (next != null) {
                producer.sendBody("direct:" + next.queue() + "-queue", next.body());
                if (crash.isDead()) {
                    broker.addFirst(next);
                }
            }
        }
        throw new AssertionError("still not at rest after " + ROUNDS + " messages: " + broker);
    }

    /** Enough for the sweeps and for every lease. */
    private void timePasses(String owner) {
        for (Job job : samples.jobs().newest(owner)) {
            samples.age(job);
            if (job.isDue()) {
                samples.set(job, "lease", new Date(0));
            }
            if (job.mailing() != null) {
                samples.set(job, "mailing", new Date(0));
            }
        }
    }

    private void collect() {
        for (String queue : List.of("video", "mp3", "rejected")) {
            for (Exchange sent : Queues.filled(camel, queue + "-queue").getExchanges()) {
                broker.add(new Waiting(queue, sent.getMessage().getBody(String.class)));
            }
        }
        for (Exchange failed : Queues.filled(camel, "retry-or-failed").getExchanges()) {
            String way = failed.getMessage().getHeader(SpringRabbitMQConstants.ROUTING_OVERRIDE_KEY, String.class);
            assertThat(way).endsWith(".retry");
            broker.add(
                    new Waiting(way.replace(".retry", ""), failed.getMessage().getBody(String.class)));
        }
        MockEndpoint.resetMocks(camel);
    }
}
