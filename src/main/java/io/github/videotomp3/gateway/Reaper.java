package io.github.videotomp3.gateway;

import com.mongodb.client.gridfs.model.GridFSFile;
import io.github.videotomp3.job.Jobs;
import io.github.videotomp3.job.StoredFiles;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bson.types.ObjectId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the bytes that belong to nobody: uploads that broke off with their gateway, MP3s whose converter died before it
 * could end its job, videos of jobs that were rejected or deleted at such a moment. Files without a name are the
 * original's, whose jobs may be made yet; they stay.
 */
public final class Reaper {

    private static final Logger LOG = LoggerFactory.getLogger(Reaper.class);
    private static final int BATCH = 1000;

    /** How many ages each file is looked at for; an MP3 has the id of its video, and may come much later than that. */
    private static final int ROUNDS = 7;

    private final Jobs jobs;
    private final StoredFiles videos;
    private final StoredFiles mp3s;
    private final Duration age;
    private Instant from = Instant.EPOCH;

    /** @param age how old bytes have to be; longer than the longest upload takes */
    public Reaper(Jobs jobs, StoredFiles videos, StoredFiles mp3s, Duration age) {
        if (age.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("gateway.reap.age must be 1 s or more, not " + age);
        }
        this.jobs = jobs;
        this.videos = videos;
        this.mp3s = mp3s;
        this.age = age;
    }

    /** Looks at all that has reached the age lately; at first, at everything. */
    public void reap() {
        reapUntil(Instant.now().minus(age));
    }

    synchronized void reapUntil(Instant until) {
        int reaped = delete(videos, until, jobs::needlessVideos) + delete(mp3s, until, jobs::needlessMp3s);
        from = until.minus(age.multipliedBy(ROUNDS));
        if (reaped > 0) {
            LOG.info("Deleted the bytes of {} files that belonged to no job", reaped);
        }
    }

    private int delete(StoredFiles files, Instant until, UnaryOperator<List<ObjectId>> needless) {
        List<ObjectId> ids = files.idsMade(from, until);
        int reaped = 0;
        for (int first = 0; first < ids.size(); first += BATCH) {
            for (ObjectId id : needless.apply(ids.subList(first, Math.min(first + BATCH, ids.size())))) {
                if (files.find(id).filter(Reaper::isNameless).isEmpty()) {
                    files.delete(id);
                    reaped++;
                }
            }
        }
        return reaped;
    }

    private static boolean isNameless(GridFSFile file) {
        return file.getFilename() == null || file.getFilename().isEmpty();
    }
}
