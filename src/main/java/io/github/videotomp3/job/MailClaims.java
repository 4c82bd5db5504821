package io.github.videotomp3.job;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.or;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;

/**
 * Who sends the mail about the end of which job: it is claimed in the job's document before it is sent, so that of several
 * workers one sends it, and another goes on where one was killed.
 */
public final class MailClaims {

    /** Until when the mail about the end of a job is in the hands of the worker that claimed it. */
    static final String MAILING = "mailing";

    private static final String NOTIFIED = "notified";

    /** How long a worker has for a mail before another may send it; one that was killed delays it for so long. */
    private static final Duration LONGEST_MAIL = Duration.ofMinutes(1);

    private static final FindOneAndUpdateOptions CHANGED =
            new FindOneAndUpdateOptions().returnDocument(ReturnDocument.AFTER);

    private final MongoCollection<Document> documents;
    private final Jobs jobs;
    private final MailSwitch mails;
    private final StoreClock clock;

    public MailClaims(MongoClient mongo, Jobs jobs, MailSwitch mails) {
        this.documents = mongo.getDatabase("videos").getCollection("jobs");
        this.jobs = jobs;
        this.mails = mails;
        this.clock = new StoreClock(mongo);
    }

    /**
     * Takes the mail about the end that a message speaks of; nothing if the job's owner has been told, wants no mails, which
     * counts as told, or has deleted the job.
     *
     * @return the jobs that the mail has to name
     * @throws Postponed while another worker has the mail, or the job has not ended
     * @throws Unprocessable if there is neither a job nor an MP3 of that id
     */
    public List<Job> claim(JobMessage message) {
        Job job = jobs.ended(message);
        if (isSettled(job)) {
            return List.of();
        }
        boolean wanted = mails.isOn(job.owner());
        Optional<Job> claimed =
                take(job.id(), wanted ? set(MAILING, Date.from(clock.now().plus(LONGEST_MAIL))) : set(NOTIFIED, now()));
        if (claimed.isPresent()) {
            return wanted ? List.of(claimed.get()) : List.of();
        }
        if (isSettled(jobs.ended(message))) {
            return List.of();
        }
        throw new Postponed("job " + job.id().toHexString() + " is being mailed by another worker");
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
