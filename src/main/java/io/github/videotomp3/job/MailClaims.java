package io.github.videotomp3.job;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.or;
import static com.mongodb.client.model.Projections.include;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.Sorts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;

/**
 * Who sends the mail about the end of which jobs: it is claimed in each job's document before it is sent, so that of several
 * workers one sends it, and another goes on where one was killed. While a person has jobs that have not ended, mails about
 * those that have wait a while, to be one mail in the end.
 */
public final class MailClaims {

    /** Until when the mail about the end of a job is in the hands of the worker that claimed it. */
    static final String MAILING = "mailing";

    private static final String NOTIFIED = "notified";

    /** How long a worker has for a mail before another may send it; one that was killed delays it for so long. */
    private static final Duration LONGEST_MAIL = Duration.ofMinutes(1);

    /** As many jobs as one mail names at most. */
    private static final int MOST = 100;

    private static final Duration SHORTEST_DELAY = Duration.ofSeconds(1);

    private static final FindOneAndUpdateOptions CHANGED =
            new FindOneAndUpdateOptions().returnDocument(ReturnDocument.AFTER);

    private final MongoCollection<Document> documents;
    private final Jobs jobs;
    private final MailSwitch mails;
    private final Duration wait;
    private final StoreClock clock;

    /**
     * @param wait how long the mail about a job waits for the ends of its owner's other jobs, counted from its own; 0 for not
     *     at all: then there is a mail for each job
     */
    public MailClaims(MongoClient mongo, Jobs jobs, MailSwitch mails, Duration wait) {
        if (wait.isNegative()) {
            throw new IllegalArgumentException("notification.batch.wait must be 0 s or more, not " + wait);
        }
        this.documents = mongo.getDatabase("videos").getCollection("jobs");
        this.jobs = jobs;
        this.mails = mails;
        this.wait = wait;
        this.clock = new StoreClock(mongo);
    }

    /**
     * Takes the mail about the end that a message speaks of, and with it those about all other ends of which the same owner
     * has not been told. There is nothing to take if the owner has been told, wants no mails, which counts as told, or has
     * deleted the job.
     *
     * @return the jobs that the mail has to name, all of one owner, the oldest first
     * @throws Postponed while another worker has the mail, the owner's other jobs are waited for, or the job has not ended
     * @throws Unprocessable if there is neither a job nor an MP3 of that id
     */
    public List<Job> claim(JobMessage message) {
        Job job = jobs.ended(message);
        if (isSettled(job)) {
            return List.of();
        }
        if (!mails.isOn(job.owner())) {
            if (take(job.id(), set(NOTIFIED, now())).isEmpty()) {
                requireSettled(message);
            }
            return List.of();
        }
        List<Job> claimed = takeAll(together(job));
        if (claimed.stream().noneMatch(each -> each.id().equals(job.id()))) {
            giveBack(claimed);
            requireSettled(message);
            return List.of();
        }
        return claimed;
    }

    /**
     * The jobs that one mail is to name. Without a wait no clock is asked: our estimate of the store's may be a moment behind.
     *
     * @throws Postponed as {@link #awaitOthers}
     */
    private List<Job> together(Job job) {
        if (wait.isZero()) {
            return List.of(job);
        }
        awaitOthers(job);
        return untold(job);
    }

    /** @throws Postponed while there is something to wait for: another end would make another mail */
    private void awaitOthers(Job job) {
        Instant ended = job.ended() == null ? job.updated() : job.ended(); // null for one of an older version
        Duration left = Duration.between(clock.now(), ended.plus(wait));
        if (left.isNegative() || left.isZero()) {
            return;
        }
        Bson open = and(eq("owner", job.owner()), in("state", Jobs.OPEN));
        if (documents.find(open).projection(include("_id")).first() != null) {
            throw new Postponed(
                    "the owner of job " + job.id().toHexString() + " has jobs that have not ended",
                    left.compareTo(SHORTEST_DELAY) < 0 ? SHORTEST_DELAY : left);
        }
    }

    /** The jobs of the same owner whose ends have not been told, the oldest first, and the job itself among them. */
    private List<Job> untold(Job job) {
        List<Job> untold = documents
                .find(and(eq("owner", job.owner()), in("state", Jobs.ENDED), exists(NOTIFIED, false)))
                .sort(Sorts.ascending("_id"))
                .limit(MOST)
                .map(Job::of)
                .into(new ArrayList<>());
        if (untold.size() == MOST && untold.stream().noneMatch(each -> each.id().equals(job.id()))) {
            untold.set(MOST - 1, job);
        }
        return untold;
    }

    /**
     * Claims the first job, and then as many of the others as nobody else has: who has the oldest has the mail to its owner,
     * so that workers to whom the messages of a batch come at the same moment do not share it out among them.
     */
    private List<Job> takeAll(List<Job> untold) {
        Bson claim = set(MAILING, Date.from(clock.now().plus(LONGEST_MAIL)));
        List<Job> claimed = new ArrayList<>();
        for (Job each : untold) {
            Optional<Job> taken = take(each.id(), claim);
            if (taken.isEmpty() && claimed.isEmpty()) {
                return claimed;
            }
            taken.ifPresent(claimed::add);
        }
        return claimed;
    }

    private void requireSettled(JobMessage message) {
        Job job = jobs.ended(message);
        if (!isSettled(job)) {
            throw new Postponed("job " + job.id().toHexString() + " is being mailed by another worker");
        }
    }

    private static boolean isSettled(Job job) {
        return job.state() == JobState.DELETED || job.notified() != null;
    }

    private Optional<Job> take(ObjectId id, Bson how) {
        Bson free = or(exists(MAILING, false), lt(MAILING, now()));
        return Optional.ofNullable(documents.findOneAndUpdate(
                        and(eq("_id", id), in("state", Jobs.ENDED), exists(NOTIFIED, false), free), how, CHANGED))
                .map(Job::of);
    }

    /**
     * Gives the mail back that could not be sent, so that the next attempt need not wait.
     *
     * @param claimed null if no mail had been claimed; then, as for a claim that is over, nothing changes
     */
    public void giveBack(List<Job> claimed) {
        if (claimed != null) {
            claimed.forEach(job -> documents.updateOne(heldBy(job), unset(MAILING)));
        }
    }

    /** Notes that the mail about these ends has been handed over, but for those that another worker has claimed since. */
    public void notified(List<Job> claimed) {
        Bson sent = combine(set(NOTIFIED, now()), set("updated", now()), unset(MAILING));
        claimed.forEach(job -> documents.updateOne(heldBy(job), sent));
    }

    /** Only the newest claim holds the mail: the end of its lease is its fencing token. */
    private static Bson heldBy(Job job) {
        return and(eq("_id", job.id()), exists(MAILING), eq(MAILING, job.mailing()));
    }

    private Date now() {
        return Date.from(clock.now());
    }
}
