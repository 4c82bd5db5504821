package io.github.videotomp3.job;

import com.mongodb.MongoInterruptedException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.gridfs.model.GridFSFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bson.Document;
import org.bson.types.Binary;
import org.bson.types.ObjectId;

/**
 * A part of a GridFS file, a few chunks of it in memory, and as many on their way while those are read. Each few are a
 * query of their own; the driver's own stream has one for all, whose cursor stays open in the server when nobody reads on.
 */
final class ChunkInputStream extends InputStream {

    /** 1 MB in GridFS's usual chunks. */
    private static final int AT_ONCE = 4;

    private static final ExecutorService READING_AHEAD = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "reading-ahead");
        thread.setDaemon(true);
        return thread;
    });

    private final MongoCollection<Document> chunks;
    private final ObjectId file;
    private final Document metadata;
    private final int chunkSize;
    private final long end;
    private long position;
    private int loaded = -1;
    private byte[] chunk;
    private Deque<Document> fetched = new ArrayDeque<>();
    private Future<Deque<Document>> coming;

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
        int number = (int) (position / chunkSize);
        if (number != loaded) {
            Document found = next(number);
            if (found == null || found.getInteger("n") != number) {
                throw new IllegalStateException("chunk " + number + " of file " + file.toHexString() + " is missing");
            }
            chunk = found.get("data", Binary.class).getData();
            if (!Checksums.fits(metadata, number, chunk)) {
                throw new IllegalStateException("chunk " + number + " of file " + file.toHexString()
                        + " is damaged: it is not what was stored");
            }
            loaded = number;
        }
    }

    private Document next(int number) {
        if (fetched.isEmpty()) {
            fetched = coming == null ? fetch(number) : come();
            int next = number + fetched.size();
            coming = next <= (end - 1) / chunkSize ? READING_AHEAD.submit(() -> fetch(next)) : null;
        }
        return fetched.poll();
    }

    private Deque<Document> fetch(int number) {
        int wanted = (int) Math.min(AT_ONCE, (end - 1) / chunkSize - number + 1);
        return chunks.find(new Document("files_id", file).append("n", new Document("$gte", number)))
                .sort(new Document("n", 1))
                .limit(-wanted) // in one answer, without a cursor
                .into(new ArrayDeque<>());
    }

    private Deque<Document> come() {
        try {
            return coming.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MongoInterruptedException("interrupted while chunks are on their way", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        }
    }
}
