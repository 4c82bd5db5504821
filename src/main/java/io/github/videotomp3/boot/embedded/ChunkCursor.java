package io.github.videotomp3.boot.embedded;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.backend.Cursor;
import de.bwaldvogel.mongo.bson.Document;
import java.util.ArrayList;
import java.util.List;

/** Goes through the chunks of one file, each of which the unique index finds, and holds a few of them at a time. */
final class ChunkCursor implements Cursor {

    private static final int BATCH = 8; // 2 MB in GridFS's usual chunks

    private final long id;
    private final MongoCollection<?> chunks;
    private final Object file;
    private int next;
    private Document ahead;

    ChunkCursor(long id, MongoCollection<?> chunks, Object file, int first) {
        this.id = id;
        this.chunks = chunks;
        this.file = file;
        next = first;
        ahead = read();
    }

    static Document chunk(Object file, int n) {
        return new Document("files_id", file).append("n", n);
    }

    private Document read() {
        return chunks.handleQueryAsStream(chunk(file, next++)).findFirst().orElse(null);
    }

    String namespace() {
        return chunks.getFullName();
    }

    @Override
    public long getId() {
        return id;
    }

    @Override
    public synchronized boolean isEmpty() {
        return ahead == null;
    }

    /** @param wanted as many as at most {@value #BATCH} chunks; 0 leaves the number to the cursor */
    @Override
    public synchronized List<Document> takeDocuments(int wanted) {
        int size = wanted > 0 ? Math.min(wanted, BATCH) : BATCH;
        List<Document> batch = new ArrayList<>();
        for (; ahead != null && batch.size() < size; ahead = read()) {
            batch.add(ahead);
        }
        return batch;
    }
}
