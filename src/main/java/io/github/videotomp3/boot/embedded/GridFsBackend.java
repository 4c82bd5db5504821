package io.github.videotomp3.boot.embedded;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.bson.ObjectId;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import java.io.File;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/**
 * Keeps what it has acknowledged, and spares GridFS the three commands that would read the chunks of all files at once.
 *
 * <p>A chunk is written before the entry of its file, so a commit with each write of anything else keeps whole files.
 */
final class GridFsBackend extends H2Backend {

    private static final Set<String> WRITES = Set.of("insert", "update", "delete", "findAndModify");

    private final MVStore store;

    GridFsBackend(MVStore store) {
        super(store);
        this.store = store;
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
        Document reply = super.handleMessage(message);
        if (verb.equals("dbStats")) {
            addDisk(reply);
        }
        if (WRITES.contains(verb)) {
            store.commit();
            store.sync();
        }
        return reply;
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
            return super.handleMessage(message);
        }
        Document command = message.getDocument();
        if (verb.equals("delete")
                && command.get("deletes") instanceof List<?> deletes
                && deletes.size() == 1
                && deletes.get(0) instanceof Document delete
                && delete.get("q") instanceof Document query
                && query.keySet().equals(Set.of("files_id"))
                && isValue(query.get("files_id"))) {
            return new Document("n", delete(chunks, query.get("files_id"))).append("ok", 1.0);
        }
        if (verb.equals("find")
                && new Document("n", 1).equals(command.get("sort"))
                && command.get("filter") instanceof Document filter
                && filter.keySet().equals(Set.of("files_id", "n"))
                && isValue(filter.get("files_id"))
                && filter.get("n") instanceof Document range
                && range.keySet().equals(Set.of("$gte"))
                && range.get("$gte") instanceof Integer first) {
            return find(new ChunkCursor(getCursorRegistry().generateCursorId(), chunks, filter.get("files_id"), first));
        }
        if (verb.equals("distinct")
                && "files_id".equals(command.get("key"))
                && command.get("query") instanceof Document query
                && query.keySet().equals(Set.of("files_id", "n"))
                && query.get("files_id") instanceof Document range
                && range.keySet().equals(Set.of("$gte", "$lt"))
                && range.get("$gte") instanceof ObjectId first
                && range.get("$lt") instanceof ObjectId end
                && Integer.valueOf(0).equals(query.get("n"))) {
            return new Document("values", files(chunks.getFullName(), first, end)).append("ok", 1.0);
        }
        return super.handleMessage(message);
    }

    /** The files that have a first chunk, read from the unique index, which holds no bytes of any file. */
    private List<ObjectId> files(String namespace, ObjectId first, ObjectId end) {
        List<ObjectId> files = new ArrayList<>();
        for (String map : store.getMapNames()) {
            if (map.startsWith(namespace + "._index_files_id")) {
                MVMap<KeyValue, Object> index = store.openMap(map);
                index.keyIterator(null).forEachRemaining(key -> {
                    if (key.get(0) instanceof ObjectId file
                            && key.get(1) instanceof Number n
                            && n.intValue() == 0
                            && file.compareTo(first) >= 0
                            && file.compareTo(end) < 0) {
                        files.add(file);
                    }
                });
            }
        }
        return files;
    }

    private static boolean isValue(Object condition) {
        return !(condition instanceof Document); // which would be an operator, or a composite id
    }

    /** Deletes a file's chunks one by one, each of which the unique index finds. */
    private static int delete(MongoCollection<?> chunks, Object file) {
        int deleted = 0;
        while (chunks.deleteDocuments(ChunkCursor.chunk(file, deleted), 1) > 0) {
            deleted++;
        }
        return deleted;
    }

    private Document find(ChunkCursor cursor) {
        List<Document> batch = cursor.takeDocuments(0);
        if (!cursor.isEmpty()) {
            getCursorRegistry().add(cursor);
        }
        return new Document(
                        "cursor",
                        new Document("id", cursor.isEmpty() ? 0L : cursor.getId())
                                .append("ns", cursor.namespace())
                                .append("firstBatch", batch))
                .append("ok", 1.0);
    }
}
