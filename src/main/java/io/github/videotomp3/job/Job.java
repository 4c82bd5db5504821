package io.github.videotomp3.job;

import java.time.Instant;
import org.bson.Document;
import org.bson.types.ObjectId;

/**
 * One upload and what became of it, as it stood when it was read.
 *
 * @param id also the id of the video in {@code videos}
 * @param mp3 the id of the MP3 in {@code mp3s}: the job's own, unless it took more than one attempt, or a converter of the
 *     original made the MP3
 * @param owner the e-mail address of the person who sent the video; null once deleted
 * @param name the video's file name as its owner calls it
 * @param attempts how often a converter has claimed the job; also the fencing token of the newest claim
 * @param bytes the video's size
 * @param crc32c the CRC-32C (RFC 3720 §12.1) of the video as it arrived; null if nobody took it, as for one of the original
 * @param mp3Bytes the MP3's size, 0 until it is done
 * @param seconds how much audio has been converted so far, in the end the MP3's length
 * @param reason why the job was rejected or failed, a sentence for its owner; else null
 * @param warning what its owner should know although it is done, such as a video that was cut short; else null
 * @param mailing until when the mail about the end is in the hands of the worker that claimed it; null if nobody has it
 * @param notified when the mail about the end was handed to the mail server; else null
 * @param ended when it ended; null if it has not, or was deleted
 * @param fetched when its MP3 was first handed out whole; else null
 * @param phase what the converter is at that has claimed it; null if none ever has
 * @param percent how much of the MP3 that converter has made, 0 to 99; null if unknown
 * @param options what its owner wishes of the MP3
 */
public record Job(
        ObjectId id,
        ObjectId mp3,
        String owner,
        String name,
        JobState state,
        int attempts,
        long bytes,
        Long crc32c,
        long mp3Bytes,
        double seconds,
        String reason,
        String warning,
        Instant created,
        Instant updated,
        Instant mailing,
        Instant notified,
        Instant ended,
        Instant fetched,
        Phase phase,
        Integer percent,
        Mp3Options options) {

    static Job of(Document document) {
        ObjectId id = document.getObjectId("_id");
        return new Job(
                id,
                document.get("mp3", id),
                document.getString("owner"),
                document.getString("name"),
                JobState.of(document.getString("state")),
                document.get("attempts", 0),
                number(document, "bytes").longValue(),
                document.getLong("crc32c"),
                number(document, "mp3_bytes").longValue(),
                number(document, "seconds").doubleValue(),
                document.getString("reason"),
                document.getString("warning"),
                instant(document, "created"),
                instant(document, "updated"),
                instant(document, "mailing"),
                instant(document, "notified"),
                instant(document, "ended"),
                instant(document, "fetched"),
                Phase.of(document.getString("phase")),
                document.getInteger("percent"),
                Mp3Options.of(document.get("options", Document.class)));
    }

    private static Number number(Document document, String key) {
        return document.get(key, (Number) 0);
    }

    private static Instant instant(Document document, String key) {
        return document.getDate(key) == null ? null : document.getDate(key).toInstant();
    }

    /** Whether the caller of a claim now has to convert it. */
    public boolean isDue() {
        return state == JobState.CONVERTING;
    }

    public boolean isDone() {
        return state == JobState.DONE;
    }

    /** Whether it ended without an MP3, and its owner has to be told. */
    public boolean isLost() {
        return state == JobState.REJECTED || state == JobState.FAILED;
    }

    /** Whether nothing more will happen to it. */
    public boolean isEnded() {
        return isDone() || isLost() || state == JobState.DELETED;
    }

    public boolean isFailed() {
        return state == JobState.FAILED;
    }
}
