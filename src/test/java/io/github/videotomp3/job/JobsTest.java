package io.github.videotomp3.job;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Updates.set;
import static io.github.videotomp3.MongoStore.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.gridfs.GridFSBuckets;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import io.github.videotomp3.MongoStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobsTest {

    @RegisterExtension
    static final MongoStore MONGO = new MongoStore();

    private static final String OWNER = "me@example.com";
    private static final int ATTEMPTS = 3;

    private final MongoClient client = MONGO.client();
    private final StoredFiles videos = MONGO.videos();
    private final StoredFiles mp3s = MONGO.mp3s();
    private final Jobs jobs = jobs(ATTEMPTS);
    private final MailClaims claims = new MailClaims(client, jobs, new MailSwitch(client), Duration.ZERO);

    private Optional<Job> claimMail(JobMessage message) {
        return claims.claim(message).stream().findFirst();
    }

    private void notified(Job job) {
        claims.notified(List.of(job));
    }

    private void giveMailBack(Job job) {
        claims.giveBack(List.of(job));
    }

    /** Each cell: the state afterwards, and behind it the exception that the caller gets, or what else he is told. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            from       | queued     | claim                | progress           | done               | rejected           | failed             | claimMail            | notified   | delete          | foreign    | told       | handBack | revive     | giveMailBack
            STORED     | QUEUED     | CONVERTING           | STORED Postponed   | STORED Postponed   | STORED Postponed   | STORED Postponed   | STORED Postponed     | STORED     | DELETED         | STORED     | STORED     | STORED   | STORED     | STORED
            QUEUED     | QUEUED     | CONVERTING           | QUEUED Postponed   | QUEUED Postponed   | QUEUED Postponed   | QUEUED Postponed   | QUEUED Postponed     | QUEUED     | DELETED         | QUEUED     | QUEUED     | QUEUED   | QUEUED     | QUEUED
            CONVERTING | CONVERTING | CONVERTING Postponed | CONVERTING         | DONE               | REJECTED           | FAILED             | CONVERTING Postponed | CONVERTING | DELETED         | CONVERTING | CONVERTING | QUEUED   | CONVERTING | CONVERTING
            DONE       | DONE       | DONE                 | DONE Postponed     | DONE Postponed     | DONE Postponed     | DONE Postponed     | DONE                 | DONE       | DELETED         | DONE       | DONE       | DONE     | DONE       | DONE
            REJECTED   | REJECTED   | REJECTED             | REJECTED Postponed | REJECTED Postponed | REJECTED Postponed | REJECTED Postponed | REJECTED             | REJECTED   | DELETED         | REJECTED   | REJECTED   | REJECTED | REJECTED   | REJECTED
            FAILED     | FAILED     | FAILED               | FAILED Postponed   | FAILED Postponed   | FAILED Postponed   | FAILED Postponed   | FAILED               | FAILED     | DELETED         | FAILED     | FAILED     | FAILED   | STORED     | FAILED
            DELETED    | DELETED    | DELETED              | DELETED Postponed  | DELETED            | DELETED            | DELETED            | DELETED nothing      | DELETED    | DELETED nothing | DELETED    | DELETED    | DELETED  | DELETED    | DELETED
            """)
    void leadsEachStateThroughEachOperation(
            JobState from,
            String queued,
            String claim,
            String progress,
            String done,
            String rejected,
            String failed,
            String claimMail,
            String notified,
            String delete,
            String foreign,
            String told,
            String handBack,
            String revive,
            String giveMailBack) {
        Map<String, String> found = new LinkedHashMap<>();
        found.put("queued", after(from, job -> jobs.queued(job)));
        found.put("claim", after(from, job -> jobs.claim(message(job))));
        found.put("progress", after(from, job -> jobs.progress(job, Phase.CONVERTING, 1.5, 40)));
        found.put("done", after(from, job -> jobs.done(job, 7, 1.5, null)));
        found.put("rejected", after(from, job -> jobs.rejected(job, "no sound")));
        found.put("failed", after(from, job -> jobs.failed(job, "damaged")));
        found.put(
                "claimMail",
                after(from, job -> requireSomething(claimMail(message(job)).isPresent())));
        found.put("notified", after(from, job -> notified(job)));
        found.put("delete", after(from, job -> requireSomething(jobs.delete(job.id(), OWNER))));
        found.put("foreign", after(from, job -> {
            assertThat(jobs.find(job.id(), "other@example.com")).isEmpty();
            assertThat(jobs.delete(job.id(), "other@example.com")).isFalse();
        }));

        found.put("told", after(from, job -> jobs.told(job)));
        found.put("handBack", after(from, job -> jobs.handBack(job)));
        found.put("revive", after(from, job -> jobs.revive(parked(job))));
        found.put("giveMailBack", after(from, job -> giveMailBack(job)));

        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("queued", queued);
        expected.put("claim", claim);
        expected.put("progress", progress);
        expected.put("done", done);
        expected.put("rejected", rejected);
        expected.put("failed", failed);
        expected.put("claimMail", claimMail);
        expected.put("notified", notified);
        expected.put("delete", delete);
        expected.put("foreign", foreign);
        expected.put("told", told);
        expected.put("handBack", handBack);
        expected.put("revive", revive);
        expected.put("giveMailBack", giveMailBack);
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void notesAnUploadAsStored() {
        ObjectId id = new ObjectId();

        Job created = jobs.create(id, OWNER, "bell.mp4", 12, 0xffffffffL, Mp3Options.NONE);

        Job read = jobs.find(id, OWNER).orElseThrow();
        assertThat(read).isEqualTo(created);
        assertThat(read.state()).isEqualTo(JobState.STORED);
        assertThat(read.name()).isEqualTo("bell.mp4");
        assertThat(read.bytes()).isEqualTo(12);
        assertThat(read.crc32c()).isEqualTo(0xffffffffL);
        assertThat(read.mp3()).isEqualTo(id);
        assertThat(read.attempts()).isZero();
        assertThat(read.created())
                .isEqualTo(read.updated())
                .isBetween(Instant.now().minusSeconds(60), Instant.now());
    }

    @Test
    void givesEachAttemptAnMp3OfItsOwn() {
        Job job = job(JobState.QUEUED, 0);
        Job first = jobs.claim(message(job));
        expireLease(job);
        Job second = jobs.claim(message(job));

        assertThat(first.mp3()).isEqualTo(job.id());
        assertThat(second.mp3()).isNotEqualTo(job.id());
        assertThat(jobs.find(second.mp3(), OWNER)).contains(second);
        Job done = jobs.done(second, 1, 1, null);
        assertThat(done.mp3()).isEqualTo(second.mp3());
        assertThat(message(job).about(done).mp3()).isEqualTo(second.mp3().toHexString());
    }

    @Test
    void countsEachClaimAsAnAttempt() {
        Job job = job(JobState.QUEUED, 0);

        assertThat(jobs.claim(message(job)).attempts()).isEqualTo(1);
        expireLease(job);
        assertThat(jobs.claim(message(job)).attempts()).isEqualTo(2);
    }

    @Test
    void holdsTheLeaseForAsLongAsItWasTold() {
        Job job = job(JobState.QUEUED, 0);

        jobs.claim(message(job));

        assertThat(lease(job))
                .isBetween(Instant.now().plusSeconds(20), Instant.now().plusSeconds(30));
    }

    @Test
    void renewsTheLeaseWithEachSignOfLife() {
        Job job = job(JobState.QUEUED, 0);
        Job claimed = jobs.claim(message(job));
        expireLease(job);

        jobs.progress(claimed, Phase.CONVERTING, 12.5, null);

        assertThat(jobs.find(job.id(), OWNER).orElseThrow().seconds()).isEqualTo(12.5);
        assertThat(lease(job)).isAfter(Instant.now().plusSeconds(20));
        assertThatThrownBy(() -> jobs.claim(message(job))).isInstanceOf(Postponed.class);
    }

    @Test
    void showsWhatAnAttemptIsAtFromItsBeginning() {
        Job job = job(JobState.QUEUED, 0);
        Job first = jobs.claim(message(job));
        assertThat(List.of(first.phase(), first.percent(), first.seconds())).containsExactly(Phase.FETCHING, 0, 0.0);

        jobs.progress(first, Phase.STORING, 12.5, 99);
        expireLease(job);
        Job second = jobs.claim(message(job));

        assertThat(List.of(second.phase(), second.percent(), second.seconds())).containsExactly(Phase.FETCHING, 0, 0.0);
    }

    @Test
    void keepsWhatItsOwnerWishesUntilItIsDeleted() {
        ObjectId id = new ObjectId();
        Mp3Options options = Mp3Options.of(List.of(Map.entry("bitrate", "192"), Map.entry("title", "My bell")));

        jobs.create(id, OWNER, "bell.mp4", 12, null, options);

        Job claimed = jobs.claim(message(jobs.find(id, OWNER).orElseThrow()));
        assertThat(claimed.options()).isEqualTo(options);
        jobs.delete(id, OWNER);
        assertThat(MONGO.jobs().find(eq("_id", id)).first()).doesNotContainKey("options");
    }

    @Test
    void countsTheJobsThatWaitBeforeAnother() {
        MONGO.jobs().deleteMany(new Document());
        Job first = jobs.create(new ObjectId(), OWNER, "bell.mp4", 12);
        Job second = jobs.create(new ObjectId(), "other@example.com", "bell.mp4", 12);
        Job third = jobs.create(new ObjectId(), OWNER, "bell.mp4", 12);
        jobs.queued(first);

        assertThat(jobs.position(first)).hasValue(1);
        assertThat(jobs.position(third)).hasValue(3);
        jobs.claim(message(first));
        assertThat(jobs.position(second)).hasValue(1);
        assertThat(jobs.position(third)).hasValue(2);
        assertThat(jobs.position(jobs.find(first.id(), OWNER).orElseThrow())).isEmpty();
    }

    @Test
    void refusesTheOldAttemptOnceANewerOneHoldsTheJob() {
        Job job = job(JobState.QUEUED, 0);
        Job old = jobs.claim(message(job));
        expireLease(job);
        Job newer = jobs.claim(message(job));

        assertThatThrownBy(() -> jobs.progress(old, Phase.STORING, 1, 99)).isInstanceOf(Postponed.class);
        assertThatThrownBy(() -> jobs.done(old, 1, 1, null)).isInstanceOf(Postponed.class);
        assertThatThrownBy(() -> jobs.rejected(old, "no sound")).isInstanceOf(Postponed.class);
        assertThat(jobs.find(job.id(), OWNER).orElseThrow()).isEqualTo(newer);
        assertThat(jobs.done(newer, 1, 1, null).state()).isEqualTo(JobState.DONE);
        assertThatThrownBy(() -> jobs.done(old, 2, 2, null)).isInstanceOf(Postponed.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"STORED", "QUEUED", "CONVERTING"})
    void failsAJobThatHasUsedUpItsAttempts(JobState state) {
        Job job = job(state, ATTEMPTS);
        expireLease(job);

        Job failed = jobs.claim(message(job));

        assertThat(failed.state()).isEqualTo(JobState.FAILED);
        assertThat(failed.attempts()).isEqualTo(ATTEMPTS);
        assertThat(failed.reason()).contains("3 times");
        assertThat(failed.isLost()).isTrue();
        assertThat(jobs.claim(message(job))).isEqualTo(failed);
    }

    @Test
    void leavesTheLastAttemptAloneWhileItLives() {
        Job job = job(JobState.CONVERTING, ATTEMPTS);

        assertThatThrownBy(() -> jobs.claim(message(job))).isInstanceOf(Postponed.class);
        assertThat(state(job)).isEqualTo(JobState.CONVERTING);
    }

    @Test
    void letsExactlyOneOfTwoWorkersWin() throws Exception {
        ExecutorService workers = Executors.newFixedThreadPool(2);
        try {
            CyclicBarrier start = new CyclicBarrier(2);
            for (int round = 0; round < 100; round++) {
                Job job = job(round % 2 == 0 ? JobState.QUEUED : JobState.CONVERTING, 0);
                expireLease(job);
                Callable<Boolean> worker = () -> {
                    start.await();
                    try {
                        return jobs.claim(message(job)).isDue();
                    } catch (Postponed e) {
                        return false;
                    }
                };
                Future<Boolean> one = workers.submit(worker);
                Future<Boolean> other = workers.submit(worker);

                assertThat(List.of(one.get(), other.get())).as("round " + round).containsExactlyInAnyOrder(true, false);
                assertThat(jobs.find(job.id(), OWNER).orElseThrow().attempts()).isEqualTo(1);
            }
        } finally {
            workers.shutdownNow();
        }
    }

    @Test
    void endsWithTheMp3sSizeAndLengthAndWarning() {
        Job job = job(JobState.CONVERTING, 1);

        jobs.done(job, 4711, 61.5, "The file was cut short");

        Job done = jobs.find(job.id(), OWNER).orElseThrow();
        assertThat(done.mp3Bytes()).isEqualTo(4711);
        assertThat(done.seconds()).isEqualTo(61.5);
        assertThat(done.warning()).isEqualTo("The file was cut short");
        assertThat(done.reason()).isNull();
        assertThat(document(job)).doesNotContainKey("lease");
    }

    @Test
    void endsWithTheReasonWhyThereIsNoMp3() {
        Job job = job(JobState.CONVERTING, 1);

        assertThat(jobs.rejected(job, "The video has no audio track").reason())
                .isEqualTo("The video has no audio track");
        assertThat(document(job)).doesNotContainKey("lease");
    }

    @Test
    void tellsAWorkerThatItsJobWasDeletedMeanwhile() {
        Job job = job(JobState.CONVERTING, 1);
        jobs.delete(job.id(), OWNER);

        assertThatThrownBy(() -> jobs.progress(job, Phase.STORING, 1, 99)).isInstanceOf(Postponed.class);
        assertThat(jobs.done(job, 1, 1, null).state()).isEqualTo(JobState.DELETED);
        assertThat(jobs.rejected(job, "no sound").state()).isEqualTo(JobState.DELETED);
        assertThat(document(job)).doesNotContainKeys("reason", "mp3_bytes");
    }

    @Test
    void leavesOfADeletedJobNoByteAndNothingOfAPerson() {
        Job job = job(JobState.DONE, 1);
        MONGO.jobs().updateOne(eq("_id", job.id()), set("crc32c", 1L));
        videos.store(job.id(), "bell.mp4", bytes("video"));
        mp3s.store(job.id(), "bell.mp4", bytes("mp3"));
        Job kept = job(JobState.DONE, 1);
        videos.store(kept.id(), "kept.mp4", bytes("video"));

        assertThat(jobs.delete(job.id(), OWNER)).isTrue();

        assertThat(MONGO.isGone("videos", job.id())).isTrue();
        assertThat(MONGO.isGone("mp3s", job.id())).isTrue();
        assertThat(document(job)).doesNotContainKeys("owner", "name", "reason", "warning", "lease", "crc32c");
        assertThat(jobs.find(job.id(), OWNER)).isEmpty();
        assertThat(jobs.newest(OWNER)).extracting(Job::id).containsExactly(kept.id());
        assertThat(MONGO.isGone("videos", kept.id())).isFalse();
    }

    @Test
    void leavesNoMp3ThatWasStoredWhileTheJobWasBeingDeleted() {
        Job job = job(JobState.CONVERTING, 1);
        AtomicBoolean converted = new AtomicBoolean();
        CommandListener converter = new CommandListener() {
            @Override
            public void commandStarted(CommandStartedEvent event) {
                if (event.getCommandName().equals("findAndModify") && converted.compareAndSet(false, true)) {
                    mp3s.store(job.id(), "bell.mp4", bytes("mp3")); // just before the job becomes a deleted one
                    jobs.done(job, 3, 1, null);
                }
            }
        };
        try (MongoClient client = MONGO.connect(converter)) {
            Jobs deleting = new Jobs(client, videos, mp3s, Duration.ofSeconds(30), ATTEMPTS);

            assertThat(deleting.delete(job.id(), OWNER)).isTrue();
        }

        assertThat(converted).isTrue();
        assertThat(state(job)).isEqualTo(JobState.DELETED);
        assertThat(MONGO.isGone("mp3s", job.id())).isTrue();
    }

    @Test
    void importsAVideoOfTheOriginalThatHasNeitherNameNorJob() {
        ObjectId id = storeAsTheOriginalDoes("videos", "video of the original");

        Job job = jobs.claim(new JobMessage(id.toHexString(), null, OWNER, null));

        assertThat(job.isDue()).isTrue();
        assertThat(job.attempts()).isEqualTo(1);
        assertThat(job.owner()).isEqualTo(OWNER);
        assertThat(job.name()).isEqualTo(id.toHexString());
        assertThat(job.bytes()).isEqualTo(21);
        assertThat(job.crc32c()).isNull();
        assertThat(jobs.newest(OWNER)).containsExactly(job);
    }

    @Test
    void importsAVideoUnderTheNameThatItHas() {
        ObjectId id = GridFSBuckets.create(client.getDatabase("videos")).uploadFromStream("bell.mp4", bytes("video"));

        assertThat(jobs.claim(new JobMessage(id.toHexString(), null, OWNER, null))
                        .name())
                .isEqualTo("bell.mp4");
    }

    @Test
    void makesOneJobWhenTwoWorkersImportTheSameVideo() throws Exception {
        ExecutorService workers = Executors.newFixedThreadPool(2);
        try {
            CyclicBarrier start = new CyclicBarrier(2);
            for (int round = 0; round < 20; round++) {
                JobMessage message =
                        new JobMessage(storeAsTheOriginalDoes("videos", "video").toHexString(), null, OWNER, null);
                Callable<Boolean> worker = () -> {
                    start.await();
                    try {
                        return jobs.claim(message).isDue();
                    } catch (Postponed e) {
                        return false;
                    }
                };
                Future<Boolean> one = workers.submit(worker);
                Future<Boolean> other = workers.submit(worker);

                assertThat(List.of(one.get(), other.get())).as("round " + round).containsExactlyInAnyOrder(true, false);
            }
        } finally {
            workers.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STORED", "QUEUED", "CONVERTING"})
    void takesOverTheMp3ThatTheOriginalsConverterMade(JobState state) {
        Job job = job(state, 1);
        ObjectId mp3 = storeAsTheOriginalDoes("mp3s", "mp3 of the original");

        Job done = claimMail(about(job.id(), mp3)).orElseThrow();

        assertThat(done.state()).isEqualTo(JobState.DONE);
        assertThat(done.mp3()).isEqualTo(mp3);
        assertThat(done.mp3Bytes()).isEqualTo(19);
        assertThat(done.name()).isEqualTo(job.name());
        assertThat(document(job)).doesNotContainKey("lease");
        assertThatThrownBy(() -> jobs.done(job, 1, 1, null)).isInstanceOf(Postponed.class);
    }

    @Test
    void makesAJobOfAnMp3ThatTheOriginalAloneMade() {
        ObjectId video = new ObjectId();
        ObjectId mp3 = storeAsTheOriginalDoes("mp3s", "mp3 of the original");

        Job done = claimMail(about(video, mp3)).orElseThrow();

        assertThat(done.id()).isEqualTo(video);
        assertThat(done.mp3()).isEqualTo(mp3);
        assertThat(done.owner()).isEqualTo(OWNER);
        assertThat(done.state()).isEqualTo(JobState.DONE);
        assertThat(done.name()).isEqualTo(video.toHexString());
        giveMailBack(done);
        assertThat(claimMail(about(video, mp3)).orElseThrow().id()).isEqualTo(video);
    }

    @Test
    void keepsItsOwnEndAgainstALaterMp3OfTheOriginal() {
        Job job = job(JobState.DONE, 1);
        ObjectId mp3 = storeAsTheOriginalDoes("mp3s", "mp3 of the original");

        assertThat(claimMail(about(job.id(), mp3)).orElseThrow().mp3()).isEqualTo(job.id());
    }

    @Test
    void deletesTheMp3OfTheOriginalWithTheJob() {
        Job job = job(JobState.QUEUED, 0);
        ObjectId mp3 = storeAsTheOriginalDoes("mp3s", "mp3 of the original");
        claimMail(about(job.id(), mp3));

        jobs.delete(job.id(), OWNER);

        assertThat(MONGO.isGone("mp3s", mp3)).isTrue();
    }

    @Test
    void hasNothingToTellAboutADeletedJobWhoseMp3TheOriginalMade() {
        Job job = job(JobState.QUEUED, 0);
        ObjectId mp3 = storeAsTheOriginalDoes("mp3s", "mp3 of the original");
        claimMail(about(job.id(), mp3));
        jobs.delete(job.id(), OWNER);

        assertThat(claimMail(about(job.id(), mp3))).isEmpty();
    }

    /**
     * What becomes of a mail, of whichever end: held by another worker, held by the one that acts, taken over from it, or sent.
     * Each cell: how it stands afterwards, and behind it what the caller gets.
     */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            mail       | claimMail        | giveMailBack | notified   | delete  | revive
            FREE       | HELD             | FREE         | FREE       | DELETED | FREE Postponed
            HELD       | HELD Postponed   | FREE         | SENT       | DELETED | FREE Postponed
            EXPIRED    | HELD             | FREE         | SENT       | DELETED | FREE Postponed
            TAKEN_OVER | HELD Postponed   | HELD         | HELD       | DELETED | FREE Postponed
            SENT       | SENT nothing     | SENT         | SENT       | DELETED | FREE Postponed
            DELETED    | DELETED nothing  | DELETED      | DELETED    | DELETED | DELETED nothing
            """)
    void leadsEachMailThroughEachOperation(
            MailState from, String claimMail, String giveMailBack, String notified, String delete, String revive) {
        for (JobState end : List.of(JobState.DONE, JobState.REJECTED, JobState.FAILED)) {
            Map<String, String> found = new LinkedHashMap<>();
            found.put(
                    "claimMail",
                    afterMail(
                            from,
                            end,
                            job -> requireSomething(claimMail(message(job)).isPresent())));
            found.put("giveMailBack", afterMail(from, end, job -> giveMailBack(job)));
            found.put("notified", afterMail(from, end, job -> notified(job)));
            found.put("delete", afterMail(from, end, job -> jobs.delete(job.id(), OWNER)));
            found.put("revive", afterMail(from, JobState.FAILED, job -> {
                jobs.revive(parked(job));
                notified(job); // by one who began before, and means an end that is none any more
                requireSomething(claimMail(message(job)).isPresent());
            }));

            Map<String, String> expected = new LinkedHashMap<>();
            expected.put("claimMail", claimMail);
            expected.put("giveMailBack", giveMailBack);
            expected.put("notified", notified);
            expected.put("delete", delete);
            expected.put("revive", revive);
            assertThat(found).as("%s", end).isEqualTo(expected);
        }
    }

    private enum MailState {
        FREE,
        HELD,
        EXPIRED,
        TAKEN_OVER,
        SENT,
        DELETED
    }

    private String afterMail(MailState from, JobState end, Operation operation) {
        Job job = job(end, 1);
        if (from != MailState.FREE) {
            job = claimMail(message(job)).orElseThrow();
        }
        switch (from) {
            case EXPIRED -> job = expireMail(job);
            case TAKEN_OVER -> {
                job = expireMail(job);
                claimMail(message(job));
            }
            case SENT -> notified(job);
            case DELETED -> jobs.delete(job.id(), OWNER);
            default -> {}
        }
        return mailState(job, outcome(job, operation));
    }

    private static String mailState(Job job, String told) {
        Job now = Job.of(document(job));
        MailState state = now.state() == JobState.DELETED
                ? MailState.DELETED
                : now.notified() != null ? MailState.SENT : now.mailing() != null ? MailState.HELD : MailState.FREE;
        assertThat(state == MailState.HELD).isEqualTo(now.mailing() != null);
        return state + told;
    }

    @Test
    void givesAMailToOneOfManyWorkers() throws Exception {
        int many = 8;
        ExecutorService workers = Executors.newFixedThreadPool(many);
        try {
            CyclicBarrier start = new CyclicBarrier(many);
            for (int round = 0; round < 50; round++) {
                Job job = job(JobState.DONE, 1);
                if (round % 2 == 1) {
                    expireMail(claimMail(message(job)).orElseThrow());
                }
                Callable<Job> worker = () -> {
                    start.await();
                    try {
                        return claimMail(message(job)).orElse(null);
                    } catch (Postponed e) {
                        return null;
                    }
                };
                List<Job> winners = new ArrayList<>();
                for (Future<Job> claim : workers.invokeAll(Collections.nCopies(many, worker))) {
                    if (claim.get() != null) {
                        winners.add(claim.get());
                    }
                }

                assertThat(winners).as("round " + round).hasSize(1);
                notified(winners.get(0));
                assertThat(claimMail(message(job))).isEmpty();
            }
        } finally {
            workers.shutdownNow();
        }
    }

    @Test
    void holdsAMailForAMinuteAndShowsItsOwnerNothingOfIt() {
        Job job = job(JobState.DONE, 1);
        updated(job, Duration.ofMinutes(9));
        Instant before = Job.of(document(job)).updated();

        Job claimed = claimMail(message(job)).orElseThrow();

        assertThat(claimed.mailing())
                .isBetween(Instant.now().plusSeconds(50), Instant.now().plusSeconds(60));
        giveMailBack(claimed);
        assertThat(Job.of(document(job)).updated()).isEqualTo(before);
    }

    @Test
    void hasNoMailToGiveBackWhereNoneWasClaimed() {
        Job job = job(JobState.DONE, 1);
        claimMail(message(job));
        Document before = document(job);

        claims.giveBack(null);
        giveMailBack(job);

        assertThat(document(job)).isEqualTo(before);
    }

    @Test
    void tellsNobodyTwice() {
        Job job = job(JobState.DONE, 1);
        Job claimed = claimMail(message(job)).orElseThrow();

        notified(claimed);
        Instant first = jobs.find(job.id(), OWNER).orElseThrow().notified();
        notified(claimed);

        assertThat(first).isNotNull();
        assertThat(claimMail(message(job))).isEmpty();
        assertThat(jobs.find(job.id(), OWNER).orElseThrow().notified()).isEqualTo(first);
    }

    @Test
    void parksAMessageAboutAnUnknownVideo() {
        JobMessage message = new JobMessage(new ObjectId().toHexString(), null, OWNER, null);

        assertThatThrownBy(() -> jobs.claim(message))
                .isInstanceOf(Unprocessable.class)
                .hasMessageContaining(message.video());
        assertThatThrownBy(() -> claimMail(message)).isInstanceOf(Unprocessable.class);
        assertThatThrownBy(() -> claimMail(about(new ObjectId(), new ObjectId())))
                .isInstanceOf(Unprocessable.class);
        assertThat(MONGO.jobs().countDocuments()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "(null)"})
    void parksAMessageThatDoesNotSayWhoseAnUnknownVideoIs(String username) {
        String owner = username.equals("(null)") ? null : username;
        ObjectId video = storeAsTheOriginalDoes("videos", "video");
        ObjectId mp3 = storeAsTheOriginalDoes("mp3s", "mp3");

        assertThatThrownBy(() -> jobs.claim(new JobMessage(video.toHexString(), null, owner, null)))
                .isInstanceOf(Unprocessable.class)
                .hasMessageContaining("username");
        assertThatThrownBy(() -> claimMail(new JobMessage(video.toHexString(), mp3.toHexString(), owner, null)))
                .isInstanceOf(Unprocessable.class)
                .hasMessageContaining("username");
        assertThat(MONGO.jobs().countDocuments()).isZero();
    }

    @Test
    void parksAMessageThatIsTheJsonNull() {
        assertThatThrownBy(() -> jobs.claim(null)).isInstanceOf(Unprocessable.class);
        assertThatThrownBy(() -> claimMail(null)).isInstanceOf(Unprocessable.class);
    }

    @Test
    void findsTheStoredJobsThatNobodyQueuedTheOldestFirst() {
        Job older = job(JobState.STORED, 0);
        Job old = job(JobState.STORED, 0);
        Job fresh = job(JobState.STORED, 0);
        Job queued = job(JobState.QUEUED, 0);
        updated(older, Duration.ofMinutes(9));
        updated(old, Duration.ofMinutes(8));
        updated(fresh, Duration.ofSeconds(1));
        updated(queued, Duration.ofMinutes(9));

        assertThat(jobs.leftBehind(Duration.ofMinutes(5), Duration.ofHours(1)))
                .extracting(Job::id)
                .containsExactly(older.id(), old.id());
    }

    @ParameterizedTest
    @EnumSource(JobState.class)
    void offersASilentJobAgainOnlyIfItHasNotEndedAndOnlyOnce(JobState state) {
        Job job = job(state, 1);
        updated(job, Duration.ofHours(2));
        boolean open =
                List.of(JobState.STORED, JobState.QUEUED, JobState.CONVERTING).contains(state);

        List<Job> silent = jobs.leftBehind(Duration.ofMinutes(5), Duration.ofHours(1));

        assertThat(silent).hasSize(open ? 1 : 0);
        silent.forEach(jobs::queued);
        assertThat(jobs.leftBehind(Duration.ofMinutes(5), Duration.ofHours(1))).isEmpty();
        assertThat(state(job)).isEqualTo(state == JobState.STORED ? JobState.QUEUED : state);
    }

    @Test
    void keepsAnEndUntilTheBrokerHasBeenTold() {
        Job done = jobs.done(claimed(), 7, 1.5, null);
        Job rejected = jobs.rejected(claimed(), "no sound");
        Job lost = job(JobState.QUEUED, ATTEMPTS);
        jobs.claim(message(lost));
        claimed();

        assertThat(jobs.untold(Duration.ofMinutes(1), Duration.ofDays(1))).isEmpty();
        MONGO.jobs()
                .updateMany(
                        new Document(), set("updated", Date.from(Instant.now().minusSeconds(120))));
        assertThat(jobs.untold(Duration.ofMinutes(1), Duration.ofDays(1)))
                .extracting(Job::id)
                .containsExactlyInAnyOrder(done.id(), rejected.id(), lost.id());

        jobs.told(done);
        jobs.told(rejected);
        jobs.delete(lost.id(), OWNER);
        assertThat(jobs.untold(Duration.ofMinutes(1), Duration.ofDays(1))).isEmpty();
    }

    @Test
    void doesNotCountAnAttemptThatWasHandedBack() {
        Job job = claimed();

        jobs.handBack(job);

        assertThat(jobs.claim(message(job)).attempts()).isEqualTo(1);
        assertThatThrownBy(() -> jobs.claim(message(job))).isInstanceOf(Postponed.class);
    }

    @Test
    void tellsAnEndOnceMoreOfWhichItsOwnerHasNotHeard() {
        Job silent = job(JobState.DONE, 1);
        Job mailed = job(JobState.DONE, 1);
        notified(claimMail(message(mailed)).orElseThrow());
        Date longAgo = Date.from(Instant.now().minus(Duration.ofHours(7)));
        MONGO.jobs().updateMany(in("_id", silent.id(), mailed.id()), set("updated", longAgo));

        assertThat(jobs.untold(Duration.ofMinutes(1), Duration.ofHours(6)))
                .extracting(Job::id)
                .containsExactly(silent.id());

        jobs.told(silent);
        MONGO.jobs().updateOne(eq("_id", silent.id()), set("updated", longAgo));
        assertThat(jobs.untold(Duration.ofMinutes(1), Duration.ofHours(6))).isEmpty();
    }

    @Test
    void startsARevivedJobAnew() {
        Job job = job(JobState.QUEUED, ATTEMPTS);
        Job failed = jobs.claim(message(job));
        notified(claimMail(message(failed)).orElseThrow());

        jobs.revive(parked(job));

        Job revived = jobs.find(job.id(), OWNER).orElseThrow();
        assertThat(revived.state()).isEqualTo(JobState.STORED);
        assertThat(revived.attempts()).isZero();
        assertThat(revived.reason()).isNull();
        assertThat(revived.notified()).isNull();
        jobs.done(jobs.claim(message(job)), 7, 1.5, null);
        assertThat(claimMail(message(job))).isPresent();
    }

    @Test
    void doesNotMistakeAnAttemptFromBeforeARevivalForANewOne() {
        Job job = job(JobState.QUEUED, 0);
        Job asleep = jobs.claim(message(job));
        MONGO.jobs().updateOne(eq("_id", job.id()), set("state", "failed"));
        jobs.revive(parked(job));
        Job anew = jobs.claim(message(job));

        assertThat(anew.attempts()).isEqualTo(asleep.attempts());
        assertThat(anew.mp3()).isNotEqualTo(asleep.mp3());
        assertThatThrownBy(() -> jobs.done(asleep, 7, 1.5, null)).isInstanceOf(Postponed.class);
        assertThat(jobs.done(anew, 7, 1.5, null).isDone()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no JSON", "[]", "null", "{}", "{\"video_fid\":null}", "{\"video_fid\":\"../x\"}"})
    void revivesNothingForAMessageThatCanNotBeRead(String parked) {
        Job job = job(JobState.FAILED, ATTEMPTS);

        jobs.revive(parked);

        assertThat(jobs.find(job.id(), OWNER)).contains(job);
    }

    private static String parked(Job job) {
        return "{\"video_fid\": \"" + job.id() + "\", \"mp3_fid\": null, \"username\": \"" + OWNER + "\"}";
    }

    @Test
    void countsTheJobsInEachState() {
        assertThat(jobs.countByState()).hasSize(JobState.values().length).containsEntry(JobState.DONE, 0L);
        job(JobState.DONE, 1);
        job(JobState.DONE, 1);
        job(JobState.QUEUED, 0);

        assertThat(jobs.countByState()).containsEntry(JobState.DONE, 2L).containsEntry(JobState.QUEUED, 1L);
    }

    @Test
    void tellsWhichBytesNobodyNeeds() {
        Map<JobState, ObjectId> ids = new LinkedHashMap<>();
        for (JobState state : JobState.values()) {
            ids.put(state, job(state, 1).id());
        }
        ObjectId unknown = new ObjectId();
        Job adopted = job(JobState.DONE, 1);
        ObjectId ofTheOriginal = new ObjectId();
        MONGO.jobs().updateOne(eq("_id", adopted.id()), set("mp3", ofTheOriginal));
        List<ObjectId> all = new ArrayList<>(ids.values());
        all.add(unknown);
        all.add(ofTheOriginal);

        assertThat(jobs.needlessVideos(all))
                .containsExactlyInAnyOrder(
                        ids.get(JobState.REJECTED), ids.get(JobState.DELETED), unknown, ofTheOriginal);
        assertThat(jobs.needlessMp3s(all))
                .containsExactlyInAnyOrder(
                        ids.get(JobState.REJECTED), ids.get(JobState.DELETED), ids.get(JobState.FAILED), unknown);
    }

    @Test
    void listsTheNewestHundredOfAnOwnerTheNewestFirst() {
        List<ObjectId> ids = new ArrayList<>();
        for (int i = 0; i < 101; i++) {
            ids.add(0, jobs.create(new ObjectId(), OWNER, i + ".mp4", 1).id());
        }
        jobs.create(new ObjectId(), "other@example.com", "other.mp4", 1);

        assertThat(jobs.newest(OWNER)).extracting(Job::id).containsExactlyElementsOf(ids.subList(0, 100));
    }

    @Test
    void listsTheNewestOfSomeStatesFromAJobOn() {
        Job first = job(JobState.DONE, 1);
        Job second = job(JobState.FAILED, 1);
        job(JobState.QUEUED, 0);
        Job fourth = job(JobState.DONE, 1);
        Set<JobState> ended = Set.of(JobState.DONE, JobState.FAILED);

        assertThat(jobs.newest(OWNER, ended, null, 2)).extracting(Job::id).containsExactly(fourth.id(), second.id());
        assertThat(jobs.newest(OWNER, ended, second.id(), 2))
                .extracting(Job::id)
                .containsExactly(first.id());
        assertThat(jobs.newest("other@example.com", ended, fourth.id(), 2)).isEmpty();
    }

    /** MongoDB finds a page without looking at another job if it has equality first, and then the order. */
    @Test
    void hasAnIndexForEachWayToList() {
        List<String> made = new ArrayList<>();
        List<String> asked = new ArrayList<>();
        CommandListener listener = new CommandListener() {
            @Override
            public void commandStarted(CommandStartedEvent event) {
                if (event.getCommandName().equals("createIndexes")) {
                    event.getCommand()
                            .getArray("indexes")
                            .forEach(index -> made.add(
                                    index.asDocument().getDocument("key").toJson()));
                } else if (event.getCommandName().equals("find")) {
                    Set<String> keys = new TreeSet<>(
                            event.getCommand().getDocument("filter").keySet());
                    keys.remove("_id");
                    String order = event.getCommand().getDocument("sort").toJson();
                    asked.add("{\"" + String.join("\": 1, \"", keys) + "\": 1, " + order.substring(1));
                }
            }
        };
        try (MongoClient client = MONGO.connect(listener)) {
            Jobs listed = new Jobs(client, videos, mp3s, Duration.ofSeconds(30), ATTEMPTS);
            listed.create(new ObjectId(), OWNER, "bell.mp4", 1);
            for (ObjectId before : new ObjectId[] {null, new ObjectId()}) {
                listed.newest(OWNER, Set.of(), before, 1);
                listed.newest(OWNER, Set.of(JobState.DONE), before, 1);
            }
        }

        assertThat(asked).hasSize(4).contains("{\"owner\": 1, \"state\": 1, \"_id\": -1}");
        assertThat(made).containsAll(asked);
    }

    @Test
    void refusesSettingsOutOfRange() {
        assertThatThrownBy(() -> new Jobs(client, videos, mp3s, Duration.ofMillis(999), 1))
                .hasMessageContaining("converter.lease");
        assertThatThrownBy(() -> jobs(0)).hasMessageContaining("converter.attempts");
        assertThat(new Jobs(client, videos, mp3s, Duration.ofSeconds(1), 1)).isNotNull();
    }

    private interface Operation {
        void on(Job job);
    }

    private static final class Nothing extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static void requireSomething(boolean something) {
        if (!something) {
            throw new Nothing();
        }
    }

    private String after(JobState from, Operation operation) {
        Job job = job(from, 1);
        String told = outcome(job, operation);
        return state(job) + told;
    }

    private static String outcome(Job job, Operation operation) {
        try {
            operation.on(job);
            return "";
        } catch (Nothing e) {
            return " nothing";
        } catch (RuntimeException e) {
            return " " + e.getClass().getSimpleName();
        }
    }

    private Jobs jobs(int maxAttempts) {
        return new Jobs(client, videos, mp3s, Duration.ofSeconds(30), maxAttempts);
    }

    private Job claimed() {
        return jobs.claim(message(job(JobState.QUEUED, 0)));
    }

    private Job job(JobState state, int attempts) {
        Date now = new Date();
        Document document = new Document("_id", new ObjectId())
                .append("owner", OWNER)
                .append("name", "bell.mp4")
                .append("state", state.key())
                .append("attempts", attempts)
                .append("bytes", 12L)
                .append("created", now)
                .append("updated", now);
        if (state == JobState.DELETED) {
            document.remove("owner");
            document.remove("name");
        }
        if (state == JobState.CONVERTING) {
            document.append("lease", Date.from(Instant.now().plusSeconds(30)));
        }
        MONGO.jobs().insertOne(document);
        return Job.of(document);
    }

    private static JobMessage message(Job job) {
        return new JobMessage(job.id().toHexString(), null, OWNER, null);
    }

    private static JobMessage about(ObjectId video, ObjectId mp3) {
        return new JobMessage(video.toHexString(), mp3.toHexString(), OWNER, null);
    }

    /** PyMongo's {@code fs.put(bytes)}: no file name, no metadata. */
    private ObjectId storeAsTheOriginalDoes(String database, String content) {
        ObjectId id = GridFSBuckets.create(client.getDatabase(database)).uploadFromStream("x", bytes(content));
        client.getDatabase(database)
                .getCollection("fs.files")
                .updateOne(eq("_id", id), new Document("$unset", new Document("filename", "")));
        return id;
    }

    private void expireLease(Job job) {
        MONGO.jobs()
                .updateOne(
                        eq("_id", job.id()),
                        set("lease", Date.from(Instant.now().minusSeconds(1))));
    }

    /** The job as its worker sees it, whose claim is over. */
    private static Job expireMail(Job job) {
        MONGO.jobs()
                .updateOne(
                        eq("_id", job.id()),
                        set("mailing", Date.from(Instant.now().minusSeconds(1))));
        return Job.of(document(job));
    }

    private void updated(Job job, Duration ago) {
        MONGO.jobs()
                .updateOne(
                        eq("_id", job.id()),
                        set("updated", Date.from(Instant.now().minus(ago))));
    }

    private static Document document(Job job) {
        return MONGO.jobs().find(eq("_id", job.id())).first();
    }

    private static JobState state(Job job) {
        return Job.of(document(job)).state();
    }

    private static Instant lease(Job job) {
        return document(job).getDate("lease").toInstant();
    }
}
