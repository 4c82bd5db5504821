package io.github.videotomp3.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.videotomp3.MongoStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Mails about several jobs of one owner; what becomes of the mail about one is in {@link JobsTest}. */
class MailClaimsTest {

    @RegisterExtension
    static final MongoStore MONGO = new MongoStore();

    private static final String OWNER = "me@example.com";
    private static final Duration WAIT = Duration.ofMinutes(2);

    private final Jobs jobs = new Jobs(MONGO.client(), MONGO.videos(), MONGO.mp3s(), Duration.ofSeconds(30), 3);
    private final MailSwitch mails = new MailSwitch(MONGO.client());
    private final MailClaims claims = claims(WAIT);

    private MailClaims claims(Duration wait) {
        return new MailClaims(MONGO.client(), jobs, mails, wait);
    }

    @Test
    void takesTheMailAboutASingleJobAtOnce() {
        Job job = done(OWNER);
        open("you@example.com");

        assertThat(claim(job)).containsExactly(job.id());
    }

    @Test
    void waitsForTheOtherJobsOfTheOwner() {
        Job first = done(OWNER);
        Job second = open(OWNER);

        Postponed early = catchThrowableOfType(Postponed.class, () -> claim(first));

        assertThat(early.delay().orElseThrow()).isBetween(Duration.ofSeconds(110), WAIT);
        assertThat(now(first).mailing()).isNull();
        end(second);
        assertThat(claim(second)).as("the last one takes all").containsExactly(first.id(), second.id());
    }

    @Test
    void waitsNoLongerThanItMay() {
        Job first = done(OWNER);
        Job second = done(OWNER);
        open(OWNER);
        ended(first, WAIT.plusSeconds(1));

        assertThatThrownBy(() -> claim(second)).isInstanceOf(Postponed.class);
        assertThat(claim(first)).as("also what has waited for less").containsExactly(first.id(), second.id());
    }

    @Test
    void comesBackNoSoonerThanInASecond() {
        Job job = done(OWNER);
        open(OWNER);
        ended(job, WAIT.minusMillis(900));

        Postponed early = catchThrowableOfType(Postponed.class, () -> claim(job));

        assertThat(early.delay()).contains(Duration.ofSeconds(1));
    }

    @Test
    void waitsForNoJobThatIsDeleted() {
        Job first = done(OWNER);
        Job second = open(OWNER);
        jobs.delete(second.id(), OWNER);

        assertThat(claim(first)).containsExactly(first.id());
    }

    @Test
    void takesTheMailAboutEachJobWhereItMayNotWait() {
        Job first = done(OWNER);
        Job second = done(OWNER);
        open(OWNER);
        MailClaims impatient = claims(Duration.ZERO);

        assertThat(ids(impatient.claim(JobMessage.of(second)))).containsExactly(second.id());
        assertThat(ids(impatient.claim(JobMessage.of(first)))).containsExactly(first.id());
    }

    @Test
    void takesNothingOfOthersAndNothingThatHasBeenTold() {
        Job told = done(OWNER);
        claims.notified(claims.claim(JobMessage.of(told)));
        done("you@example.com");
        Job lost = jobs.rejected(open(OWNER), "no sound");
        Job gone = done(OWNER);
        jobs.delete(gone.id(), OWNER);
        Job job = done(OWNER);

        assertThat(claim(job)).containsExactly(lost.id(), job.id());
    }

    @Test
    void namesEachJobOnceThoughAllMessagesComeAtTheSameMoment() throws Exception {
        int many = 8;
        ExecutorService workers = Executors.newFixedThreadPool(many);
        try {
            CyclicBarrier start = new CyclicBarrier(many);
            for (int round = 0; round < 20; round++) {
                String owner = "owner-" + round + "@example.com";
                List<Job> batch = new ArrayList<>();
                List<Callable<List<Job>>> work = new ArrayList<>();
                for (int i = 0; i < many; i++) {
                    Job job = done(owner);
                    batch.add(job);
                    work.add(() -> {
                        start.await();
                        try {
                            return claims.claim(JobMessage.of(job));
                        } catch (Postponed e) {
                            return List.of();
                        }
                    });
                }

                List<List<Job>> mailed = new ArrayList<>();
                for (Future<List<Job>> claim : workers.invokeAll(work)) {
                    if (!claim.get().isEmpty()) {
                        mailed.add(claim.get());
                    }
                }

                assertThat(mailed).as("mails of round " + round).hasSize(1);
                assertThat(ids(mailed.get(0))).isEqualTo(ids(batch));
                claims.notified(mailed.get(0));
                for (Job job : batch) {
                    assertThat(claim(job)).isEmpty();
                }
            }
        } finally {
            workers.shutdownNow();
        }
    }

    @Test
    void leavesAJobThatEndsWhileItsOwnerIsBeingMailedToTheNextMail() {
        Job first = done(OWNER);
        List<Job> mailed = claims.claim(JobMessage.of(first));
        Job second = done(OWNER);

        assertThatThrownBy(() -> claim(second)).isInstanceOf(Postponed.class);
        assertThat(now(second).mailing()).isNull();
        claims.notified(mailed);

        assertThat(claim(second)).containsExactly(second.id());
    }

    @Test
    void losesNothingOfAMailWhoseWorkerWasKilled() {
        Job first = done(OWNER);
        Job second = done(OWNER);
        List<Job> killed = claims.claim(JobMessage.of(first));
        for (Job job : List.of(first, second)) {
            set(job, "mailing", Date.from(Instant.now().minusSeconds(1)));
        }

        List<Job> again = claims.claim(JobMessage.of(second));
        claims.notified(killed);
        claims.giveBack(killed);

        assertThat(ids(again)).containsExactly(first.id(), second.id());
        assertThat(now(first).notified())
                .as("the killed one holds nothing any more")
                .isNull();
        assertThat(now(second).mailing()).isEqualTo(again.get(1).mailing());
        claims.notified(again);
        assertThat(now(first).notified()).isNotNull();
        assertThat(now(second).notified()).isNotNull();
    }

    @Test
    void givesAMailBackAsAWhole() {
        Job first = done(OWNER);
        Job second = done(OWNER);

        claims.giveBack(claims.claim(JobMessage.of(first)));

        assertThat(now(first).mailing()).isNull();
        assertThat(claim(second)).containsExactly(first.id(), second.id());
    }

    @Test
    void namesNoMoreThanAMailCanHold() {
        List<Job> batch = new ArrayList<>();
        for (int i = 0; i < 105; i++) {
            batch.add(done(OWNER));
        }
        Job last = batch.get(104);

        List<ObjectId> mailed = claim(last);

        assertThat(mailed).hasSize(100).startsWith(batch.get(0).id()).endsWith(last.id());
    }

    @Test
    void countsAsToldWhoWantsNoMails() {
        Job first = done(OWNER);
        Job second = open(OWNER);
        mails.set(OWNER, false);

        assertThat(claim(first)).as("at once, there is nothing to wait for").isEmpty();
        assertThat(now(first).notified()).isNotNull();
        assertThat(now(first).mailing()).isNull();

        mails.set(OWNER, true);
        end(second);
        assertThat(claim(second)).as("again, from now on").containsExactly(second.id());
    }

    @Test
    void leavesAMailThatIsUnderWayToItsWorkerThoughItsReaderWantsNone() {
        Job job = done(OWNER);
        List<Job> mailed = claims.claim(JobMessage.of(job));
        mails.set(OWNER, false);

        assertThatThrownBy(() -> claim(job)).isInstanceOf(Postponed.class);
        claims.notified(mailed);

        assertThat(claim(job)).isEmpty();
    }

    @Test
    void refusesASettingOutOfRange() {
        assertThatThrownBy(() -> claims(Duration.ofSeconds(-1))).hasMessageContaining("notification.batch.wait");
    }

    private List<ObjectId> claim(Job job) {
        return ids(claims.claim(JobMessage.of(job)));
    }

    private static List<ObjectId> ids(List<Job> jobs) {
        return jobs.stream().map(Job::id).toList();
    }

    private Job open(String owner) {
        return jobs.claim(JobMessage.of(jobs.create(new ObjectId(), owner, "bell.mp4", 1)));
    }

    private Job end(Job open) {
        return jobs.done(open, 1, 1, null);
    }

    private Job done(String owner) {
        return end(open(owner));
    }

    private void ended(Job job, Duration ago) {
        set(job, "ended", Date.from(Instant.now().minus(ago)));
    }

    private static void set(Job job, String field, Object value) {
        MONGO.client()
                .getDatabase("videos")
                .getCollection("jobs")
                .updateOne(new Document("_id", job.id()), new Document("$set", new Document(field, value)));
    }

    private Job now(Job job) {
        return jobs.find(job.id()).orElseThrow();
    }
}
