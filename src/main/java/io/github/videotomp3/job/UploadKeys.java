package io.github.videotomp3.job;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoException;
import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Indexes;
import io.github.videotomp3.camel.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.regex.Pattern;
import org.apache.camel.Header;
import org.apache.camel.language.simple.Simple;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that senders give their uploads, so that one that is sent again makes no second job
 * (draft-ietf-httpapi-idempotency-key-header-07). A key is taken with a lease before the upload is read, and kept alive
 * while bytes arrive; it names the job before that is noted. So a gateway that is killed at any moment leaves a key that
 * either names a job or can be taken again a minute later.
 */
public final class UploadKeys {

    private static final Logger LOG = LoggerFactory.getLogger(UploadKeys.class);

    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private static final Duration LEASE = Duration.ofMinutes(1);

    /** Who holds a key: a fencing token. */
    private static final String HOLDER = "holder";

    private static final String UNTIL = "until";
    private static final String JOB = "job";
    private static final String CREATED = "created";

    private final MongoCollection<Document> keys;
    private final Jobs jobs;
    private final StoreClock clock;
    private final Duration age;
    private volatile boolean prepared;

    /** @param age how long a key is remembered, 1 s or more */
    public UploadKeys(MongoClient mongo, Jobs jobs, Duration age) {
        if (age.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("gateway.reap.age must be 1 s or more, not " + age);
        }
        this.keys = mongo.getDatabase("videos").getCollection("upload_keys");
        this.jobs = jobs;
        this.clock = new StoreClock(mongo);
        this.age = age;
    }

    /**
     * Takes a key for an upload.
     *
     * @param key what the sender calls the upload; null if nothing
     * @throws Refusal 400 if it can't be a key, 409 while another request holds it, 410 if its job has been deleted
     */
    public UploadKey take(
            @Simple("${exchangeProperty.caller.username}") String owner, @Header("Idempotency-Key") String key) {
        if (key == null) {
            return UploadKey.NONE;
        }
        if (!KEY.matcher(key).matches()) {
            throw Refusal.of(400, "bad Idempotency-Key", "Idempotency-Key must be 1 to 255 visible ASCII characters.");
        }
        String id = owner + ' ' + key;
        ObjectId holder = new ObjectId();
        try {
            keys.insertOne(new Document("_id", id)
                    .append(HOLDER, holder)
                    .append(UNTIL, leaseEnd())
                    .append(CREATED, Date.from(clock.now())));
            return new UploadKey(id, holder, null);
        } catch (MongoWriteException e) {
            if (e.getError().getCategory() != ErrorCategory.DUPLICATE_KEY) {
                throw e;
            }
        }
        Document known = keys.find(eq("_id", id)).first();
        if (known != null && known.getObjectId(JOB) != null) {
            Job job = jobs.find(known.getObjectId(JOB)).orElse(null);
            if (job != null && job.state() == JobState.DELETED) {
                throw Refusal.of(410, "deleted", "The job of this Idempotency-Key has been deleted.");
            }
            if (job != null) {
                return new UploadKey(id, null, job);
            }
        }
        Document taken = keys.findOneAndUpdate(
                and(eq("_id", id), lt(UNTIL, Date.from(clock.now()))),
                combine(set(HOLDER, holder), set(UNTIL, leaseEnd()), unset(JOB)));
        if (taken == null) {
            throw inFlight();
        }
        return new UploadKey(id, holder, null);
    }

    /** Says that the upload is still arriving. */
    public void renew(UploadKey key) {
        if (key.isHeld()) {
            keys.updateOne(heldBy(key), set(UNTIL, leaseEnd()));
        }
    }

    /**
     * Lets the key name a job that is about to be noted.
     *
     * @throws Refusal 409 if another request has taken it meanwhile
     */
    public void name(UploadKey key, ObjectId job) {
        if (key.isHeld()
                && keys.updateOne(heldBy(key), combine(set(JOB, job), set(UNTIL, leaseEnd())))
                                .getMatchedCount()
                        == 0) {
            throw inFlight();
        }
    }

    /**
     * Gives a key back whose upload has failed. It runs out by itself where that can't be done.
     *
     * @param key null if none was taken
     */
    public void release(UploadKey key) {
        if (key != null && key.isHeld()) {
            try {
                keys.deleteOne(and(heldBy(key), exists(JOB, false)));
            } catch (MongoException e) {
                LOG.debug("A key of an upload runs out by itself", e);
            }
        }
    }

    /** Forgets all keys of a person. */
    public void deleteOf(String owner) {
        keys.deleteMany(
                new Document("_id", new Document("$gte", owner + ' ').append("$lt", owner + '!'))); // ! is next to ' '
    }

    /** Forgets the keys that are old. */
    public void forget() {
        if (!prepared) {
            keys.createIndex(Indexes.ascending(CREATED));
            prepared = true;
        }
        keys.deleteMany(lt(CREATED, Date.from(Instant.now().minus(age))));
    }

    private Date leaseEnd() {
        return Date.from(clock.now().plus(LEASE));
    }

    private static Bson heldBy(UploadKey key) {
        return and(eq("_id", key.id()), eq(HOLDER, key.holder()));
    }

    private static Refusal inFlight() {
        return Refusal.of(409, "in flight", "An upload with this Idempotency-Key is under way; ask again in a minute.")
                .withHeader("Retry-After", "10");
    }
}
