package io.github.videotomp3.job;

import static com.mongodb.client.model.Filters.eq;

import com.mongodb.MongoGridFSException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.gridfs.GridFSBucket;
import com.mongodb.client.gridfs.GridFSBuckets;
import com.mongodb.client.gridfs.model.GridFSFile;
import com.mongodb.client.gridfs.model.GridFSUploadOptions;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bson.BsonObjectId;
import org.bson.Document;
import org.bson.types.ObjectId;

/**
 * The GridFS files of one database, by id; camel-mongodb-gridfs, with which the gateway stores, knows file names only.
 * Bytes are written a chunk at a time, and read a few chunks at a time.
 */
public final class StoredFiles {

    private final MongoDatabase database;
    private final GridFSBucket bucket;
    private final MongoCollection<Document> chunks;

    /** @param database {@code videos} or {@code mp3s}; the bucket is {@code fs}, as the original's */
    public StoredFiles(MongoClient mongo, String database) {
        this.database = mongo.getDatabase(database);
        this.bucket = GridFSBuckets.create(this.database);
        this.chunks = this.database.getCollection("fs.chunks");
    }

    public Optional<GridFSFile> find(ObjectId id) {
        return Optional.ofNullable(bucket.find(eq("_id", id)).first());
    }

    /**
     * The bytes from the first to the last position, both included; the first chunk has been fetched when this returns,
     * so that a file whose bytes are gone fails before an answer has begun.
     */
    public InputStream open(GridFSFile file, long first, long last) {
        return new ChunkInputStream(chunks, file, first, last);
    }

    /** Stores a file under an id of ours; what an attempt that died left under it is cleared first. */
    public void store(ObjectId id, String name, InputStream bytes) {
        delete(id);
        Checksums checked = new Checksums(bytes, bucket.getChunkSizeBytes());
        GridFSUploadOptions options = new GridFSUploadOptions().metadata(checked.metadata());
        bucket.uploadFromStream(
                new BsonObjectId(id), name, checked, options); // the entry with the metadata is written last
    }

    /**
     * The ids of the files of which any chunk is there and whose id was made in this span of time: {@code from} included,
     * {@code to} not.
     */
    public List<ObjectId> idsMade(Instant from, Instant to) {
        // one condition, since Filters.and makes two of it, for which the embedded store would read all chunks
        Document span = new Document(
                "files_id",
                new Document("$gte", ObjectId.getSmallestWithDate(Date.from(from)))
                        .append("$lt", ObjectId.getSmallestWithDate(Date.from(to))));
        return chunks.distinct("files_id", span, ObjectId.class).into(new ArrayList<>());
    }

    /** How many bytes are free on the disk of the store; a store that does not tell counts as boundless. */
    public long freeBytes() {
        Document stats = database.runCommand(new Document("dbStats", 1));
        if (!(stats.get("fsTotalSize") instanceof Number total) || !(stats.get("fsUsedSize") instanceof Number used)) {
            return Long.MAX_VALUE;
        }
        return total.longValue() - used.longValue();
    }

    /** Deletes the file and every chunk of it; doing it again changes nothing. */
    public void delete(ObjectId id) {
        try {
            bucket.delete(id);
        } catch (MongoGridFSException e) {
            chunks.deleteMany(eq("files_id", id)); // no such file, but an upload that died may have left chunks
        }
    }
}
