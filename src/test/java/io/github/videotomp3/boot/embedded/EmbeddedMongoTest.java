package io.github.videotomp3.boot.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.gridfs.GridFSBucket;
import com.mongodb.client.gridfs.GridFSBuckets;
import com.mongodb.client.gridfs.GridFSDownloadStream;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.Updates;
import de.bwaldvogel.mongo.backend.KeyValue;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedMongoTest {

    private static final byte[] FIFTEEN_MB = bytes(15_000_000);

    @TempDir
    Path directory;

    private final int port = FreePort.next();

    @Test
    void answersWithADocumentThatSomebodyElseIsChanging() throws Exception {
        try (EmbeddedMongo mongo = start("store");
                MongoClient client = connect()) {
            MongoCollection<Document> jobs = client.getDatabase("videos").getCollection("jobs");
            Document large = new Document("_id", 1);
            for (int i = 0; i < 5000; i++) {
                large.append("field" + i, i);
            }
            jobs.insertOne(large);
            FindOneAndUpdateOptions after = new FindOneAndUpdateOptions().returnDocument(ReturnDocument.AFTER);
            AtomicBoolean enough = new AtomicBoolean();
            FutureTask<Void> changes = new FutureTask<>(() -> {
                for (int i = 0; !enough.get(); i++) {
                    jobs.updateOne(Filters.eq("_id", 1), i % 2 == 0 ? Updates.set("more", i) : Updates.unset("more"));
                }
                return null;
            });
            new Thread(changes).start();

            for (int i = 0; i < 300; i++) {
                // which the driver, unlike a find, does not ask again
                assertThat(jobs.findOneAndUpdate(Filters.eq("_id", 1), Updates.set("field0", i), after))
                        .containsEntry("field4999", 4999);
            }

            enough.set(true);
            changes.get();
        }
    }

    @Test
    void deletesTheChunksOfOneFileAndNoOther() {
        try (EmbeddedMongo mongo = start("store");
                MongoClient client = connect()) {
            MongoDatabase videos = client.getDatabase("videos");
            GridFSBucket bucket = GridFSBuckets.create(videos);
            ObjectId gone = bucket.uploadFromStream("gone.mp4", new ByteArrayInputStream(FIFTEEN_MB));
            ObjectId kept = bucket.uploadFromStream("kept.mp4", new ByteArrayInputStream(FIFTEEN_MB));

            bucket.delete(gone);

            assertThat(chunks(videos, gone)).isZero();
            assertThat(download(bucket, kept)).isEqualTo(FIFTEEN_MB);
            assertThatThrownBy(() -> bucket.delete(gone)).hasMessageContaining("No file found");
        }
    }

    @Test
    void tellsHowManyChunksItDeleted() {
        try (EmbeddedMongo mongo = start("store");
                MongoClient client = connect()) {
            MongoDatabase videos = client.getDatabase("videos");
            MongoCollection<Document> chunks = videos.getCollection("fs.chunks");
            GridFSBucket bucket = GridFSBuckets.create(videos).withChunkSizeBytes(1_000_000);
            ObjectId file = bucket.uploadFromStream("a.mp4", new ByteArrayInputStream(FIFTEEN_MB));

            assertThat(chunks.deleteMany(Filters.eq("files_id", file)).getDeletedCount())
                    .isEqualTo(15);
            assertThat(chunks.deleteMany(Filters.eq("files_id", file)).getDeletedCount())
                    .isZero();
        }
    }

    @Test
    void leavesNoChunkOfAnUploadThatFailed() {
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(FIFTEEN_MB), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }
        });
        try (EmbeddedMongo mongo = start("store");
                MongoClient client = connect()) {
            MongoDatabase videos = client.getDatabase("videos");
            GridFSBucket bucket = GridFSBuckets.create(videos);

            assertThatThrownBy(() -> bucket.uploadFromStream("broken.mp4", broken))
                    .hasMessageContaining("IOException");

            assertThat(videos.getCollection("fs.chunks").countDocuments()).isZero();
            assertThat(videos.getCollection("fs.files").countDocuments()).isZero();
        }
    }

    @Test
    void readsAFileThatIsLargerThanAReplyMayBe() {
        byte[] large = bytes(60_000_000);
        try (EmbeddedMongo mongo = start("store");
                MongoClient client = connect()) {
            GridFSBucket bucket = GridFSBuckets.create(client.getDatabase("videos"));
            ObjectId file = bucket.uploadFromStream("large.mp4", new ByteArrayInputStream(large));

            assertThat(Arrays.equals(download(bucket, file), large)).isTrue();
        }
    }

    @Test
    void readsFromTheMiddleOfAFileAndInTheBatchesAskedFor() throws IOException {
        try (EmbeddedMongo mongo = start("store");
                MongoClient client = connect()) {
            GridFSBucket bucket = GridFSBuckets.create(client.getDatabase("videos"));
            ObjectId file = bucket.uploadFromStream("a.mp4", new ByteArrayInputStream(FIFTEEN_MB));

            try (GridFSDownloadStream stream = bucket.openDownloadStream(file).batchSize(3)) {
                stream.skip(5_000_000);
                assertThat(stream.readAllBytes())
                        .isEqualTo(Arrays.copyOfRange(FIFTEEN_MB, 5_000_000, FIFTEEN_MB.length));
            }
        }
    }

    @Test
    void keepsItsDocumentsWhenItIsStartedAgain() {
        ObjectId file;
        try (EmbeddedMongo mongo = start("store");
                MongoClient client = connect()) {
            GridFSBucket bucket = GridFSBuckets.create(client.getDatabase("videos"));
            file = bucket.uploadFromStream("a.mp4", new ByteArrayInputStream(FIFTEEN_MB));
        }
        try (EmbeddedMongo mongo = start("store");
                MongoClient client = connect()) {
            assertThat(download(GridFSBuckets.create(client.getDatabase("videos")), file))
                    .isEqualTo(FIFTEEN_MB);
        }
    }

    @Test
    void goesOnWithWhatAnEarlierVersionHasWritten() {
        ObjectId file;
        try (EmbeddedMongo mongo = start("store");
                MongoClient client = connect()) {
            GridFSBucket bucket = GridFSBuckets.create(client.getDatabase("videos"));
            file = bucket.uploadFromStream("a.mp4", new ByteArrayInputStream(FIFTEEN_MB));
        }
        try (MVStore store = MVStore.open(directory.resolve("store").toString())) {
            List<String> indexes = store.getMapNames().stream()
                    .filter(map -> map.contains("._index_"))
                    .toList();
            assertThat(indexes).hasSizeGreaterThan(2);
            for (String index : indexes) {
                MVMap<Object, Object> map = store.openMap(index);
                map.clear();
                map.put(new KeyValue(file), file);
            }
            for (String collection : List.of("databases.videos.fs.files", "databases.videos.fs.chunks")) {
                Map<Object, de.bwaldvogel.mongo.bson.Document> documents = new HashMap<>(store.openMap(
                        collection,
                        new MVMap.Builder<Object, de.bwaldvogel.mongo.bson.Document>().valueType(new BsonType())));
                assertThat(documents).isNotEmpty();
                store.removeMap(collection);
                store.openMap(collection).putAll(documents);
            }
        }
        try (EmbeddedMongo mongo = start("store");
                MongoClient client = connect()) {
            MongoDatabase videos = client.getDatabase("videos");
            GridFSBucket bucket = GridFSBuckets.create(videos);
            assertThat(download(bucket, file)).isEqualTo(FIFTEEN_MB);
            bucket.delete(file);
            assertThat(videos.getCollection("fs.chunks").countDocuments()).isZero();
        }
    }

    @Test
    void hasOnDiskWhatItHasAcknowledged() throws IOException {
        ObjectId file;
        try (EmbeddedMongo mongo = start("store");
                MongoClient client = connect()) {
            MongoDatabase videos = client.getDatabase("videos");
            file = GridFSBuckets.create(videos).uploadFromStream("a.mp4", new ByteArrayInputStream(FIFTEEN_MB));
            videos.getCollection("fs.files")
                    .updateOne(Filters.eq("_id", file), Updates.set("metadata.state", "queued"));
            Files.copy(directory.resolve("store"), directory.resolve("as-if-killed"));
        }
        try (EmbeddedMongo mongo = start("as-if-killed");
                MongoClient client = connect()) {
            MongoDatabase videos = client.getDatabase("videos");
            assertThat(download(GridFSBuckets.create(videos), file)).isEqualTo(FIFTEEN_MB);
            assertThat(videos.getCollection("fs.files").find().first().get("metadata", Document.class))
                    .containsEntry("state", "queued");
        }
    }

    @Test
    void findsEveryChunkThatItHasWhenItWasKilledDuringAnUpload() throws IOException {
        byte[] large = bytes(60_000_000); // H2 lets 16 MB wait to be written
        int copies = 10;
        InputStream copying = new FilterInputStream(new ByteArrayInputStream(large)) {
            private int read;
            private int copied;

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                int count = super.read(target, offset, length);
                read += count;
                if (read > large.length / copies * (copied + 1)) {
                    Files.copy(directory.resolve("store"), directory.resolve("killed-" + copied++));
                }
                return count;
            }
        };
        try (EmbeddedMongo mongo = start("store");
                MongoClient client = connect()) {
            GridFSBuckets.create(client.getDatabase("videos")).uploadFromStream("a.mp4", copying);
        }
        int begun = 0;
        for (int i = 0; i < copies - 1; i++) {
            begun += deletesAllChunks("killed-" + i);
        }
        assertThat(begun).isPositive();
    }

    @Test
    void findsEveryChunkThatItHasWhenItWasKilledDuringADeletion() throws Exception {
        int copies = 0;
        try (EmbeddedMongo mongo = start("store");
                MongoClient client = connect()) {
            GridFSBucket bucket = GridFSBuckets.create(client.getDatabase("videos"));
            ObjectId file = bucket.uploadFromStream("a.mp4", new ByteArrayInputStream(FIFTEEN_MB));
            Thread deletion = new Thread(() -> bucket.delete(file));
            deletion.start();
            do {
                Files.copy(directory.resolve("store"), directory.resolve("killed-" + copies++));
            } while (deletion.isAlive());
        }
        for (int i = 0; i < copies; i++) {
            deletesAllChunks("killed-" + i);
        }
    }

    /** How many files there were, whole or not. */
    private int deletesAllChunks(String name) {
        try (EmbeddedMongo mongo = start(name);
                MongoClient client = connect()) {
            MongoCollection<Document> chunks = client.getDatabase("videos").getCollection("fs.chunks");
            List<ObjectId> files = chunks.distinct("files_id", ObjectId.class).into(new ArrayList<>());
            files.forEach(file -> chunks.deleteMany(Filters.eq("files_id", file)));
            assertThat(chunks.countDocuments()).as("chunks left of %s", name).isZero();
            return files.size();
        }
    }

    @Test
    void listensOnNoOtherAddressThanLoopback() throws IOException {
        try (EmbeddedMongo mongo = start("store")) {
            assertThat(Loopback.isTheOnlyListenerOf(port)).isTrue();
        }
    }

    @Test
    void namesTheFileThatIsInUse() {
        try (EmbeddedMongo mongo = start("store")) {
            assertThatThrownBy(() -> new EmbeddedMongo(directory.resolve("store"), FreePort.next()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(
                            "data.folder holds " + directory.resolve("store") + ", which another process uses");
        }
    }

    @Test
    void namesThePortThatIsInUse() {
        try (EmbeddedMongo mongo = start("store")) {
            assertThatThrownBy(() -> start("other"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("document store")
                    .hasMessageStartingWith("embedded.mongo.port is " + port);
        }
    }

    private EmbeddedMongo start(String name) {
        return new EmbeddedMongo(directory.resolve(name), port);
    }

    private MongoClient connect() {
        return MongoClients.create("mongodb://127.0.0.1:" + port + "/?w=majority&journal=true");
    }

    private static long chunks(MongoDatabase database, ObjectId file) {
        return database.getCollection("fs.chunks").countDocuments(Filters.eq("files_id", file));
    }

    private static byte[] download(GridFSBucket bucket, ObjectId file) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        bucket.downloadToStream(file, out);
        return out.toByteArray();
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(1).nextBytes(bytes);
        return bytes;
    }
}
