package io.github.videotomp3;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.JobMessage;
import io.github.videotomp3.job.Jobs;
import io.github.videotomp3.job.MailClaims;
import io.github.videotomp3.job.StoredFiles;
import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.apache.camel.CamelContext;
import org.bson.Document;
import org.bson.types.ObjectId;

/** Jobs in the states that tests need, brought there in the way the program brings them there. */
public final class SampleJobs {

    private final CamelContext camel;

    SampleJobs(CamelContext camel) {
        this.camel = camel;
    }

    /** Uploaded, and known to nobody yet. */
    public Job stored(String owner, byte[] video) {
        ObjectId id = new ObjectId();
        bean("videos", StoredFiles.class).store(id, "clip.mp4", new ByteArrayInputStream(video));
        return jobs().create(id, owner, "clip.mp4", video.length);
    }

    /** In the hands of a converter. */
    public Job claimed(String owner) {
        return jobs().claim(JobMessage.of(stored(owner, new byte[] {1})));
    }

    public Job done(String owner, byte[] mp3) {
        Job job = claimed(owner);
        bean("mp3s", StoredFiles.class).store(job.id(), "clip.mp4", new ByteArrayInputStream(mp3));
        return jobs().done(job, mp3.length, 1, null);
    }

    public Job rejected(String owner, String reason) {
        return jobs().rejected(claimed(owner), reason);
    }

    /** The job whose mail a worker has just claimed, as its message brings it. */
    public List<Job> mailed(Job job) {
        return bean("mailClaims", MailClaims.class).claim(JobMessage.of(job));
    }

    /** As it is now; null if the owner has no such job. */
    public Job now(Job job) {
        return jobs().find(job.id(), job.owner()).orElse(null);
    }

    /** Lets a field of the job's document be what only time or an accident would make of it. */
    public void set(Job job, String field, Object value) {
        documents().updateOne(new Document("_id", job.id()), new Document("$set", new Document(field, value)));
    }

    /** Makes the job as old as if it had been touched last an hour ago. */
    public void age(Job job) {
        set(job, "updated", Date.from(Instant.now().minusSeconds(3600)));
    }

    public boolean hasVideo(Job job) {
        return bean("videos", StoredFiles.class).find(job.id()).isPresent();
    }

    /** The size of the MP3 that is stored under the job's id, -1 if there is none. */
    public long mp3Bytes(Job job) {
        return bean("mp3s", StoredFiles.class)
                .find(job.mp3())
                .map(file -> file.getLength())
                .orElse(-1L);
    }

    /** The message that a queue carries about the job, from a sender who may be wrong about its owner. */
    public static String message(Job job, String username) {
        return "{\"video_fid\":\"" + job.id() + "\",\"mp3_fid\":null,\"username\":\"" + username + "\"}";
    }

    public Jobs jobs() {
        return bean("jobs", Jobs.class);
    }

    public <T> T bean(String name, Class<T> type) {
        return camel.getRegistry().lookupByNameAndType(name, type);
    }

    private MongoCollection<Document> documents() {
        return bean("mongo", MongoClient.class).getDatabase("videos").getCollection("jobs");
    }
}
