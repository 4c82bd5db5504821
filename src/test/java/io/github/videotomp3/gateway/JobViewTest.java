package io.github.videotomp3.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.JobState;
import io.github.videotomp3.job.Mp3Options;
import io.github.videotomp3.job.Phase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class JobViewTest {

    private static final String ID = "6743a1f0c2b5d80012345678";
    private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05.006Z");
    private static final Instant EXPIRES = Instant.parse("2026-02-01T00:00:00.5Z");

    private final ObjectMapper json = new ObjectMapper();

    @Test
    void showsAFinishedJobWithItsMp3() throws Exception {
        assertThat(json.readTree(json.writeValueAsString(JobView.of(
                        job(JobState.DONE, 61.5, null, "cut short"), "/signed", OptionalInt.empty(), EXPIRES))))
                .isEqualTo(
                        json.readTree(
                                "{\"id\":\"" + ID
                                        + "\",\"state\":\"done\",\"name\":\"bell.mp4\",\"warning\":\"cut short\","
                                        + "\"options\":{\"bitrate\":64},\"progress\":100,\"bytes\":12,\"seconds\":61.5,\"attempts\":1,\"links\":{\"download\":\"/download?fid="
                                        + ID
                                        + "\",\"self\":\"/jobs/" + ID + "\",\"signed\":\"/signed\"},\"mp3_bytes\":7,"
                                        + "\"created_at\":\"2026-01-02T03:04:05.006Z\",\"updated_at\":\"2026-01-02T03:05:05.006Z\",\"expires_at\":\"2026-02-01T00:00:00Z\"}"));
    }

    @ParameterizedTest
    @EnumSource(names = {"REJECTED", "FAILED", "DELETED"})
    void leavesOutWhatIsNotThere(JobState state) {
        JsonNode view = json.valueToTree(JobView.of(job(state, 0, null, null), null, OptionalInt.empty(), null));

        assertThat(view.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "id", "state", "name", "progress", "bytes", "attempts", "created_at", "updated_at", "links");
        assertThat(view.get("links").fieldNames()).toIterable().containsExactly("self");
        assertThat(view.get("state").asText()).isEqualTo(state.name().toLowerCase());
    }

    @ParameterizedTest
    @CsvSource({
        "STORED, queued, 0",
        "QUEUED, queued, 0",
        "CONVERTING, storing, 99",
        "DONE, , 100",
        "REJECTED, , ",
        "FAILED, , "
    })
    void showsWhatItIsAtAndHowMuchThereIs(JobState state, String phase, Integer progress) {
        JobView view = JobView.of(job(state, 0, null, null), null, OptionalInt.of(3), EXPIRES);

        assertThat(view.phase()).isEqualTo(phase);
        assertThat(view.progress()).isEqualTo(progress);
        assertThat(view.position()).isEqualTo(3);
    }

    @Test
    void tellsTheReasonAndHowFarItIs() {
        JobView view = JobView.of(
                job(JobState.REJECTED, 3.5, "The video has no audio track", null), null, OptionalInt.empty(), EXPIRES);

        assertThat(view.reason()).isEqualTo("The video has no audio track");
        assertThat(view.seconds()).isEqualTo(3.5);
        assertThat(view.mp3Bytes()).isNull();
    }

    @Test
    void showsNothingOfItsOwner() throws Exception {
        assertThat(json.writeValueAsString(
                        JobView.of(job(JobState.DONE, 1, null, null), null, OptionalInt.empty(), EXPIRES)))
                .doesNotContain("me@example.com");
    }

    private static Job job(JobState state, double seconds, String reason, String warning) {
        ObjectId id = new ObjectId(ID);
        return new Job(
                id,
                id,
                "me@example.com",
                "bell.mp4",
                state,
                1,
                12,
                null,
                7,
                seconds,
                reason,
                warning,
                CREATED,
                CREATED.plusSeconds(60),
                null,
                null,
                state == JobState.CONVERTING ? null : CREATED.plusSeconds(60),
                null,
                state == JobState.CONVERTING ? Phase.STORING : null,
                state == JobState.CONVERTING ? 99 : null,
                state == JobState.DONE ? Mp3Options.of(List.of(Map.entry("bitrate", "64"))) : Mp3Options.NONE);
    }
}
