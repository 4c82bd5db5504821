package io.github.videotomp3.job;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.bson.types.ObjectId;

/**
 * The message on every queue: which video, which MP3 once there is one, and whose. Its JSON names are those of the
 * original, whose services can stand at either end of a queue; what else a message carries passes through.
 */
public record JobMessage(
        @JsonProperty("video_fid") String video,
        @JsonProperty("mp3_fid") String mp3,
        @JsonProperty("username") String username,
        @JsonAnyGetter Map<String, Object> others) {

    private static final ObjectMapper JSON = new ObjectMapper();

    @JsonCreator
    public JobMessage(
            @JsonProperty("video_fid") String video,
            @JsonProperty("mp3_fid") String mp3,
            @JsonProperty("username") String username,
            @JsonAnySetter Map<String, Object> others) {
        this.video = video;
        this.mp3 = mp3;
        this.username = username;
        this.others = others == null ? Map.of() : new LinkedHashMap<>(others);
    }

    /** The message in this text; empty if it is none, or names no video. */
    static Optional<JobMessage> read(String json) {
        try {
            JobMessage message = JSON.readValue(json, JobMessage.class);
            return Optional.ofNullable(message).filter(read -> ObjectId.isValid(String.valueOf(read.video())));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** The message that offers a stored video to the converters. */
    public static JobMessage of(Job job) {
        return new JobMessage(job.id().toHexString(), null, job.owner(), Map.of());
    }

    /** The same message, now about the end of the job: with its MP3 if it has one. */
    public JobMessage about(Job job) {
        return new JobMessage(
                job.id().toHexString(), job.isDone() ? job.mp3().toHexString() : null, job.owner(), others);
    }

    ObjectId videoId() {
        return id(video, "video_fid");
    }

    /** The id of the MP3, null if the message names none. */
    ObjectId mp3Id() {
        return mp3 == null ? null : id(mp3, "mp3_fid");
    }

    private static ObjectId id(String value, String field) {
        if (value == null || !ObjectId.isValid(value)) {
            throw new Unprocessable(field + " is no ObjectId of 24 hexadecimal digits: " + value);
        }
        return new ObjectId(value);
    }
}
