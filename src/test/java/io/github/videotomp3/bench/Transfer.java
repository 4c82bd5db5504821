package io.github.videotomp3.bench;

import com.mongodb.client.MongoClient;
import com.mongodb.client.gridfs.GridFSBuckets;
import io.github.videotomp3.Person;
import io.github.videotomp3.Service;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bson.BsonObjectId;
import org.bson.types.ObjectId;

/** Large files on their way in and out, beside MongoDB's driver with the same store. */
final class Transfer {

    private static final int ROUNDS = 3;
    private static final long BYTES = 400_000_000;

    private final Path video;
    private final Table table;

    Transfer(Path home, Table table) throws Exception {
        this.video = Videos.of(Files.createDirectories(home.resolve("transfer")), BYTES);
        this.table = table;
    }

    void upload(Service service, Person person, String what) throws Exception {
        Rounds seconds = new Rounds();
        for (int i = -1; i < ROUNDS; i++) {
            double baseline = Bare.put(service, video);
            double ours = upload(service, person);
            if (i >= 0) { // the first of each compiles, and has the machine find memory for what disks are to take
                seconds.add(ours, baseline);
            }
        }
        table.ratio(what, "s", seconds, "bare GridFS put from a file", "<= 1.10");
    }

    private double upload(Service service, Person person) throws Exception {
        try (Wire wire = new Wire(service.port())) {
            long start = System.nanoTime();
            String job = wire.upload(video, person.token()).job();
            double seconds = since(start);
            person.await(job, "done");
            person.delete("/jobs/" + job);
            return seconds;
        }
    }

    /** An MP3 of that size is put in the place of a small one. */
    void download(Service service, Person person) throws Exception {
        String job;
        try (Wire wire = new Wire(service.port())) {
            Path small = Videos.of(video.getParent(), 1 << 20);
            job = wire.upload(small, person.token()).job();
        }
        person.await(job, "done");
        ObjectId id = new ObjectId(job);
        try (MongoClient mongo = service.mongo();
                InputStream bytes = Files.newInputStream(video)) {
            var mp3s = GridFSBuckets.create(mongo.getDatabase("mp3s"));
            mp3s.delete(id);
            mp3s.uploadFromStream(new BsonObjectId(id), "large.mp3", bytes);
        }
        Rounds whole = new Rounds();
        Rounds firstByte = new Rounds();
        byte[] request = Wire.get("/download?fid=" + job, person.token());
        for (int i = 0; i < ROUNDS; i++) {
            double baseline = Bare.read(service, id);
            try (Wire wire = new Wire(service.port())) {
                long start = System.nanoTime();
                Wire.Answer answer = wire.send(request);
                whole.add(since(start), baseline);
                firstByte.add((answer.firstByte() - start) / 1e6);
                if (answer.bytes() != BYTES) {
                    throw new IllegalStateException(answer.bytes() + " bytes came");
                }
            }
        }
        person.delete("/jobs/" + job);
        table.ratio("400 MB download", "s", whole, "bare GridFS read", "<= 1.15");
        table.value("the same, to its first byte", "ms", firstByte, "< 30");
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
