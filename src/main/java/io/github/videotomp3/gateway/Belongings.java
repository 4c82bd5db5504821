package io.github.videotomp3.gateway;

import io.github.videotomp3.gateway.Departures.Departure;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.Jobs;
import io.github.videotomp3.job.MailSwitch;
import io.github.videotomp3.job.UploadKeys;
import io.github.videotomp3.notification.Deliveries;
import io.github.videotomp3.notification.Webhooks;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bson.types.ObjectId;

/** All that the document store has of a person, deleted when they leave. Doing it again changes nothing. */
public final class Belongings {

    private static final int BATCH = 100;

    private final Departures departures;
    private final Jobs jobs;
    private final UploadKeys uploadKeys;
    private final ApiKeys apiKeys;
    private final Webhooks webhooks;
    private final Deliveries deliveries;
    private final MailSwitch mails;

    public Belongings(
            Departures departures,
            Jobs jobs,
            UploadKeys uploadKeys,
            ApiKeys apiKeys,
            Webhooks webhooks,
            Deliveries deliveries,
            MailSwitch mails) {
        this.departures = departures;
        this.jobs = jobs;
        this.uploadKeys = uploadKeys;
        this.apiKeys = apiKeys;
        this.webhooks = webhooks;
        this.deliveries = deliveries;
        this.mails = mails;
    }

    /** Deletes all of a person who leaves now; killed half-way, {@link #removeAgain} goes on. */
    public void remove(String owner) {
        departures.note(owner);
        apiKeys.deleteOf(owner);
        webhooks.deleteOf(owner);
        mails.set(owner, true);
        removeUploads(owner, null);
    }

    /** Deletes of all who have left lately what has come in since, of uploads that had begun before. */
    public void removeAgain() {
        for (Departure departure : departures.all()) {
            Instant next = departure.since().plusSeconds(1);
            removeUploads(departure.owner(), ObjectId.getSmallestWithDate(Date.from(next)));
            departures.forget(departure);
        }
    }

    /** @param before only uploads that began before the one of this id, as ids begin with the time; null for all */
    private void removeUploads(String owner, ObjectId before) {
        List<Job> some;
        do {
            some = jobs.newest(owner, Set.of(), before, BATCH);
            some.forEach(job -> jobs.delete(job.id(), owner));
        } while (some.size() == BATCH);
        deliveries.deleteOf(owner);
        uploadKeys.deleteOf(owner);
    }
}
