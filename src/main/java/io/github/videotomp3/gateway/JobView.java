package io.github.videotomp3.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.JobState;
import io.github.videotomp3.job.Phase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * A job as the API shows it; what is not known yet is left out.
 *
 * @param state stored, queued, converting, done, rejected or failed
 * @param bytes the video's size
 * @param options what its owner wishes of the MP3; left out if nothing
 * @param phase queued, fetching, converting or storing; left out once the job has ended
 * @param position among the jobs that wait for a converter, from 1; left out if it does not wait or was not counted
 * @param progress how much of the MP3 there is, in percent, 100 once the job is done; null if unknown
 * @param seconds how much audio has been converted so far, in the end the MP3's length
 * @param created RFC 3339, UTC
 * @param expires from when on the job and its MP3 are deleted, as things stand; left out if it has not ended
 * @param links where the job and, once done, its MP3 are; the MP3 also without a token, for some time
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"id", "state", "name"})
public record JobView(
        String id,
        String state,
        String name,
        String reason,
        String warning,
        Map<String, Object> options,
        String phase,
        Integer position,
        @JsonInclude(JsonInclude.Include.ALWAYS) Integer progress,
        long bytes,
        @JsonProperty("mp3_bytes") Long mp3Bytes,
        Double seconds,
        int attempts,
        @JsonProperty("created_at") String created,
        @JsonProperty("updated_at") String updated,
        @JsonProperty("expires_at") String expires,
        Map<String, String> links) {

    /**
     * @param signed a link to the MP3 for who can send no token; null if there is none
     * @param position empty if unknown
     * @param expires from when on the job is deleted; null if it has not ended
     */
    public static JobView of(Job job, String signed, OptionalInt position, Instant expires) {
        String id = job.id().toHexString();
        Map<String, String> links = new TreeMap<>(Map.of("self", "/jobs/" + id));
        if (job.isDone()) {
            links.put("download", "/download?fid=" + id);
            if (signed != null) {
                links.put("signed", signed);
            }
        }
        return new JobView(
                id,
                job.state().key(),
                job.name(),
                job.reason(),
                job.warning(),
                job.options().asMap().isEmpty() ? null : job.options().asMap(),
                phase(job),
                position.isPresent() ? position.getAsInt() : null,
                progress(job),
                job.bytes(),
                job.isDone() ? job.mp3Bytes() : null,
                job.seconds() > 0 ? job.seconds() : null,
                job.attempts(),
                job.created().toString(),
                job.updated().toString(),
                expires == null ? null : expires.truncatedTo(ChronoUnit.SECONDS).toString(),
                links);
    }

    /** Another one for each other view. */
    String etag() {
        return Etags.of(toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String phase(Job job) {
        if (job.isEnded()) {
            return null;
        }
        if (!job.isDue()) {
            return JobState.QUEUED.key();
        }
        return job.phase() == null ? Phase.CONVERTING.key() : job.phase().key();
    }

    private static Integer progress(Job job) {
        if (job.isEnded()) {
            return job.isDone() ? 100 : null;
        }
        return job.isDue() ? job.percent() : Integer.valueOf(0);
    }
}
