package io.github.videotomp3.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.gridfs.GridFSBuckets;
import com.mongodb.client.gridfs.GridFSUploadStream;
import io.github.videotomp3.MongoStore;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.JobMessage;
import io.github.videotomp3.job.Jobs;
import io.github.videotomp3.job.StoredFiles;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ReaperTest {

    @RegisterExtension
    static final MongoStore MONGO = new MongoStore();

    private static final String OWNER = "me@example.com";

    private final StoredFiles videos = MONGO.videos();
    private final StoredFiles mp3s = MONGO.mp3s();
    private final Jobs jobs = new Jobs(MONGO.client(), videos, mp3s, Duration.ofSeconds(30), 3);
    private final Reaper reaper = new Reaper(jobs, videos, mp3s, Duration.ofHours(24));

    @Test
    void deletesTheChunksOfAnUploadThatBrokeOff() {
        GridFSUploadStream broken =
                GridFSBuckets.create(MONGO.client().getDatabase("videos")).openUploadStream("broken.mp4");
        broken.write(new byte[600_000]); // two chunks are written, the file's entry is not
        assertThat(MONGO.isGone("videos", broken.getObjectId())).isFalse();

        reapAll();

        assertThat(MONGO.isGone("videos", broken.getObjectId())).isTrue();
    }

    @Test
    void deletesAVideoWhoseJobWasNeverNoted() {
        ObjectId id = stored(videos, "clip.mp4");

        reapAll();

        assertThat(videos.find(id)).isEmpty();
        assertThat(MONGO.isGone("videos", id)).isTrue();
    }

    @Test
    void deletesTheVideoOfARejectedJobThatItsConverterLeft() {
        Job job = claimed();
        jobs.rejected(job, "no sound");

        reapAll();

        assertThat(MONGO.isGone("videos", job.id())).isTrue();
    }

    @Test
    void deletesAnMp3WhoseJobFailed() {
        Job job = claimed();
        mp3s.store(job.id(), "clip.mp4", new ByteArrayInputStream(new byte[] {1}));
        MONGO.jobs().updateOne(new Document("_id", job.id()), new Document("$set", new Document("state", "failed")));

        reapAll();

        assertThat(MONGO.isGone("mp3s", job.id())).isTrue();
        assertThat(videos.find(job.id())).as("a replay needs it").isPresent();
    }

    @Test
    void deletesTheMp3OfAnAttemptThatAnotherTookOver() {
        Job first = claimed();
        mp3s.store(first.mp3(), "clip.mp4", new ByteArrayInputStream(new byte[] {1}));
        MONGO.jobs()
                .updateOne(new Document("_id", first.id()), new Document("$set", new Document("lease", new Date(0))));
        Job second = jobs.claim(JobMessage.of(first));
        mp3s.store(second.mp3(), "clip.mp4", new ByteArrayInputStream(new byte[] {2}));

        reapAll();

        assertThat(MONGO.isGone("mp3s", first.mp3())).isTrue();
        assertThat(mp3s.find(second.mp3())).isPresent();
    }

    @Test
    void keepsWhatJobsNeed() {
        Job running = claimed();
        mp3s.store(running.id(), "clip.mp4", new ByteArrayInputStream(new byte[] {1}));
        Job done = claimed();
        mp3s.store(done.id(), "clip.mp4", new ByteArrayInputStream(new byte[] {1}));
        jobs.done(done, 1, 1, null);

        reapAll();

        assertThat(videos.find(running.id())).isPresent();
        assertThat(mp3s.find(running.id())).isPresent();
        assertThat(videos.find(done.id())).isPresent();
        assertThat(mp3s.find(done.id())).isPresent();
    }

    @Test
    void keepsTheFilesOfTheOriginal() {
        ObjectId id = stored(videos, "x");
        MONGO.client()
                .getDatabase("videos")
                .getCollection("fs.files")
                .updateOne(new Document("_id", id), new Document("$unset", new Document("filename", "")));

        reapAll();

        assertThat(videos.find(id)).isPresent();
    }

    @Test
    void leavesYoungBytesAlone() {
        ObjectId id = stored(videos, "clip.mp4");

        reaper.reap();

        assertThat(videos.find(id)).isPresent();
    }

    @Test
    void looksAgainForAWhileForWhatComesLateAndThenNoMore() {
        Instant soon = Instant.now().plusSeconds(2);
        reaper.reapUntil(soon);
        ObjectId late = stored(videos, "clip.mp4");

        reaper.reapUntil(soon);
        assertThat(videos.find(late)).isEmpty();

        ObjectId later = stored(videos, "clip.mp4");
        reaper.reapUntil(soon.plus(Duration.ofDays(8)));
        assertThat(videos.find(later)).isEmpty();
        ObjectId tooLate = stored(videos, "clip.mp4");
        reaper.reapUntil(soon.plus(Duration.ofDays(8)));
        assertThat(videos.find(tooLate)).as("found after the next start").isPresent();
    }

    @Test
    void refusesAnAgeOfNothing() {
        assertThatThrownBy(() -> new Reaper(jobs, videos, mp3s, Duration.ofMillis(999)))
                .hasMessageContaining("gateway.reap.age");
    }

    private void reapAll() {
        reaper.reapUntil(Instant.now().plusSeconds(2));
    }

    private Job claimed() {
        ObjectId id = stored(videos, "clip.mp4");
        jobs.create(id, OWNER, "clip.mp4", 3);
        return jobs.claim(new JobMessage(id.toHexString(), null, OWNER, null));
    }

    private static ObjectId stored(StoredFiles files, String name) {
        ObjectId id = new ObjectId();
        files.store(id, name, new ByteArrayInputStream(new byte[] {1, 2, 3}));
        return id;
    }
}
