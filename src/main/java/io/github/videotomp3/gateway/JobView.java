package io.github.videotomp3.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.github.videotomp3.job.Job;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A job as the API shows it; what is not known yet is left out.
 *
 * @param state stored, queued, converting, done, rejected or failed
 * @param bytes the video's size
 * @param seconds how much audio has been converted so far, in the end the MP3's length
 * @param created RFC 3339, UTC
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
        long bytes,
        @JsonProperty("mp3_bytes") Long mp3Bytes,
        Double seconds,
        int attempts,
        @JsonProperty("created_at") String created,
        @JsonProperty("updated_at") String updated,
        Map<String, String> links) {

    /** @param signed a link to the MP3 for who can send no token; null if there is none */
    static JobView of(Job job, String signed) {
        String id = job.id().toHexString();
        Map<String, String> links = new TreeMap<>(Map.of("self", "/jobs/" + id));
        if (job.isDone()) {
            links.put("download", "/download?fid=" + id);
            links.put("signed", signed);
        }
        return new JobView(
                id,
                job.state().name().toLowerCase(Locale.ROOT),
                job.name(),
                job.reason(),
                job.warning(),
                job.bytes(),
                job.isDone() ? job.mp3Bytes() : null,
                job.seconds() > 0 ? job.seconds() : null,
                job.attempts(),
                job.created().toString(),
                job.updated().toString(),
                links);
    }
}
