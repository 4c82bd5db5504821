package io.github.videotomp3.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Date;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobTest {

    private final ObjectId id = new ObjectId();

    @ParameterizedTest
    @CsvSource(useHeadersInDisplayName = true, textBlock = """
            state,      due,   done,  lost,  ended, failed
            stored,     false, false, false, false, false
            queued,     false, false, false, false, false
            converting, true,  false, false, false, false
            done,       false, true,  false, true,  false
            rejected,   false, false, true,  true,  false
            failed,     false, false, true,  true,  true
            deleted,    false, false, false, true,  false
            """)
    void knowsWhatItsStateMeans(String state, boolean due, boolean done, boolean lost, boolean ended, boolean failed) {
        Job job = Job.of(new Document("_id", id).append("state", state));

        assertThat(job.state().key()).isEqualTo(state);
        assertThat(job.isDue()).as("due").isEqualTo(due);
        assertThat(job.isDone()).as("done").isEqualTo(done);
        assertThat(job.isLost()).as("lost").isEqualTo(lost);
        assertThat(job.isEnded()).as("ended").isEqualTo(ended);
        assertThat(job.isFailed()).as("failed").isEqualTo(failed);
    }

    @Test
    void hasItsOwnIdForAnMp3UnlessTheOriginalMadeIt() {
        ObjectId theirs = new ObjectId();
        Document document = new Document("_id", id).append("state", "done");

        assertThat(Job.of(document).mp3()).isEqualTo(id);
        assertThat(Job.of(document.append("mp3", theirs)).mp3()).isEqualTo(theirs);
    }

    @Test
    void readsNumbersOfAnyBsonType() {
        Job job = Job.of(new Document("_id", id)
                .append("state", "done")
                .append("bytes", 12)
                .append("mp3_bytes", 5_000_000_000L)
                .append("seconds", 61));

        assertThat(job.bytes()).isEqualTo(12);
        assertThat(job.mp3Bytes()).isEqualTo(5_000_000_000L);
        assertThat(job.seconds()).isEqualTo(61.0);
    }

    @Test
    void leavesOutWhatADeletedJobHasLost() {
        Instant created = Instant.parse("2026-01-02T03:04:05.006Z");

        Job job = Job.of(new Document("_id", id).append("state", "deleted").append("created", Date.from(created)));

        assertThat(job.created()).isEqualTo(created);
        assertThat(job.owner()).isNull();
        assertThat(job.name()).isNull();
        assertThat(job.notified()).isNull();
        assertThat(job.attempts()).isZero();
    }
}
