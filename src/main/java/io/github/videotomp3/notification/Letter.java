package io.github.videotomp3.notification;

import io.github.videotomp3.job.Job;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * What a mail says, for the templates in {@code mails/}, which choose the words around it: nothing here is escaped.
 *
 * @param heading a title for its reader
 * @param done the jobs that have an MP3
 * @param lost those that will have none
 * @param until the last day on which the links of {@code done} need no token, in UTC; null if there are none
 * @param url where people reach the service, without a slash at the end
 * @param unsubscribe a link that ends all mails to its reader
 */
record Letter(
        String subject,
        String heading,
        List<Done> done,
        List<Lost> lost,
        String until,
        String url,
        String unsubscribe) {

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    /**
     * A job that has an MP3.
     *
     * @param about the MP3's length, if known, and size
     * @param warning what is missing in it; null if nothing
     * @param link to it, for who has no token
     */
    record Done(String mp3, String name, String about, String warning, String link) {

        static Done of(Job job, String link) {
            return new Done(
                    job.mp3().toHexString(),
                    line(job.name()),
                    (job.seconds() > 0 ? length(Math.round(job.seconds())) + ", " : "") + size(job.mp3Bytes()),
                    job.warning(),
                    link);
        }
    }

    /**
     * A job that will have no MP3.
     *
     * @param reason a sentence
     * @param advice what its owner can do
     */
    record Lost(String id, String name, String reason, String advice) {

        static Lost of(Job job) {
            return new Lost(
                    job.id().toHexString(),
                    line(job.name()),
                    job.reason(),
                    job.isFailed()
                            ? "That is not the video's fault. It is kept, and whoever runs the service can try it again;"
                                    + " or upload it once more."
                            : "Look whether it plays with sound on your own device. If it does, export or download it"
                                    + " once more, and upload that.");
        }
    }

    /** @param expiry of the links */
    static Letter about(List<Done> done, List<Lost> lost, Instant expiry, String url, String unsubscribe) {
        return new Letter(
                subject(done.size(), lost.size()),
                heading(done.size(), lost.size()),
                done,
                lost,
                done.isEmpty() ? null : DAY.format(expiry.minusSeconds(1)),
                url,
                unsubscribe);
    }

    /** The words of the original for one job; for several how many there are. */
    private static String subject(int done, int lost) {
        if (done == 0) {
            return "MP3 conversion failed" + (lost > 1 ? ": " + lost + " videos" : "");
        }
        return "MP3 Download" + (done + lost > 1 ? ": " + done + " ready" : "")
                + (lost > 0 ? ", " + lost + " failed" : "");
    }

    private static String heading(int done, int lost) {
        if (lost == 0) {
            return done == 1 ? "Your MP3 is ready" : "Your " + done + " MP3s are ready";
        }
        String failed = (lost == 1 ? "video" : lost + " videos") + " could not be converted";
        return done == 0 ? "Your " + failed : done + " of your " + (done + lost) + " videos are MP3s now";
    }

    /** A name of the original's gateway may hold anything, but must not look like another line of the mail. */
    private static String line(String name) {
        return name.replaceAll("\\p{Cntrl}+", " ");
    }

    private static String length(long seconds) {
        long hours = seconds / 3600;
        return hours > 0
                ? String.format(Locale.ROOT, "%d:%02d:%02d", hours, seconds / 60 % 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
    }

    /** In the decimal units of the shops and disks that people know. */
    private static String size(long bytes) {
        return bytes < 1_000_000
                ? Math.max(1, Math.round(bytes / 1000.0)) + " kB"
                : String.format(Locale.ROOT, "%.1f MB", bytes / 1_000_000.0);
    }
}
