package io.github.videotomp3.boot.embedded;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.backend.Cursor;
import de.bwaldvogel.mongo.bson.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

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

    /** The chunks of a file from one on, up to the first that is missing, and no more than {@code most}. */
    static List<Document> read(MongoCollection<?> chunks, Object file, int first, int most) {
        return IntStream.range(first, first + most)
                .mapToObj(n -> read(chunks, file, n))
                .takeWhile(Objects::nonNull)
                .toList();
    }

    private static Document read(MongoCollection<?> chunks, Object file, int n) {
        return chunks.handleQueryAsStream(chunk(file, n)).findFirst().orElse(null);
    }

    private Document read() {
        return read(chunks, file, next++);
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
