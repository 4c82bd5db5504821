package io.github.videotomp3.boot.embedded;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.DatabaseResolver;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.aggregation.Aggregation;
import de.bwaldvogel.mongo.backend.h2.H2Database;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.oplog.Oplog;
import io.netty.channel.Channel;
import java.util.List;
import java.util.OptionalLong;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/** A database whose collections have {@link SortedIndex}es and {@link UniqueIndex}es. */
abstract class IndexedDatabase extends H2Database {

    /** What the driver appends to the filter of {@code countDocuments}. */
    private static final Document COUNT =
            new Document("$group", new Document("_id", 1).append("n", new Document("$sum", 1)));

    private IndexedDatabase(String name, MVStore store, CursorRegistry cursors) {
        super(name, store, cursors);
    }

    static IndexedDatabase open(String database, MVStore store, CursorRegistry cursors) {
        // what a nameless class uses is there before the library's constructor opens the collections
        return new IndexedDatabase(database, store, cursors) {
            @Override
            protected Index<Object> openOrCreateSecondaryIndex(
                    String collection, String name, List<IndexKey> keys, boolean sparse) {
                return new SortedIndex(store.openMap(map(collection, name)), name, keys, sparse);
            }

            @Override
            protected Index<Object> openOrCreateUniqueIndex(
                    String collection, String name, List<IndexKey> keys, boolean sparse) {
                return new UniqueIndex(store.openMap(map(collection, name)), name, keys, sparse);
            }

            private String map(String collection, String index) {
                return database + "." + collection + "._index_" + index;
            }

            @Override
            protected MongoCollection<Object> openOrCreateCollection(String name, CollectionOptions options) {
                String full = database + "." + name;
                return new IndexedCollection(
                        this,
                        name,
                        options,
                        store.openMap(
                                "databases." + full, new MVMap.Builder<Object, Document>().valueType(new BsonType())),
                        store.openMap("meta." + full),
                        cursors);
            }
        };
    }

    /** The library would read all documents for a pipeline, whatever it begins with. */
    @Override
    public Document handleCommand(
            Channel channel, String command, Document query, DatabaseResolver databases, Oplog oplog) {
        if (command.equals("aggregate")
                && query.get("pipeline") instanceof List<?> pipeline
                && !pipeline.isEmpty()
                && pipeline.get(0) instanceof Document first
                && first.get("$match") instanceof Document match
                && resolveCollection(String.valueOf(query.get(command)), false)
                        instanceof IndexedCollection collection) {
            List<?> rest = pipeline.subList(1, pipeline.size());
            OptionalLong count = rest.equals(List.of(COUNT)) ? collection.count(match) : OptionalLong.empty();
            List<Document> result = count.isPresent()
                    ? List.of(new Document("_id", 1).append("n", count.getAsLong()))
                    : Aggregation.fromPipeline(rest, databases, this, collection, oplog)
                            .runStages(collection.handleQueryAsStream(match));
            Document cursor = new Document("id", 0L)
                    .append("ns", collection.getFullName())
                    .append("firstBatch", result);
            return new Document("cursor", cursor).append("ok", 1.0);
        }
        return super.handleCommand(channel, command, query, databases, oplog);
    }
}
