package io.github.videotomp3.job;

import static io.github.videotomp3.MongoStore.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.gridfs.GridFSBuckets;
import com.mongodb.client.gridfs.model.GridFSFile;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import io.github.videotomp3.MongoStore;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.bson.BsonDocument;
import org.bson.Document;
import org.bson.types.Binary;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StoredFilesTest {

    @RegisterExtension
    static final MongoStore MONGO = new MongoStore();

    private final StoredFiles videos = MONGO.videos();
    private final ObjectId id = new ObjectId();

    @Test
    void storesAFileUnderAnIdOfOurs() throws IOException {
        videos.store(id, "bell.mp4", bytes("a bell"));

        GridFSFile file = videos.find(id).orElseThrow();
        assertThat(file.getFilename()).isEqualTo("bell.mp4");
        assertThat(file.getLength()).isEqualTo(6);
        assertThat(file.getChunkSize()).isEqualTo(255 * 1024);
        assertThat(text(file)).isEqualTo("a bell");
        assertThat(MONGO.mp3s().find(id)).isEmpty();
    }

    @Test
    void replacesAFileOfTheSameId() throws IOException {
        videos.store(id, "bell.mp4", bytes("the first, longer one"));
        videos.store(id, "bell.mp4", bytes("the second"));

        assertThat(text(videos.find(id).orElseThrow())).isEqualTo("the second");
        assertThat(chunks()).isEqualTo(1);
    }

    @Test
    void clearsTheChunksOfAnAttemptThatDied() throws IOException {
        MONGO.client()
                .getDatabase("videos")
                .getCollection("fs.chunks")
                .insertOne(new Document("files_id", id).append("n", 0).append("data", new Binary(new byte[9])));

        videos.store(id, "bell.mp4", bytes("a bell"));

        assertThat(text(videos.find(id).orElseThrow())).isEqualTo("a bell");
        assertThat(chunks()).isEqualTo(1);
    }

    @Test
    void leavesNothingOfAFileThatStopsHalfWay() {
        InputStream broken = new InputStream() {
            private int left = 300_000;

            @Override
            public int read() throws IOException {
                if (left-- <= 0) {
                    throw new IOException("connection reset");
                }
                return 7;
            }
        };

        assertThatThrownBy(() -> videos.store(id, "bell.mp4", broken)).hasRootCauseMessage("connection reset");

        assertThat(MONGO.isGone("videos", id)).isTrue();
    }

    @Test
    void deletesAFileAndTheChunksThatHaveNone() {
        videos.store(id, "bell.mp4", bytes("a bell"));
        ObjectId orphan = new ObjectId();
        MONGO.client()
                .getDatabase("videos")
                .getCollection("fs.chunks")
                .insertOne(new Document("files_id", orphan).append("n", 0).append("data", new Binary(new byte[9])));

        videos.delete(id);
        videos.delete(orphan);

        assertThat(videos.find(id)).isEmpty();
        assertThat(chunks()).isZero();
        assertThatCode(() -> videos.delete(id)).doesNotThrowAnyException();
    }

    @Test
    void readsAFileOfTheOriginalThatHasNoName() throws IOException {
        ObjectId theirs = GridFSBuckets.create(MONGO.client().getDatabase("videos"))
                .uploadFromStream("x", bytes("of the original"));
        MONGO.client()
                .getDatabase("videos")
                .getCollection("fs.files")
                .updateOne(new Document("_id", theirs), new Document("$unset", new Document("filename", 1)));

        assertThat(text(videos.find(theirs).orElseThrow())).isEqualTo("of the original");
    }

    @Test
    void looksForFilesByTheirIdsAlone() {
        videos.store(id, "bell.mp4", bytes("a bell"));
        List<BsonDocument> queries = new CopyOnWriteArrayList<>();
        CommandListener listener = new CommandListener() {
            @Override
            public void commandStarted(CommandStartedEvent event) {
                if (event.getCommandName().equals("distinct")) {
                    queries.add(event.getCommand().getDocument("query").clone());
                }
            }
        };

        try (MongoClient client = MONGO.connect(listener)) {
            Instant made = id.getDate().toInstant();
            StoredFiles watched = new StoredFiles(client, "videos");
            assertThat(watched.idsMade(made, made.plusSeconds(1))).containsExactly(id);
            assertThat(watched.idsMade(made.plusSeconds(1), made.plusSeconds(9)))
                    .isEmpty();
            assertThat(watched.idsMade(made.minusSeconds(9), made)).isEmpty();
        }

        // any other shape makes the embedded store read the bytes of all files
        assertThat(queries).hasSize(3).allSatisfy(query -> assertThat(query).containsOnlyKeys("files_id"));
    }

    private static long chunks() {
        return MONGO.client().getDatabase("videos").getCollection("fs.chunks").countDocuments();
    }

    private String text(GridFSFile file) throws IOException {
        try (InputStream in = videos.open(file, 0, file.getLength() - 1)) {
            return new String(in.readAllBytes());
        }
    }
}
