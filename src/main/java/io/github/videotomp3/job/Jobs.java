package io.github.videotomp3.job;

import static com.mongodb.client.model.Accumulators.sum;
import static com.mongodb.client.model.Aggregates.group;
import static com.mongodb.client.model.Aggregates.match;
import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.ne;
import static com.mongodb.client.model.Filters.nin;
import static com.mongodb.client.model.Filters.or;
import static com.mongodb.client.model.Projections.include;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.inc;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;

import com.mongodb.MongoWriteException;
import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.gridfs.model.GridFSFile;
import com.mongodb.client.model.CountOptions;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.Sorts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;

/**
 * All jobs, one MongoDB document each, beside the videos. Every change of state is a compare-and-set on one document,
 * so that two workers, or one that was asleep, can never both win, and so that a kill between any two steps leaves a
 * state from which somebody goes on.
 */
public final class Jobs {

    private static final int NEWEST = 100;
    private static final int COUNTED = 1000;
    private static final int CHANGES = 1000;
    private static final int MANY = 10_000;

    /** The states of which an owner is told. */
    static final Set<String> ENDED = Set.of(JobState.DONE.key(), JobState.REJECTED.key(), JobState.FAILED.key());

    /** Those in which a job has not ended. */
    static final Set<String> OPEN = Set.of(JobState.STORED.key(), JobState.QUEUED.key(), JobState.CONVERTING.key());

    /** True in the document of a job that has ended, until the broker has the message that says so. */
    private static final String UNTOLD = "untold";

    /** True in the document of a job whose end the broker has been told twice; a third time would not help. */
    private static final String RETOLD = "retold";

    /** When a job ended; when its MP3 was first handed out whole; whether its video is gone although it is done. */
    private static final String ENDED_AT = "ended";

    private static final String FETCHED = "fetched";
    private static final String FREED = "freed";

    /** One address: a list in a message must not become a list of recipients. */
    private static final Pattern ADDRESS = Pattern.compile("[^\\s,;:<>\"]+@[^\\s,;:<>\"]+");

    private static final FindOneAndUpdateOptions CHANGED =
            new FindOneAndUpdateOptions().returnDocument(ReturnDocument.AFTER);

    private final MongoCollection<Document> jobs;
    private final StoredFiles videos;
    private final StoredFiles mp3s;
    private final StoreClock clock;
    private final Duration lease;
    private final int maxAttempts;
    private volatile boolean prepared;

    /**
     * @param lease how long a claim holds without a sign of life, more than 1 s
     * @param maxAttempts how many claims a job gets before it has failed, 1 or more
     */
    public Jobs(MongoClient mongo, StoredFiles videos, StoredFiles mp3s, Duration lease, int maxAttempts) {
        if (lease.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("converter.lease must be 1 s or more, not " + lease);
        }
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("converter.attempts must be 1 or more, not " + maxAttempts);
        }
        this.jobs = mongo.getDatabase("videos").getCollection("jobs");
        this.videos = videos;
        this.mp3s = mp3s;
        this.clock = new StoreClock(mongo);
        this.lease = lease;
        this.maxAttempts = maxAttempts;
    }

    /** Notes a video of unknown checksum that is stored under {@code id}, and of whose MP3 nobody wishes anything. */
    public Job create(ObjectId id, String owner, String name, long bytes) {
        return create(id, owner, name, bytes, null, Mp3Options.NONE);
    }

    /**
     * Notes an upload whose video is stored under {@code id}.
     *
     * @param crc32c of the video as it arrived; null if unknown
     */
    public Job create(ObjectId id, String owner, String name, long bytes, Long crc32c, Mp3Options options) {
        prepare();
        Date now = now();
        Document job = new Document("_id", id)
                .append("owner", owner)
                .append("name", name)
                .append("state", JobState.STORED.key())
                .append("attempts", 0)
                .append("bytes", bytes)
                .append("created", now)
                .append("updated", now);
        if (crc32c != null) {
            job.append("crc32c", crc32c);
        }
        if (!options.equals(Mp3Options.NONE)) {
            job.append("options", new Document(options.asMap()));
        }
        jobs.insertOne(job);
        return Job.of(job);
    }

    /**
     * Makes the indexes that the queries of this package use, before the first job of this process, or the first sweep: each
     * query finds its documents by one of them, however many others there are.
     */
    private void prepare() {
        if (!prepared) {
            jobs.createIndex(Indexes.compoundIndex(Indexes.ascending("owner"), Indexes.descending("_id")));
            jobs.createIndex(Indexes.compoundIndex(Indexes.ascending("owner", "state"), Indexes.descending("_id")));
            jobs.createIndex(Indexes.ascending("owner", "state", "notified", "_id"));
            jobs.createIndex(Indexes.ascending("owner", "updated"));
            jobs.createIndex(Indexes.ascending("state", "_id"));
            jobs.createIndex(Indexes.ascending("state", "updated"));
            jobs.createIndex(Indexes.ascending("state", "notified", "updated"));
            jobs.createIndex(Indexes.ascending("state", FREED, ENDED_AT));
            jobs.createIndex(Indexes.ascending("updated"));
            jobs.createIndex(Indexes.ascending(ENDED_AT), new IndexOptions().sparse(true));
            jobs.createIndex(Indexes.ascending("mp3"), new IndexOptions().sparse(true));
            jobs.createIndex(Indexes.ascending(UNTOLD), new IndexOptions().sparse(true));
            prepared = true;
        }
    }

    /** Notes that the broker has taken the job's message; a converter may have been faster, then nothing changes. */
    public void queued(Job job) {
        JobState to = job.state() == JobState.STORED ? JobState.QUEUED : job.state();
        change(and(eq("_id", job.id()), state(job.state()), eq("attempts", job.attempts())), set("state", to.key()));
    }

    /**
     * The jobs that need a message, the oldest first: those that have been stored for longer than {@code age} and not been
     * queued, and those that somebody should be at work on, but of which nothing has been heard for longer than
     * {@code silence}: a queue that was deleted takes its messages with it. One message too many changes nothing.
     */
    public List<Job> leftBehind(Duration age, Duration silence) {
        prepare();
        return list(jobs.find(or(
                        and(state(JobState.STORED), lt("updated", before(age))),
                        and(
                                in("state", JobState.QUEUED.key(), JobState.CONVERTING.key()),
                                lt("updated", before(silence)))))
                .sort(Sorts.ascending("updated")));
    }

    /**
     * The jobs whose end has to be announced: those that ended longer than {@code age} ago, of which the broker has not
     * been told, and once more those of which it has, but whose owner has heard nothing for longer than {@code silence}: a
     * queue that was deleted takes its messages with it.
     */
    public List<Job> untold(Duration age, Duration silence) {
        return list(jobs.find(or(
                        and(eq(UNTOLD, true), lt("updated", before(age))),
                        and(
                                in("state", ENDED),
                                exists("notified", false),
                                exists(RETOLD, false),
                                lt("updated", before(silence)))))
                .sort(Sorts.ascending("updated")));
    }

    /** Notes that the broker has taken the message about the job's end, for the first or the second time. */
    public void told(Job job) {
        change(and(eq("_id", job.id()), eq(UNTOLD, true)), unset(UNTOLD))
                .or(() -> change(and(eq("_id", job.id()), exists("notified", false)), set(RETOLD, true)));
    }

    /**
     * Takes the job for one attempt. A job that has ended comes back as it is; one that has used up its attempts comes
     * back as failed. The first attempt's MP3 gets the job's id, that of each later one an id of its own: an attempt that
     * was only asleep can't touch the MP3 of the one that took over.
     *
     * @throws Postponed while another worker holds the lease
     * @throws Unprocessable if there is neither a job nor a video of that id
     */
    public Job claim(JobMessage message) {
        ObjectId id = videoId(message);
        Bson free = or(
                in("state", JobState.STORED.key(), JobState.QUEUED.key()),
                and(state(JobState.CONVERTING), lt("lease", now())));
        Bson attempt = combine(
                set("state", JobState.CONVERTING.key()),
                inc("attempts", 1),
                set("lease", leaseEnd()),
                at(Phase.FETCHING, 0, 0));
        Optional<Job> claimed = change(and(eq("_id", id), free, eq("attempts", 0)), attempt)
                .or(() -> change(
                        and(eq("_id", id), free, gte("attempts", 1), lt("attempts", maxAttempts)),
                        combine(attempt, set("mp3", new ObjectId()))));
        if (claimed.isPresent()) {
            return claimed.get();
        }
        Job job = find(id).orElseGet(() -> importVideo(message));
        if (job.state() == JobState.STORED && job.attempts() < maxAttempts) {
            return claim(message); // just imported
        }
        String reason = "The conversion was tried " + maxAttempts + " times and did not come to an end.";
        return change(
                        and(eq("_id", id), free, gte("attempts", maxAttempts)),
                        combine(
                                set("state", JobState.FAILED.key()),
                                set("reason", reason),
                                set(ENDED_AT, now()),
                                set(UNTOLD, true),
                                unset("lease")))
                .or(() -> find(id).filter(Job::isEnded))
                .orElseThrow(() -> new Postponed("another worker holds job " + id.toHexString()));
    }

    /**
     * Shows a sign of life and how far the conversion is.
     *
     * @param seconds of audio that have been converted
     * @param percent of the MP3 that has been made, 0 to 99; null if unknown
     * @throws Postponed if the attempt no longer holds the job
     */
    public void progress(Job job, Phase phase, double seconds, Integer percent) {
        change(held(job), combine(set("lease", leaseEnd()), at(phase, seconds, percent)))
                .orElseThrow(() -> lost(job));
    }

    /** @throws Postponed if the attempt no longer holds the job */
    public void check(Job job) {
        if (jobs.find(held(job)).projection(include("_id")).first() == null) {
            throw lost(job);
        }
    }

    private static Postponed lost(Job job) {
        return new Postponed("job " + job.id().toHexString() + " was taken over or deleted");
    }

    private static Bson at(Phase phase, double seconds, Integer percent) {
        return combine(set("phase", phase.key()), set("seconds", seconds), set("percent", percent));
    }

    /** Gives the job back, unharmed: an attempt that its own process cut short does not count. */
    public void handBack(Job job) {
        change(held(job), combine(set("state", JobState.QUEUED.key()), inc("attempts", -1), unset("lease")));
    }

    /**
     * Lets a job that was given up start anew, as if its video had just been stored; any other stays as it is.
     *
     * @param parked the message as it lies in the queue; what cannot be read names no job, and changes nothing
     */
    public void revive(String parked) {
        JobMessage.read(parked)
                .ifPresent(message -> change(
                        and(eq("_id", message.videoId()), state(JobState.FAILED)),
                        combine(
                                set("state", JobState.STORED.key()),
                                set("attempts", 0),
                                set("mp3", new ObjectId()),
                                unset("reason"),
                                unset(ENDED_AT),
                                unset("notified"),
                                unset(MailClaims.MAILING),
                                unset(UNTOLD),
                                unset(RETOLD))));
    }

    /** Ends the attempt with an MP3 that is stored. */
    public Job done(Job job, long mp3Bytes, double seconds, String warning) {
        return end(
                job,
                combine(
                        set("state", JobState.DONE.key()),
                        set("mp3_bytes", mp3Bytes),
                        set("seconds", seconds),
                        warning == null ? unset("warning") : set("warning", warning)));
    }

    /** Ends the attempt because the video can't be converted. */
    public Job rejected(Job job, String reason) {
        return end(job, combine(set("state", JobState.REJECTED.key()), set("reason", reason)));
    }

    /** Gives the attempt up for good, for a reason that the operator has to look at; the video stays. */
    public Job failed(Job job, String reason) {
        return end(job, combine(set("state", JobState.FAILED.key()), set("reason", reason)));
    }

    private Job end(Job job, Bson result) {
        return change(held(job), combine(result, set(ENDED_AT, now()), set(UNTOLD, true), unset("lease")))
                .or(() -> find(job.id()).filter(now -> now.state() == JobState.DELETED))
                .orElseThrow(() -> new Postponed("job " + job.id().toHexString() + " was taken over"));
    }

    /**
     * The job of whose end a message speaks, also if it has been deleted since. An MP3 of the original's converter becomes
     * the job's own, or a job of its own where there is none.
     *
     * @throws Postponed if the job has not ended
     * @throws Unprocessable if there is neither a job nor an MP3 of that id
     */
    public Job ended(JobMessage message) {
        ObjectId id = videoId(message);
        ObjectId mp3 = message.mp3Id();
        if (mp3 != null && !mp3.equals(id) && find(id).filter(Job::isEnded).isEmpty()) {
            adopt(message, id, mp3);
        }
        Job job = find(id).orElseThrow(() -> unknown(id));
        if (!job.isEnded()) {
            throw new Postponed("job " + id.toHexString() + " has not ended yet");
        }
        return job;
    }

    /** Notes that the MP3 has been handed out whole, for the first time. */
    public void fetched(ObjectId id) {
        change(and(eq("_id", id), state(JobState.DONE), exists(FETCHED, false)), set(FETCHED, now()));
    }

    /** Notes that the video of a job that is done has been deleted. */
    public void freed(Job job) {
        jobs.updateOne(and(eq("_id", job.id()), state(JobState.DONE)), set(FREED, job.bytes()));
    }

    /** The jobs that ended longer ago than this, those that ended first before others. */
    public List<Job> endedBefore(Duration age) {
        return jobs.find(and(lt(ENDED_AT, before(age)), in("state", ENDED)))
                .sort(Sorts.ascending(ENDED_AT))
                .limit(MANY)
                .map(Job::of)
                .into(new ArrayList<>());
    }

    /** Those of them whose video is still there, although they are done. */
    public List<Job> withVideoSince(Duration age) {
        return jobs.find(and(lt(ENDED_AT, before(age)), state(JobState.DONE), exists(FREED, false)))
                .sort(Sorts.ascending(ENDED_AT))
                .limit(MANY)
                .map(Job::of)
                .into(new ArrayList<>());
    }

    /** Whose job it is; nothing if there is none, or no more. */
    public Optional<String> owner(ObjectId id) {
        return Optional.ofNullable(
                        jobs.find(eq("_id", id)).projection(include("owner")).first())
                .map(job -> job.getString("owner"));
    }

    /**
     * The owner's job, by its id or by that of an MP3 that the original's converter made for it; empty also if it is
     * somebody else's or was deleted.
     */
    public Optional<Job> find(ObjectId id, String owner) {
        return find(id).or(() -> first(and(eq("mp3", id), eq("owner", owner))))
                .filter(job -> owner.equals(job.owner()));
    }

    /**
     * Where a job stands among those that wait for a converter, 1 for the next one; empty if it does not wait, or is so far
     * behind that counting is not worth it.
     */
    public OptionalInt position(Job job) {
        if (job.state() != JobState.STORED && job.state() != JobState.QUEUED) {
            return OptionalInt.empty();
        }
        Bson before = and(in("state", JobState.STORED.key(), JobState.QUEUED.key()), lt("_id", job.id()));
        int count = (int) jobs.countDocuments(before, new CountOptions().limit(COUNTED));
        return count < COUNTED ? OptionalInt.of(count + 1) : OptionalInt.empty();
    }

    /** The ids of the jobs that wait for a converter, the next one first; those that are far behind are left out. */
    public List<ObjectId> waiting() {
        return jobs.find(in("state", JobState.STORED.key(), JobState.QUEUED.key()))
                .projection(include("_id"))
                .sort(Sorts.ascending("_id"))
                .limit(COUNTED)
                .map(job -> job.getObjectId("_id"))
                .into(new ArrayList<>());
    }

    /** All jobs that have changed in this time, also what is left of those that were deleted; the oldest change first. */
    public List<Job> changedLately(Duration lately) {
        return jobs.find(gte("updated", before(lately)))
                .sort(Sorts.ascending("updated"))
                .map(Job::of)
                .into(new ArrayList<>());
    }

    /** The jobs of an owner that have changed since then, the 1000 last changed of them, the oldest change first. */
    public List<Job> changedSince(Instant since, String owner) {
        List<Job> changed = jobs.find(and(eq("owner", owner), gte("updated", Date.from(since))))
                .sort(Sorts.descending("updated"))
                .limit(CHANGES)
                .map(Job::of)
                .into(new ArrayList<>());
        Collections.reverse(changed);
        return changed;
    }

    /** The newest 100 jobs of an owner, the newest first. */
    public List<Job> newest(String owner) {
        return newest(owner, Set.of(), null, NEWEST);
    }

    /**
     * The newest jobs of an owner, the newest first; the order is that of the ids, which are made when an upload begins.
     *
     * @param states in which the jobs are; empty for all
     * @param before only those that are older than the job of this id; null for all
     * @param limit how many at most, 1 or more
     */
    public List<Job> newest(String owner, Set<JobState> states, ObjectId before, int limit) {
        Document which = new Document("owner", owner);
        if (!states.isEmpty()) {
            which.append(
                    "state",
                    new Document("$in", states.stream().map(JobState::key).toList()));
        }
        if (before != null) {
            which.append("_id", new Document("$lt", before));
        }
        return jobs.find(which)
                .sort(Sorts.descending("_id"))
                .limit(limit)
                .map(Job::of)
                .into(new ArrayList<>());
    }

    private static List<Job> list(FindIterable<Document> found) {
        return found.limit(NEWEST).map(Job::of).into(new ArrayList<>());
    }

    /** Removes the job's bytes and leaves a trace without a person in it; false if the owner has no such job. */
    public boolean delete(ObjectId id, String owner) {
        Optional<Job> job = find(id, owner);
        job.ifPresent(found -> {
            // whoever converts it holds it no more, and stops
            change(and(eq("_id", found.id()), state(JobState.CONVERTING)), set("mp3", new ObjectId()));
            videos.delete(found.id());
            mp3s.delete(found.mp3());
            change(
                            and(eq("_id", id), eq("owner", owner)),
                            combine(
                                    set("state", JobState.DELETED.key()),
                                    unset("owner"),
                                    unset("name"),
                                    unset("reason"),
                                    unset("warning"),
                                    unset("crc32c"),
                                    unset(ENDED_AT),
                                    unset(FETCHED),
                                    unset(MailClaims.MAILING),
                                    unset("options"),
                                    unset(UNTOLD),
                                    unset("lease")))
                    .ifPresent(deleted -> mp3s.delete(found.mp3())); // stored while this deleted
        });
        return job.isPresent();
    }

    /** How many jobs of an owner have not ended. */
    public long open(String owner) {
        return jobs.countDocuments(and(eq("owner", owner), in("state", OPEN)));
    }

    /** How many jobs have not ended. */
    public long open() {
        return jobs.countDocuments(in("state", OPEN));
    }

    /** The bytes of an owner's videos and MP3s; looks at each of the owner's jobs. */
    public long bytes(String owner) {
        return bytes(eq("owner", owner));
    }

    /** The bytes of all videos and MP3s; looks at each job. */
    public long bytes() {
        return bytes(exists("owner"));
    }

    private long bytes(Bson which) {
        long bytes = 0;
        for (Document state : jobs.aggregate(List.of(
                match(which),
                group("$state", sum("bytes", "$bytes"), sum("mp3_bytes", "$mp3_bytes"), sum(FREED, "$" + FREED))))) {
            bytes += number(state, "mp3_bytes") - number(state, FREED);
            bytes += state.getString("_id").equals(JobState.REJECTED.key())
                    ? 0
                    : number(state, "bytes"); // deleted at once
        }
        return bytes;
    }

    private static long number(Document document, String key) {
        return ((Number) document.get(key)).longValue();
    }

    /** How many jobs there are in each state. */
    public Map<JobState, Long> countByState() {
        Map<JobState, Long> counts = new EnumMap<>(JobState.class);
        for (JobState state : JobState.values()) {
            counts.put(state, jobs.countDocuments(state(state)));
        }
        return counts;
    }

    /** Those of these videos that no job will ask for again: there is none, or it is rejected or deleted. */
    public List<ObjectId> needlessVideos(List<ObjectId> ids) {
        Bson wanted = and(in("_id", ids), nin("state", JobState.REJECTED.key(), JobState.DELETED.key()));
        return without(ids, wanted, job -> job.getObjectId("_id"));
    }

    /** Those of these MP3s that no job has made or is about to make. */
    public List<ObjectId> needlessMp3s(List<ObjectId> ids) {
        Bson wanted = and(
                or(in("_id", ids), in("mp3", ids)),
                nin("state", JobState.REJECTED.key(), JobState.DELETED.key(), JobState.FAILED.key()));
        return without(ids, wanted, job -> job.get("mp3", job.getObjectId("_id")));
    }

    private List<ObjectId> without(List<ObjectId> ids, Bson wanted, Function<Document, ObjectId> file) {
        Set<ObjectId> left = new LinkedHashSet<>(ids);
        jobs.find(wanted).projection(include("mp3")).forEach(job -> left.remove(file.apply(job)));
        return List.copyOf(left);
    }

    /** A video that the original's gateway stored has no job: its message makes one. */
    private Job importVideo(JobMessage message) {
        GridFSFile video = videos.find(message.videoId()).orElseThrow(() -> unknown(message.videoId()));
        return imported(message.videoId(), message, video.getFilename(), video.getLength());
    }

    private void adopt(JobMessage message, ObjectId id, ObjectId mp3) {
        GridFSFile file = mp3s.find(mp3).orElseThrow(() -> unknown(mp3));
        if (find(id).isEmpty()) {
            imported(id, message, file.getFilename(), 0);
        }
        change(
                and(
                        eq("_id", id),
                        in("state", JobState.STORED.key(), JobState.QUEUED.key(), JobState.CONVERTING.key()),
                        ne("mp3", mp3)),
                combine(
                        set("state", JobState.DONE.key()),
                        set("mp3", mp3),
                        set("mp3_bytes", file.getLength()),
                        set(ENDED_AT, now()),
                        unset("lease")));
    }

    private Job imported(ObjectId id, JobMessage message, String name, long bytes) {
        if (message.username() == null || !ADDRESS.matcher(message.username()).matches()) {
            throw new Unprocessable("username is no e-mail address in the message about " + id.toHexString());
        }
        try {
            return create(id, message.username(), name == null || name.isBlank() ? id.toHexString() : name, bytes);
        } catch (MongoWriteException e) {
            return find(id).orElseThrow(() -> e); // another worker imported it at the same moment
        }
    }

    private static ObjectId videoId(JobMessage message) {
        if (message == null) {
            throw new Unprocessable("the message is null");
        }
        return message.videoId();
    }

    private static Unprocessable unknown(ObjectId id) {
        return new Unprocessable("there is neither a job nor a file of the id " + id.toHexString());
    }

    Optional<Job> find(ObjectId id) {
        return first(eq("_id", id));
    }

    private Optional<Job> first(Bson which) {
        return Optional.ofNullable(jobs.find(which).first()).map(Job::of);
    }

    private Optional<Job> change(Bson from, Bson to) {
        return Optional.ofNullable(jobs.findOneAndUpdate(from, combine(to, set("updated", now())), CHANGED))
                .map(Job::of);
    }

    private Date now() {
        return Date.from(clock.now());
    }

    private Date before(Duration age) {
        return Date.from(clock.now().minus(age));
    }

    private Date leaseEnd() {
        return Date.from(clock.now().plus(lease));
    }

    private static Bson state(JobState state) {
        return eq("state", state.key());
    }

    /** Only the newest claim holds the job: its count and the id of its MP3 are its fencing token. */
    private static Bson held(Job job) {
        Bson mp3 = job.mp3().equals(job.id()) ? exists("mp3", false) : eq("mp3", job.mp3());
        return and(eq("_id", job.id()), state(JobState.CONVERTING), eq("attempts", job.attempts()), mp3);
    }
}
