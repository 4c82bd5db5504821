package io.github.videotomp3.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.videotomp3.auth.Caller;
import io.github.videotomp3.camel.Refusal;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.JobState;
import io.github.videotomp3.job.Jobs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.bson.types.ObjectId;

/**
 * Tells people what becomes of their jobs while it happens, as server-sent events (HTML Standard §9.2). All that listen
 * hear of a change from one look at the document store, so that several gateways need not know of each other.
 *
 * <p>An event {@code job} has a {@link JobView} as its data, an event {@code deleted} only the id. The id of an event is
 * when the job was changed, in milliseconds since 1970; who comes back with it hears all that has changed since, some of it
 * once more, but not what was deleted meanwhile.
 */
public final class JobEvents {

    /** Streams of one person, and answers for which they wait. */
    static final int MOST = 20;

    /** Of how many jobs a stream knows what it has said of them; of one that it has forgotten it may say something again. */
    static final int MOST_KNOWN = 2000;

    /** A change may become visible a little after one that is younger. */
    private static final Duration LATE = Duration.ofSeconds(3);

    private static final Duration SILENCE = Duration.ofSeconds(15);
    private static final Duration RETRY = Duration.ofSeconds(2);

    /** Takes what is said to one who listens. Its methods return at once, whatever becomes of the bytes. */
    public interface Listener {

        /** Sends this text. */
        void hear(String text);

        /** Ends the stream. */
        void end();
    }

    private record Shown(Instant updated, String etag) {}

    private final class Stream {

        private final Caller caller;
        private final String authorization;
        private final Listener listener;
        private final Map<ObjectId, Shown> shown = new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<ObjectId, Shown> eldest) {
                return size() > MOST_KNOWN;
            }
        };
        private final Map<ObjectId, Job> waiting = new HashMap<>();
        private long spoke = nanos.getAsLong();

        Stream(Caller caller, String authorization, Listener listener) {
            this.caller = caller;
            this.authorization = authorization;
            this.listener = listener;
        }

        /** Says what has become of the job, unless that was said before. */
        synchronized void show(Job job) {
            JobView view = ownJobs.view(job, position(job));
            Shown now = new Shown(job.updated(), view.etag());
            Shown last = shown.get(job.id());
            if (now.equals(last) || last != null && last.updated().isAfter(now.updated())) {
                return;
            }
            shown.put(job.id(), now);
            if (isWaiting(job)) {
                waiting.put(job.id(), job);
            } else {
                waiting.remove(job.id());
            }
            if (last == null || !last.etag().equals(now.etag())) {
                say("id: " + job.updated().toEpochMilli() + "\nevent: job\ndata: " + json(view) + "\n\n");
            }
        }

        /** Takes for said what somebody who begins to listen can look up. */
        synchronized void know(Job job) {
            shown.putIfAbsent(job.id(), new Shown(Instant.EPOCH, ""));
        }

        synchronized void forget(ObjectId id) {
            if (shown.remove(id) != null) {
                waiting.remove(id);
                say("event: deleted\ndata: {\"id\":\"" + id.toHexString() + "\"}\n\n");
            }
        }

        synchronized List<Job> waiting() {
            return new ArrayList<>(waiting.values());
        }

        synchronized void say(String text) {
            spoke = nanos.getAsLong();
            listener.hear(text);
        }

        /** Shows a sign of life, and looks whether the caller still may listen. */
        synchronized void keepAlive() {
            if (nanos.getAsLong() - spoke >= SILENCE.toNanos()) {
                say(":\n\n");
                try {
                    access.toRead(authorization);
                } catch (Refusal e) {
                    listener.end();
                }
            }
        }
    }

    /** A request that is answered once there is something to say. */
    private final class Waiter {

        private final String id;
        private final Caller caller;
        private final String ifNoneMatch;
        private final long end;
        private final Runnable answer;

        Waiter(String id, Caller caller, String ifNoneMatch, Duration longest, Runnable answer) {
            this.id = id;
            this.caller = caller;
            this.ifNoneMatch = ifNoneMatch;
            this.end = nanos.getAsLong() + longest.toNanos();
            this.answer = answer;
        }

        boolean isOver() {
            if (nanos.getAsLong() - end >= 0) {
                return true;
            }
            try {
                JobView view = ownJobs.look(id, caller);
                return ifNoneMatch == null ? view.phase() == null : !Etags.matches(ifNoneMatch, view.etag());
            } catch (RuntimeException e) {
                return true; // the answer says what is wrong
            }
        }

        void release() {
            if (waiters.remove(this)) {
                answer.run();
            }
        }
    }

    private final Jobs jobs;
    private final OwnJobs ownJobs;
    private final Access access;
    private final ObjectMapper mapper = new ObjectMapper();
    private final Map<Listener, Stream> streams = new ConcurrentHashMap<>();
    private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();
    private volatile Map<ObjectId, Integer> positions = Map.of();
    private final LongSupplier nanos;
    private volatile long looked;

    public JobEvents(Jobs jobs, OwnJobs ownJobs, Access access) {
        this(jobs, ownJobs, access, System::nanoTime);
    }

    JobEvents(Jobs jobs, OwnJobs ownJobs, Access access, LongSupplier nanos) {
        this.jobs = jobs;
        this.ownJobs = ownJobs;
        this.access = access;
        this.nanos = nanos;
        this.looked = nanos.getAsLong();
    }

    /**
     * Begins a stream with the jobs that have not ended; or, for one that comes back, with those that have changed since.
     *
     * @param lastEventId what its listener heard last; null, or what is no such id, for one that is new
     * @throws Refusal 401, 403 as {@link Access#toRead}, 429 if the caller has too many streams
     */
    public void listen(String authorization, String lastEventId, Listener listener) {
        Caller caller = access.toRead(authorization);
        if (streams.values().stream()
                        .filter(stream -> stream.caller.username().equals(caller.username()))
                        .count()
                >= MOST) {
            throw Refusal.of(429, "too many streams", "You listen " + MOST + " times already; close some of them.")
                    .withHeader("Retry-After", "10");
        }
        List<Job> newest = jobs.newest(caller.username());
        Instant since = since(lastEventId);
        List<Job> due = since == null
                ? newest.stream().filter(job -> !job.isEnded()).toList()
                : jobs.changedSince(since.minus(LATE), caller.username());
        Stream stream = new Stream(caller, authorization, listener);
        stream.say("retry: " + RETRY.toMillis() + "\n\n");
        newest.forEach(stream::know);
        streams.put(listener, stream);
        due.forEach(stream::show);
    }

    private static Instant since(String lastEventId) {
        return lastEventId == null || !lastEventId.matches("\\d{1,15}")
                ? null
                : Instant.ofEpochMilli(Long.parseLong(lastEventId));
    }

    /** Says no more to this one. */
    public void forget(Listener listener) {
        streams.remove(listener);
    }

    /**
     * Runs the answer as soon as the job is no longer as the caller knows it, or the time is over; at once if the caller may
     * not look at it, or waits too often already.
     *
     * @param ifNoneMatch how the caller knows it; null for one who waits for the job's end
     */
    public void await(String id, String authorization, String ifNoneMatch, Duration longest, Runnable answer) {
        Caller caller;
        try {
            caller = access.toRead(authorization);
        } catch (Refusal e) {
            answer.run(); // says why
            return;
        }
        if (waiters.stream().filter(waiter -> waiter.caller.equals(caller)).count() >= MOST) {
            answer.run();
            return;
        }
        Waiter waiter = new Waiter(id, caller, ifNoneMatch, longest, answer);
        waiters.add(waiter);
        if (waiter.isOver()) {
            waiter.release();
        }
    }

    /** Whether there is anybody to tell something. */
    public boolean isHeard() {
        if (streams.isEmpty() && waiters.isEmpty()) {
            looked = nanos.getAsLong();
            return false;
        }
        return true;
    }

    /** What has changed since the last time, and a little longer ago. */
    public List<Job> changed() {
        long now = nanos.getAsLong();
        List<Job> changed = jobs.changedLately(Duration.ofNanos(now - looked).plus(LATE));
        looked = now;
        return changed;
    }

    /** Tells those who listen about this job, if it is theirs. */
    public void tell(Job job) {
        for (Stream stream : streams.values()) {
            if (job.state() == JobState.DELETED) {
                stream.forget(job.id());
            } else if (stream.caller.username().equals(job.owner())) {
                stream.show(job);
            }
        }
        for (Waiter waiter : waiters) {
            if (waiter.id.equals(job.id().toHexString()) && waiter.isOver()) {
                waiter.release();
            }
        }
    }

    /** Tells those whose jobs wait how far they have moved up, and all others that the service is still there. */
    public void keepAlive() {
        List<Job> waiting = new ArrayList<>();
        streams.values().forEach(stream -> waiting.addAll(stream.waiting()));
        if (!waiting.isEmpty()) {
            Map<ObjectId, Integer> now = new HashMap<>();
            jobs.waiting().forEach(id -> now.put(id, now.size() + 1));
            positions = now;
        }
        for (Stream stream : streams.values()) {
            stream.waiting().forEach(stream::show);
            stream.keepAlive();
        }
        for (Waiter waiter : waiters) {
            if (nanos.getAsLong() - waiter.end >= 0) {
                waiter.release();
            }
        }
    }

    /** Ends all streams and all waiting, because this process stops. */
    public void close() {
        streams.keySet().forEach(Listener::end);
        waiters.forEach(Waiter::release);
    }

    private OptionalInt position(Job job) {
        Integer position = isWaiting(job) ? positions.get(job.id()) : null;
        return position == null ? OptionalInt.empty() : OptionalInt.of(position);
    }

    private static boolean isWaiting(Job job) {
        return job.state() == JobState.STORED || job.state() == JobState.QUEUED;
    }

    private String json(JobView view) {
        try {
            return mapper.writeValueAsString(view);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A view consists of plain values", e);
        }
    }
}
