package io.github.videotomp3.boot.embedded;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.bson.ObjectId;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import java.io.File;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/**
 * Keeps what it has acknowledged, and spares GridFS the three commands that would read the chunks of all files at once.
 *
 * <p>A chunk is written before the entry of its file, so a commit with each write of anything else keeps whole files.
 *
 * <p>A document and its entries in the indexes are written one after the other. A commit waits until no step is between
 * them: a store that is killed would else come back with documents that no query finds and no command deletes.
 */
final class GridFsBackend extends H2Backend {

    private static final Set<String> WRITES = Set.of("insert", "update", "delete", "findAndModify");

    private static final int UNSAVED_BYTES = 1 << 21;

    private final MVStore store;
    private final ReadWriteLock steps = new ReentrantReadWriteLock();
    private final Object answering = new Object();

    GridFsBackend(MVStore store) {
        super(store);
        this.store = store;
    }

    @Override
    protected MongoDatabase openOrCreateDatabase(String name) {
        return IndexedDatabase.open(name, getMvStore(), getCursorRegistry());
    }

    /** MongoDB tells how many documents it has looked at, too. */
    @Override
    public Document getServerStatus() {
        Document status = super.getServerStatus();
        ((Document) status.get("metrics"))
                .append("queryExecutor", new Document("scannedObjects", IndexedCollection.READ.sum()));
        return status;
    }

    @Override
    public Document handleMessage(MongoMessage message) {
        Document command = message.getDocument();
        String verb = command.keySet().iterator().next();
        if (verb.equals("hello")) { // which the library knows by its old name only
            return new Document("localTime", Instant.now()).append("ok", 1.0);
        }
        String collection = String.valueOf(command.get(verb));
        if (collection.endsWith(".chunks")) {
            return handleChunks(message, verb, collection);
        }
        Document reply = whole(() -> answer(message));
        if (verb.equals("dbStats")) {
            addDisk(reply);
        }
        if (WRITES.contains(verb)) {
            commit();
            store.sync();
        }
        return reply;
    }

    /** The library changes documents where they lie, also while one that it has just answered with is written out. */
    private Document answer(MongoMessage message) {
        synchronized (answering) {
            return super.handleMessage(message).cloneDeeply();
        }
    }

    /** Does something that must be on disk either whole or not at all. */
    private <T> T whole(Supplier<T> step) {
        steps.readLock().lock();
        try {
            return step.get();
        } finally {
            steps.readLock().unlock();
        }
    }

    /** Waits until H2 has read all that is to be written: documents are changed where they lie. */
    @Override
    public void commit() {
        steps.writeLock().lock();
        try {
            store.commit();
        } finally {
            steps.writeLock().unlock();
        }
    }

    private void commitMuch() {
        if (store.getUnsavedMemory() > UNSAVED_BYTES) {
            commit();
        }
    }

    /** MongoDB tells of its disk, too. */
    private void addDisk(Document stats) {
        File disk = new File(store.getFileStore().getFileName()).getParentFile();
        stats.put("fsTotalSize", (double) disk.getTotalSpace());
        stats.put("fsUsedSize", (double) (disk.getTotalSpace() - disk.getUsableSpace()));
    }

    private Document handleChunks(MongoMessage message, String verb, String collection) {
        MongoCollection<?> chunks = resolveDatabase(message.getDatabaseName()).resolveCollection(collection, false);
        if (chunks == null) {
            return whole(() -> super.handleMessage(message));
        }
        Document command = message.getDocument();
        if (verb.equals("delete")
                && command.get("deletes") instanceof List<?> deletes
                && deletes.size() == 1
                && deletes.get(0) instanceof Document delete
                && delete.get("q") instanceof Document query
                && query.keySet().equals(Set.of("files_id"))) {
            String file = IndexText.of(query.get("files_id"));
            Optional<MVMap<String, Object>> index = index(chunks);
            if (file != null && index.isPresent()) {
                return new Document("n", deleteChunks(chunks, index.get(), file)).append("ok", 1.0);
            }
        }
        if (verb.equals("find")
                && new Document("n", 1).equals(command.get("sort"))
                && command.get("filter") instanceof Document filter
                && filter.keySet().equals(Set.of("files_id", "n"))
                && isValue(filter.get("files_id"))
                && filter.get("n") instanceof Document range
                && range.keySet().equals(Set.of("$gte"))
                && range.get("$gte") instanceof Integer first) {
            return command.get("limit") instanceof Integer limit
                    ? found(chunks, 0, ChunkCursor.read(chunks, filter.get("files_id"), first, limit))
                    : find(
                            chunks,
                            new ChunkCursor(
                                    getCursorRegistry().generateCursorId(), chunks, filter.get("files_id"), first));
        }
        if (verb.equals("distinct")
                && "files_id".equals(command.get("key"))
                && command.get("query") instanceof Document query
                && query.keySet().equals(Set.of("files_id"))
                && query.get("files_id") instanceof Document range
                && range.keySet().equals(Set.of("$gte", "$lt"))
                && range.get("$gte") instanceof ObjectId first
                && range.get("$lt") instanceof ObjectId end) {
            Optional<MVMap<String, Object>> index = index(chunks);
            if (index.isPresent()) {
                return new Document("values", files(index.get(), first, end)).append("ok", 1.0);
            }
        }
        Document reply = whole(() -> super.handleMessage(message));
        commitMuch();
        return reply;
    }

    private static Set<ObjectId> files(MVMap<String, Object> index, ObjectId first, ObjectId end) {
        Set<ObjectId> files = new LinkedHashSet<>();
        String last = IndexText.of(end);
        String key = index.ceilingKey(IndexText.of(first));
        while (key != null && key.compareTo(last) < 0) {
            String file = key.substring(0, last.length());
            files.add(new ObjectId(file.substring(1)));
            key = index.ceilingKey(file + IndexText.AFTER);
        }
        return files;
    }

    /** Deletes a file's chunks one by one. */
    private int deleteChunks(MongoCollection<?> chunks, MVMap<String, Object> index, String file) {
        int deleted = 0;
        for (String key = index.ceilingKey(file); key != null && key.startsWith(file); key = index.higherKey(key)) {
            Document chunk = new Document("_id", IndexText.position(index.get(key)));
            deleted += whole(() -> chunks.deleteDocuments(chunk, 1));
            commitMuch();
        }
        return deleted;
    }

    /** The unique index of files and their chunks, which holds no bytes of any file. GridFS makes it before anything else. */
    private Optional<MVMap<String, Object>> index(MongoCollection<?> chunks) {
        return store.getMapNames().stream()
                .filter(map -> map.startsWith(chunks.getFullName() + "._index_files_id"))
                .findFirst()
                .map(store::openMap);
    }

    private static boolean isValue(Object condition) {
        return !(condition instanceof Document); // which would be an operator, or a composite id
    }

    private Document find(MongoCollection<?> chunks, ChunkCursor cursor) {
        List<Document> batch = cursor.takeDocuments(0);
        if (cursor.isEmpty()) {
            return found(chunks, 0, batch);
        }
        getCursorRegistry().add(cursor);
        return found(chunks, cursor.getId(), batch);
    }

    /** @param cursor the id of the cursor that has more, 0 for none */
    private static Document found(MongoCollection<?> chunks, long cursor, List<Document> batch) {
        return new Document(
                        "cursor",
                        new Document("id", cursor)
                                .append("ns", chunks.getFullName())
                                .append("firstBatch", batch))
                .append("ok", 1.0);
    }
}
