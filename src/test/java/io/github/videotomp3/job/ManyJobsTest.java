package io.github.videotomp3.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import io.github.videotomp3.MongoStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * No query looks at jobs that it does not give. {@code -Dmany.jobs=100000} lets as many have ended, and a tenth as many wait,
 * and shows how long each query takes.
 */
class ManyJobsTest {

    @RegisterExtension
    static final MongoStore MONGO = new MongoStore();

    private static final int JOBS = Integer.getInteger("many.jobs", 2000);
    private static final int ROUNDS = JOBS > 2000 ? 200 : 1;
    private static final String ANN = "ann@example.com";
    private static final Duration HOUR = Duration.ofHours(1);

    private final MongoClient client = MONGO.client();

    @Test
    void looksAtNoOtherJobsOfTheOwnerWhoAsks() {
        looksOnlyAtWhatItGives(true);
    }

    @Test
    void looksAtNoJobsOfOthers() {
        looksOnlyAtWhatItGives(false);
    }

    private void looksOnlyAtWhatItGives(boolean own) {
        Map<String, long[]> few = ask(100, own);
        client.getDatabase("videos").drop();
        Map<String, long[]> many = ask(JOBS, own);
        many.forEach((query, cost) -> {
            System.out.printf(
                    "%-22s %6d docs %7d us p50 %7d us p99 | %6d docs %7d us p50 %7d us p99%n",
                    query, few.get(query)[0], few.get(query)[1], few.get(query)[2], cost[0], cost[1], cost[2]);
            assertThat(cost[0]).as("%s with %d jobs, not 100", query, JOBS).isLessThanOrEqualTo(few.get(query)[0]);
        });
    }

    /** For each query the documents that it looked at, and the microseconds that it took. */
    private Map<String, long[]> ask(int count, boolean own) {
        Jobs jobs = new Jobs(client, MONGO.videos(), MONGO.mp3s(), Duration.ofSeconds(30), 3);
        MailClaims mails = new MailClaims(client, jobs, new MailSwitch(client), HOUR);
        UploadKeys keys = new UploadKeys(client, jobs, Duration.ofDays(1));
        Instant now = Instant.now();
        Job ended = jobs.done(jobs.claim(message(jobs.create(new ObjectId(), ANN, "a.mp4", 1))), 1, 1, null);
        fill(count, own, "done", now.minus(Duration.ofDays(1)));
        fill(count / 10, own, "queued", now.minus(Duration.ofMinutes(1)));
        List<Job> waiting = new ArrayList<>();
        for (int i = 0; i < 2 * ROUNDS + 10; i++) {
            waiting.add(jobs.create(new ObjectId(), "bob@example.com", "b.mp4", 1));
        }
        Job first = jobs.newest(ANN, Set.of(), null, 1).get(0);

        Map<String, long[]> costs = new LinkedHashMap<>();
        costs.put("GET /jobs", cost(() -> jobs.newest(ANN, Set.of(), null, 5)));
        costs.put("GET /jobs?state", cost(() -> jobs.newest(ANN, Set.of(JobState.DONE), null, 5)));
        costs.put("GET /jobs, next page", cost(() -> jobs.newest(ANN, Set.of(), first.id(), 1)));
        costs.put("GET /jobs/{id}", cost(() -> jobs.find(first.id(), ANN)));
        costs.put("an MP3 of no job", cost(() -> jobs.find(new ObjectId(), ANN)));
        costs.put("claim", cost(() -> jobs.claim(message(waiting.remove(0)))));
        Job claimed = jobs.claim(message(waiting.remove(0)));
        costs.put("progress", cost(() -> jobs.progress(claimed, Phase.CONVERTING, 1, 1)));
        costs.put("left behind", cost(() -> jobs.leftBehind(HOUR, HOUR)));
        costs.put("untold", cost(() -> jobs.untold(HOUR, HOUR)));
        costs.put("expired", cost(() -> jobs.endedBefore(Duration.ofDays(2))));
        costs.put("with a needless video", cost(() -> jobs.withVideoSince(HOUR)));
        costs.put("changed lately", cost(() -> jobs.changedLately(Duration.ZERO)));
        costs.put("changed since", cost(() -> jobs.changedSince(Instant.now(), ANN)));
        costs.put("open of a person", cost(() -> jobs.open(ANN)));
        costs.put("open of all", cost(() -> jobs.open()));
        costs.put("jobs in each state", cost(() -> jobs.countByState()));
        costs.put("mail", cost(() -> mails.giveBack(claim(mails, ended))));
        costs.put("needless", cost(() -> jobs.needlessMp3s(List.of(new ObjectId(), ended.id()))));
        costs.put("forget keys", cost(keys::forget));
        return costs;
    }

    private static List<Job> claim(MailClaims mails, Job ended) {
        try {
            return mails.claim(message(ended));
        } catch (Postponed e) {
            return List.of(); // for the jobs that have not ended
        }
    }

    private long[] cost(Runnable query) {
        query.run();
        long[] micros = new long[ROUNDS];
        long before = read();
        query.run();
        long read = read() - before;
        for (int i = 0; i < ROUNDS; i++) {
            long start = System.nanoTime();
            query.run();
            micros[i] = (System.nanoTime() - start) / 1000;
        }
        Arrays.sort(micros);
        return new long[] {read, micros[ROUNDS / 2], micros[ROUNDS * 99 / 100]};
    }

    private long read() {
        return client.getDatabase("videos")
                .runCommand(new Document("serverStatus", 1))
                .get("metrics", Document.class)
                .get("queryExecutor", Document.class)
                .getLong("scannedObjects");
    }

    private static void fill(int count, boolean own, String state, Instant when) {
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Document job = new Document("_id", new ObjectId())
                    .append("owner", own || i % 10 == 0 && i < 100 ? ANN : "person" + i % 1000 + "@example.com")
                    .append("name", "lecture.mp4")
                    .append("state", state)
                    .append("attempts", 0)
                    .append("bytes", 1_000_000L)
                    .append("created", Date.from(when))
                    .append("updated", Date.from(when));
            if (state.equals("done")) {
                job.append("ended", Date.from(when))
                        .append("notified", Date.from(when))
                        .append("mp3_bytes", 100_000L)
                        .append("freed", 1_000_000L);
            }
            documents.add(job);
            if (documents.size() == 1000 || i == count - 1) {
                MONGO.jobs().insertMany(documents);
                documents.clear();
            }
        }
    }

    private static JobMessage message(Job job) {
        return new JobMessage(job.id().toHexString(), null, job.owner(), null);
    }
}
