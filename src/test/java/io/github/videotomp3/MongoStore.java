package io.github.videotomp3;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.event.CommandListener;
import io.github.videotomp3.boot.embedded.EmbeddedMongo;
import io.github.videotomp3.boot.embedded.FreePort;
import io.github.videotomp3.job.StoredFiles;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bson.Document;
import org.bson.types.Binary;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.util.FileSystemUtils;

/** The embedded document store with the real driver in front of it, for one test class; each test finds it empty. */
public final class MongoStore implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {

    private Path folder;
    private EmbeddedMongo server;
    private ConnectionString address;
    private MongoClient client;

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        folder = Files.createTempDirectory("mongo");
        int port = FreePort.next();
        server = new EmbeddedMongo(folder.resolve("documents.db"), port);
        address = new ConnectionString("mongodb://127.0.0.1:" + port);
        client = MongoClients.create(address);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        client.getDatabase("videos").drop();
        client.getDatabase("mp3s").drop();
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        client.close();
        server.close();
        FileSystemUtils.deleteRecursively(folder);
    }

    public MongoClient client() {
        return client;
    }

    /** Another client, on whose commands somebody listens. */
    public MongoClient connect(CommandListener listener) {
        return MongoClients.create(MongoClientSettings.builder()
                .applyConnectionString(address)
                .addCommandListener(listener)
                .build());
    }

    public StoredFiles videos() {
        return new StoredFiles(client, "videos");
    }

    public StoredFiles mp3s() {
        return new StoredFiles(client, "mp3s");
    }

    public MongoCollection<Document> jobs() {
        return client.getDatabase("videos").getCollection("jobs");
    }

    /** Whether not one chunk of the file is left. */
    public boolean isGone(String database, ObjectId file) {
        return client.getDatabase(database).getCollection("fs.chunks").countDocuments(new Document("files_id", file))
                        == 0
                && client.getDatabase(database).getCollection("fs.files").countDocuments(new Document("_id", file))
                        == 0;
    }

    /** Turns one bit over in the middle of a chunk, as a disk does, and nobody is told. */
    public void damage(String database, ObjectId file, int number) {
        damage(client, database, file, number);
    }

    /** The same in another store. */
    public static void damage(MongoClient client, String database, ObjectId file, int number) {
        MongoCollection<Document> chunks = client.getDatabase(database).getCollection("fs.chunks");
        Document which = new Document("files_id", file).append("n", number);
        byte[] data = chunks.find(which).first().get("data", Binary.class).getData();
        data[data.length / 2] ^= 1;
        chunks.updateOne(which, new Document("$set", new Document("data", new Binary(data))));
    }

    public static ByteArrayInputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
