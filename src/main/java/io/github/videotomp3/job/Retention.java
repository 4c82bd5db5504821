package io.github.videotomp3.job;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How long the service keeps what people send, and what it makes of that. An MP3 that nobody has fetched whole gets a time
 * of grace; with the MP3 goes all that is known of the job.
 */
public final class Retention {

    private final Jobs jobs;
    private final StoredFiles videos;
    private final Duration video;
    private final Duration job;
    private final Duration grace;
    private final Clock clock;

    /**
     * @param video how long the video of a job that is done is kept, 0 for no longer than it takes to make the MP3
     * @param job how long a job that has ended is kept, and its MP3, 1 minute or more
     * @param grace how much longer an MP3 is kept that nobody has fetched, 0 or more
     */
    public Retention(Jobs jobs, StoredFiles videos, Duration video, Duration job, Duration grace) {
        this(jobs, videos, video, job, grace, Clock.systemUTC());
    }

    Retention(Jobs jobs, StoredFiles videos, Duration video, Duration job, Duration grace, Clock clock) {
        require("keep.video", video, Duration.ZERO);
        require("keep.job", job, Duration.ofMinutes(1));
        require("keep.grace", grace, Duration.ZERO);
        this.jobs = jobs;
        this.videos = videos;
        this.video = video;
        this.job = job;
        this.grace = grace;
        this.clock = clock;
    }

    private static void require(String key, Duration value, Duration least) {
        if (value.compareTo(least) < 0) {
            throw new IllegalArgumentException(key + " must be " + least.toMinutes() + " min or more, not " + value);
        }
    }

    /** From when on the job is deleted, as things stand; null if it has not ended. */
    public Instant expires(Job ended) {
        if (ended.ended() == null) {
            return null;
        }
        Instant expires = ended.ended().plus(job);
        return ended.isDone() && ended.fetched() == null ? expires.plus(grace) : expires;
    }

    /** The jobs whose time is over. */
    public List<Job> expired() {
        Instant now = clock.instant();
        return jobs.endedBefore(job).stream()
                .filter(ended -> !expires(ended).isAfter(now))
                .toList();
    }

    /** Deletes a job as its owner would. */
    public void delete(Job expired) {
        jobs.delete(expired.id(), expired.owner());
    }

    /** The jobs that are done and whose video has been kept for long enough. */
    public List<Job> withNeedlessVideo() {
        return jobs.withVideoSince(video);
    }

    /** Deletes the video of a job that is done; doing it again changes nothing. */
    public void dropVideo(Job done) {
        if (done.isDone()) {
            videos.delete(done.id());
            jobs.freed(done);
        }
    }

    /** The same, if videos are kept no longer than that. */
    public void dropVideoAtOnce(Job ended) {
        if (video.isZero()) {
            dropVideo(ended);
        }
    }
}
