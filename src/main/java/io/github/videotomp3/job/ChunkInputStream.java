package io.github.videotomp3.job;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.gridfs.model.GridFSFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.bson.Document;
import org.bson.types.Binary;
import org.bson.types.ObjectId;

/**
 * A part of a GridFS file, one chunk in memory at a time. Each chunk is asked for by its exact number, which the unique
 * index of GridFS serves on every server; the driver's own stream asks for a range, for which the embedded server has no
 * index and answers with all chunks at once.
 */
final class ChunkInputStream extends InputStream {

    private final MongoCollection<Document> chunks;
    private final ObjectId file;
    private final Document metadata;
    private final int chunkSize;
    private final long end;
    private long position;
    private long loaded = -1;
    private byte[] chunk;

    ChunkInputStream(MongoCollection<Document> chunks, GridFSFile file, long first, long last) {
        this.chunks = chunks;
        this.file = file.getObjectId();
        this.metadata = file.getMetadata();
        this.chunkSize = file.getChunkSize();
        this.position = first;
        this.end = last + 1;
        if (position < end) {
            load();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (position >= end) {
            return -1;
        }
        load();
        int from = (int) (position % chunkSize);
        int count = (int) Math.min(Math.min(length, chunk.length - from), end - position);
        if (count <= 0) {
            throw new IOException("chunk " + loaded + " of file " + file.toHexString() + " is too short");
        }
        System.arraycopy(chunk, from, target, offset, count);
        position += count;
        return count;
    }

    private void load() {
        long number = position / chunkSize;
        if (number != loaded) {
            Document found = chunks.find(new Document("files_id", file).append("n", (int) number))
                    .first();
            if (found == null) {
                throw new IllegalStateException("chunk " + number + " of file " + file.toHexString() + " is missing");
            }
            chunk = found.get("data", Binary.class).getData();
            if (!Checksums.fits(metadata, (int) number, chunk)) {
                throw new IllegalStateException("chunk " + number + " of file " + file.toHexString()
                        + " is damaged: it is not what was stored");
            }
            loaded = number;
        }
    }
}
