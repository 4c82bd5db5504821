package io.github.videotomp3.gateway;

import static io.github.videotomp3.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.videotomp3.MongoStore;
import io.github.videotomp3.auth.Login;
import io.github.videotomp3.auth.Tokens;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.JobMessage;
import io.github.videotomp3.job.Jobs;
import io.github.videotomp3.job.Phase;
import io.github.videotomp3.job.RetentionTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class JobEventsTest {

    @RegisterExtension
    static final MongoStore MONGO = new MongoStore();

    private static final String ME = "me@example.com";
    private static final String OTHER = "other@example.com";

    private final Jobs jobs = new Jobs(MONGO.client(), MONGO.videos(), MONGO.mp3s(), Duration.ofSeconds(30), 3);
    private final Tokens tokens = tokens(Duration.ofHours(1));
    private final AtomicLong nanos = new AtomicLong();
    private final JobEvents events = new JobEvents(
            jobs, new OwnJobs(jobs, FetchersTest.LINKS, RetentionTest.retention(jobs)), access(tokens), nanos::get);

    private static final class Heard implements JobEvents.Listener {

        private final List<String> texts = new ArrayList<>();
        private boolean ended;

        @Override
        public void hear(String text) {
            texts.add(text);
        }

        @Override
        public void end() {
            ended = true;
        }

        /** What the events of jobs say, without that of which there is something in each. */
        List<String> since(int first) {
            return texts.subList(first, texts.size());
        }

        String last() {
            return texts.get(texts.size() - 1);
        }
    }

    private static Tokens tokens(Duration lifetime) {
        return new Tokens("a secret that has more than 32 bytes", "issuer", "audience", lifetime, Duration.ZERO);
    }

    private static Access access(Tokens tokens) {
        return new Access(tokens, new ApiKeys(MONGO.client()), new Departures(MONGO.client(), Duration.ofDays(1)));
    }

    private static String bearer(Tokens tokens, String email) {
        return "Bearer " + tokens.issue(new Login(1, email, false, false)).token();
    }

    private Heard listen(String lastEventId) {
        Heard heard = new Heard();
        events.listen(bearer(tokens, ME), lastEventId, heard);
        return heard;
    }

    /** What the route does each second. */
    private void look() {
        if (events.isHeard()) {
            events.changed().forEach(events::tell);
            events.keepAlive();
        }
    }

    private Job job(String owner) {
        return jobs.create(new ObjectId(), owner, "bell.mp4", 6);
    }

    @Test
    void beginsWithTheJobsThatHaveNotEnded() {
        Job open = job(ME);
        Job ended = jobs.rejected(jobs.claim(JobMessage.of(job(ME))), "no");
        job(OTHER);

        Heard heard = listen(null);
        look();

        assertThat(heard.texts.get(0)).isEqualTo("retry: 2000\n\n");
        assertThat(heard.texts.get(1))
                .startsWith(
                        "id: " + open.updated().toEpochMilli() + "\nevent: job\ndata: {\"id\":\"" + open.id() + "\"")
                .endsWith("}\n\n");
        assertThat(heard.since(2))
                .allSatisfy(text -> assertThat(text)
                        .doesNotContain(OTHER)
                        .containsAnyOf(open.id().toHexString(), ended.id().toHexString()));
    }

    @Test
    void saysEachChangeOnceAndInOrder() {
        Job job = job(ME);
        Heard heard = listen(null);
        look();
        int before = heard.texts.size();

        Job claimed = jobs.claim(JobMessage.of(job));
        look();
        jobs.progress(claimed, Phase.CONVERTING, 1, 10);
        look();
        look();
        jobs.done(claimed, 5, 2, null);
        look();
        look();

        assertThat(heard.since(before))
                .hasSize(3)
                .satisfiesExactly(
                        fetching -> assertThat(fetching).contains("\"phase\":\"fetching\""),
                        converting -> assertThat(converting).contains("\"progress\":10"),
                        done -> assertThat(done).contains("\"state\":\"done\"", "\"signed\":\"/download?"));
    }

    @Test
    void saysItAlsoToWhoListensAtAnotherGateway() {
        JobEvents other = new JobEvents(
                jobs,
                new OwnJobs(jobs, FetchersTest.LINKS, RetentionTest.retention(jobs)),
                access(tokens),
                System::nanoTime);
        Heard heard = new Heard();
        other.listen(bearer(tokens, ME), null, heard);

        Job job = job(ME);
        other.changed().forEach(other::tell);

        assertThat(heard.last()).contains(job.id().toHexString());
    }

    @Test
    void neverGoesBackToWhatIsOlder() {
        Job job = job(ME);
        Job old = jobs.claim(JobMessage.of(job));
        Job now = jobs.rejected(old, "no");
        Heard heard = listen(null);

        events.tell(now);
        int before = heard.texts.size();
        events.tell(old);

        assertThat(heard.since(before)).isEmpty();
    }

    @Test
    void saysAgainWhatChangedSinceSomebodyHeardLast() {
        Job before = jobs.rejected(jobs.claim(JobMessage.of(job(ME))), "long ago");
        MONGO.jobs()
                .updateOne(
                        new Document("_id", before.id()),
                        new Document(
                                "$set",
                                new Document(
                                        "updated",
                                        new Date(before.updated()
                                                .minusSeconds(60)
                                                .toEpochMilli()))));
        Job missed = jobs.rejected(jobs.claim(JobMessage.of(job(ME))), "just now");

        Heard heard = listen(String.valueOf(missed.created().minusSeconds(1).toEpochMilli()));

        assertThat(heard.since(1))
                .singleElement()
                .asString()
                .contains(missed.id().toHexString(), "just now");
    }

    @Test
    void takesAnIdThatIsNoneForABeginning() {
        job(ME);

        assertThat(listen("not a time").texts).hasSize(2);
    }

    @Test
    void saysThatAJobWasDeletedToWhoKnewIt() {
        Job known = jobs.rejected(jobs.claim(JobMessage.of(job(ME))), "no");
        Job theirs = job(OTHER);
        Heard heard = listen(null);
        look();
        int before = heard.texts.size();

        jobs.delete(known.id(), ME);
        jobs.delete(theirs.id(), OTHER);
        look();
        look();

        assertThat(heard.since(before)).containsExactly("event: deleted\ndata: {\"id\":\"" + known.id() + "\"}\n\n");
    }

    @Test
    void saysWhenAWaitingJobMovesUp() {
        Job first = job(OTHER);
        Job second = job(ME);
        Heard heard = listen(null);
        look();
        assertThat(heard.last()).contains("\"position\":2");

        jobs.claim(JobMessage.of(first));
        look();

        assertThat(heard.last()).contains(second.id().toHexString(), "\"position\":1");
    }

    @Test
    void showsASignOfLifeWhenThereIsNothingToSay() {
        Heard heard = listen(null);
        look();
        assertThat(heard.texts).hasSize(1);

        nanos.addAndGet(Duration.ofSeconds(14).toNanos());
        look();
        assertThat(heard.texts).hasSize(1);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        look();
        look();

        assertThat(heard.since(1)).containsExactly(":\n\n");
        assertThat(heard.ended).isFalse();
    }

    @Test
    void endsWhenTheTokenHasExpired() {
        JobEvents brief = new JobEvents(
                jobs,
                new OwnJobs(jobs, FetchersTest.LINKS, RetentionTest.retention(jobs)),
                access(tokens(Duration.ofSeconds(1))),
                nanos::get);
        Heard heard = new Heard();
        brief.listen(bearer(tokens(Duration.ofSeconds(1)), ME), null, heard);

        await().untilAsserted(() -> {
            nanos.addAndGet(Duration.ofSeconds(15).toNanos());
            brief.keepAlive();
            assertThat(heard.ended).isTrue();
        });
    }

    @Test
    void saysNoMoreToWhoHasGone() {
        Heard heard = listen(null);

        events.forget(heard);
        job(ME);
        look();

        assertThat(heard.texts).hasSize(1);
        assertThat(events.isHeard()).isFalse();
    }

    @Test
    void refusesMoreStreamsThanAPersonNeeds() {
        for (int i = 0; i < JobEvents.MOST; i++) {
            listen(null);
        }

        assertThat(refusalOf(() -> listen(null)).getStatus()).isEqualTo(429);
        Heard another = new Heard();
        events.listen(bearer(tokens, OTHER), null, another);
        assertThat(another.texts).hasSize(1);
    }

    @Test
    void endsAllWhenTheProcessStops() {
        Heard heard = listen(null);
        Job job = job(ME);
        List<String> answers = new ArrayList<>();
        events.await(
                job.id().toHexString(), bearer(tokens, ME), null, Duration.ofSeconds(30), () -> answers.add("now"));
        assertThat(answers).isEmpty();

        events.close();

        assertThat(heard.ended).isTrue();
        assertThat(answers).containsExactly("now");
    }

    @Test
    void holdsBackNoMoreAnswersThanAPersonNeeds() {
        String id = job(ME).id().toHexString();
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < JobEvents.MOST; i++) {
            events.await(id, bearer(tokens, ME), null, Duration.ofSeconds(30), () -> answers.add("held"));
        }
        assertThat(answers).isEmpty();

        events.await(id, bearer(tokens, ME), null, Duration.ofSeconds(30), () -> answers.add("at once"));

        assertThat(answers).containsExactly("at once");
    }

    @Test
    void answersOnceTheTimeIsOver() {
        List<String> answers = new ArrayList<>();
        Job job = job(ME);
        events.await(
                job.id().toHexString(), bearer(tokens, ME), null, Duration.ofSeconds(30), () -> answers.add("now"));
        look();
        assertThat(answers).isEmpty();

        nanos.addAndGet(Duration.ofSeconds(30).toNanos());
        look();
        look();

        assertThat(answers).containsExactly("now");
    }
}
