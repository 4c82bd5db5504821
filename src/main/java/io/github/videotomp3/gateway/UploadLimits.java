package io.github.videotomp3.gateway;

import io.github.videotomp3.auth.Caller;
import io.github.videotomp3.camel.Refusal;
import io.github.videotomp3.job.Jobs;
import io.github.videotomp3.job.StoredFiles;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.language.simple.Simple;

/**
 * Refuses an upload, before its body is read, that would take more than a person, or all of them together, may have. What
 * is still arriving counts once it is stored: uploads at the same moment may go over by their own size.
 */
public final class UploadLimits {

    private static final long AGE_NANOS = Duration.ofSeconds(5).toNanos();

    private record Totals(long open, long bytes, long free, long nanos) {}

    private final Jobs jobs;
    private final StoredFiles videos;
    private final int atOnce;
    private final long jobsPerUser;
    private final long allJobs;
    private final long bytesPerUser;
    private final long allBytes;
    private final long minFree;
    private volatile Totals totals;

    /**
     * Each limit but the first is 0 for none.
     *
     * @param atOnce uploads that run at once, 1 or more
     * @param jobsPerUser jobs of one person that have not ended
     * @param allJobs jobs of all that have not ended
     * @param bytesPerUser bytes of videos and MP3s of one person
     * @param allBytes bytes of videos and MP3s of all
     * @param minFree bytes that must stay free where the videos are stored
     */
    public UploadLimits(
            Jobs jobs,
            StoredFiles videos,
            int atOnce,
            long jobsPerUser,
            long allJobs,
            long bytesPerUser,
            long allBytes,
            long minFree) {
        if (atOnce < 1) {
            throw new IllegalArgumentException("gateway.uploads must be 1 or more, not " + atOnce);
        }
        require("gateway.limit.jobs-per-user", jobsPerUser);
        require("gateway.limit.jobs", allJobs);
        require("gateway.limit.bytes-per-user", bytesPerUser);
        require("gateway.limit.bytes", allBytes);
        require("gateway.limit.min-free", minFree);
        this.jobs = jobs;
        this.videos = videos;
        this.atOnce = atOnce;
        this.jobsPerUser = jobsPerUser;
        this.allJobs = allJobs;
        this.bytesPerUser = bytesPerUser;
        this.allBytes = allBytes;
        this.minFree = minFree;
    }

    private static void require(String key, long limit) {
        if (limit < 0) {
            throw new IllegalArgumentException(key + " must be 0 or more, not " + limit);
        }
    }

    /**
     * Lets the upload pass. How many run at once is what Camel counts as under way in their route, this one included.
     *
     * @param length of the body in bytes; null if its sender does not say
     * @throws Refusal 429 for too many uploads or jobs, 507 for too many bytes
     */
    public void admit(
            @Simple("${routeId}") String route,
            CamelContext camel,
            @ExchangeProperty("caller") Caller caller,
            @Header(Exchange.CONTENT_LENGTH) Long length) {
        check(camel.getInflightRepository().size(route), caller, length);
    }

    void check(int running, Caller caller, Long length) {
        if (running > atOnce) {
            throw Refusal.of(429, "too many uploads", "There are too many uploads at this moment; try again soon.")
                    .withHeader("Retry-After", "10");
        }
        long more = length == null ? 0 : length;
        long open = jobsPerUser > 0 ? jobs.open(caller.username()) : 0;
        if (isOver(open, 1, jobsPerUser)) {
            throw tooMany("You have " + open + " jobs that have not ended; " + jobsPerUser + " is the limit. Wait.");
        }
        long bytes = bytesPerUser > 0 ? jobs.bytes(caller.username()) : 0;
        if (isOver(bytes, more, bytesPerUser)) {
            throw full("Your videos and MP3s take " + bytes + " bytes of at most " + bytesPerUser
                    + ". Delete some jobs first.");
        }
        Totals all = totals();
        if (isOver(all.open(), 1, allJobs)) {
            throw tooMany("The service has as many jobs as it takes; try again later.");
        }
        if (isOver(all.bytes(), more, allBytes) || minFree > 0 && all.free() - more < minFree) {
            throw full("The service has no room for this video.");
        }
    }

    /** What somebody has of what they may have. */
    AccountView account(String owner, boolean mails) {
        return new AccountView(
                owner,
                new AccountView.Use(jobs.open(owner), jobsPerUser),
                new AccountView.Use(jobs.bytes(owner), bytesPerUser),
                mails);
    }

    private static boolean isOver(long used, long more, long limit) {
        return limit > 0 && used + more > limit;
    }

    /** Counted anew every few seconds: it is about all jobs. */
    private Totals totals() {
        Totals last = totals;
        if (last == null || System.nanoTime() - last.nanos() > AGE_NANOS) {
            last = new Totals(
                    allJobs > 0 ? jobs.open() : 0,
                    allBytes > 0 ? jobs.bytes() : 0,
                    minFree > 0 ? videos.freeBytes() : Long.MAX_VALUE,
                    System.nanoTime());
            totals = last;
        }
        return last;
    }

    private static Refusal tooMany(String detail) {
        return Refusal.of(429, "too many jobs", detail).withHeader("Retry-After", "60");
    }

    private static Refusal full(String detail) {
        return Refusal.of(507, "insufficient storage", detail);
    }
}
