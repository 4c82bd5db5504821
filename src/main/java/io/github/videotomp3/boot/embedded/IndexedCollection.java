package io.github.videotomp3.boot.embedded;

import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.h2.H2Collection;
import de.bwaldvogel.mongo.bson.Document;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.h2.mvstore.MVMap;

/** A collection that is searched by its {@link SortedIndex}es. */
final class IndexedCollection extends H2Collection {

    /** How many documents this process has looked at to answer queries. */
    static final LongAdder READ = new LongAdder();

    IndexedCollection(
            MongoDatabase database,
            String name,
            CollectionOptions options,
            MVMap<Object, Document> documents,
            MVMap<String, Object> meta,
            CursorRegistry cursors) {
        super(database, name, options, documents, meta, cursors);
    }

    @Override
    public void addIndex(Index<Object> index) {
        super.addIndex(index);
        if (index instanceof SortedIndex sorted) {
            sorted.complete();
        } else if (index instanceof UniqueIndex unique) {
            unique.complete();
        }
    }

    private Optional<IndexScan> scan(Document query, Document order) {
        List<SortedIndex> sorted = getIndexes().stream()
                .filter(SortedIndex.class::isInstance)
                .map(SortedIndex.class::cast)
                .toList();
        return IndexScan.of(query, order, sorted);
    }

    @Override
    protected QueryResult queryDocuments(
            Document query, Document order, int skip, int limit, int batchSize, Document fields) {
        Optional<IndexScan> scan = scan(query, order);
        if (scan.isEmpty()) {
            return super.queryDocuments(query, order, skip, limit, batchSize, fields);
        }
        Stream<Document> documents =
                scan.get().positions().map(this::getDocument).filter(Objects::nonNull);
        return matchDocumentsFromStream(
                documents, query, scan.get().isSorted() ? null : order, skip, limit, batchSize, fields);
    }

    @Override
    protected boolean documentMatchesQuery(Document document, Document query) {
        READ.increment();
        return super.documentMatchesQuery(document, query);
    }

    /** How many documents the query matches; empty if they have to be read to know. */
    OptionalLong count(Document query) {
        return scan(query, null).map(IndexScan::count).orElse(OptionalLong.empty());
    }
}
