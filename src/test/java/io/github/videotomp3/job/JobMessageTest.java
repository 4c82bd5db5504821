package io.github.videotomp3.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobMessageTest {

    private static final String VIDEO = "6743a1f0c2b5d80012345678";
    private static final String MP3 = "6743a1f0c2b5d80012345679";

    private final ObjectMapper json = new ObjectMapper();

    @Test
    void readsWhatTheOriginalsGatewaySends() throws Exception {
        JobMessage message =
                read("{\"video_fid\": \"" + VIDEO + "\", \"mp3_fid\": null, \"username\": \"georgio@email.com\"}");

        assertThat(message.videoId()).isEqualTo(new ObjectId(VIDEO));
        assertThat(message.mp3Id()).isNull();
        assertThat(message.username()).isEqualTo("georgio@email.com");
        assertThat(message.others()).isEmpty();
    }

    @Test
    void readsWhatTheOriginalsConverterSends() throws Exception {
        JobMessage message = read(
                "{\"video_fid\": \"" + VIDEO + "\", \"mp3_fid\": \"" + MP3 + "\", \"username\": \"a@example.com\"}");

        assertThat(message.mp3Id()).isEqualTo(new ObjectId(MP3));
    }

    @Test
    void writesTheNamesOfTheOriginalAndAnMp3ThatIsNotThereAsNull() throws Exception {
        assertThat(json.readTree(json.writeValueAsString(JobMessage.of(job(JobState.STORED)))))
                .isEqualTo(json.readTree(
                        "{\"video_fid\":\"" + VIDEO + "\",\"mp3_fid\":null,\"username\":\"me@example.com\"}"));
    }

    @Test
    void letsKeysThatItDoesNotKnowPassThrough() throws Exception {
        String sent = "{\"video_fid\": \"" + VIDEO + "\", \"mp3_fid\": null, \"username\": \"me@example.com\","
                + " \"bitrate\": \"192k\", \"tags\": {\"album\": [1, null]}}";
        JobMessage message = read(sent);

        assertThat(json.readTree(json.writeValueAsString(message))).isEqualTo(json.readTree(sent));
        assertThat(json.readTree(json.writeValueAsString(message.about(job(JobState.DONE)))))
                .isEqualTo(json.readTree(sent.replace("null, \"username\"", "\"" + MP3 + "\", \"username\"")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"REJECTED", "FAILED"})
    void namesNoMp3OfAJobThatHasNone(JobState state) throws Exception {
        JobMessage end = read("{\"video_fid\": \"" + VIDEO + "\", \"mp3_fid\": \"" + MP3 + "\"}")
                .about(job(state));

        assertThat(end.mp3()).isNull();
        assertThat(end.video()).isEqualTo(VIDEO);
        assertThat(end.username()).isEqualTo("me@example.com");
    }

    @Test
    void takesTheOwnerFromTheJobAndNotFromTheMessage() throws Exception {
        JobMessage end = read("{\"video_fid\": \"" + VIDEO + "\", \"username\": \"somebody@example.com\"}")
                .about(job(JobState.DONE));

        assertThat(end.username()).isEqualTo("me@example.com");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "1234", "6743a1f0c2b5d8001234567g", "6743a1f0c2b5d800123456789"})
    void parksAnIdThatCanBeNone(String id) {
        assertThatThrownBy(() -> new JobMessage(id, null, "me@example.com", null).videoId())
                .isInstanceOf(Unprocessable.class)
                .hasMessageContaining("video_fid");
        if (id != null) {
            assertThatThrownBy(() -> new JobMessage(VIDEO, id, "me@example.com", null).mp3Id())
                    .isInstanceOf(Unprocessable.class)
                    .hasMessageContaining("mp3_fid");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "[]", "42", "not json", "{\"video_fid\": {\"$oid\": \"6743a1f0c2b5d80012345678\"}}"})
    void failsOnGarbageAsJacksonDoes(String garbage) {
        assertThatThrownBy(() -> read(garbage)).isInstanceOf(JsonProcessingException.class);
    }

    private JobMessage read(String text) throws JsonProcessingException {
        return json.readValue(text, JobMessage.class);
    }

    private static Job job(JobState state) {
        Instant now = Instant.now();
        return new Job(
                new ObjectId(VIDEO),
                new ObjectId(MP3),
                "me@example.com",
                "bell.mp4",
                state,
                1,
                12,
                null,
                0,
                0,
                null,
                null,
                now,
                now,
                null,
                null,
                null,
                null,
                null,
                null,
                Mp3Options.NONE);
    }
}
