package io.github.videotomp3.boot.embedded;

import de.bwaldvogel.mongo.backend.AbstractUniqueIndex;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.h2.mvstore.MVMap;

/**
 * A unique index whose keys are texts, as those of a {@link SortedIndex}. H2 would write the library's own keys out each time it
 * compares two of them, a dozen times for each chunk of a file that is looked for.
 */
final class UniqueIndex extends AbstractUniqueIndex<Object> {

    private final MVMap<Object, Object> map;

    /** @param map whose keys are the library's own if an earlier version has made it: then it is made anew */
    UniqueIndex(MVMap<Object, Object> map, String name, List<IndexKey> keys, boolean sparse) {
        super(name, keys, sparse);
        this.map = map;
        if (isEmpty()) {
            map.clear(); // of what was written until a kill, too
        }
    }

    private static String text(KeyValue values) {
        StringBuilder text = new StringBuilder();
        for (Object value : values) {
            String one = IndexText.of(value);
            if (one == null) {
                throw new MongoServerError(67, "CannotCreateIndex", "no unique index for this type of value: " + value);
            }
            text.append(one);
        }
        return text.toString();
    }

    @Override
    protected Object getPosition(KeyValue values) {
        return IndexText.position(map.get(text(values)));
    }

    @Override
    protected boolean putKeyPosition(KeyValue values, Object position) {
        return map.putIfAbsent(text(values), IndexText.stored(position)) == null;
    }

    @Override
    protected Object removeDocument(KeyValue values) {
        return IndexText.position(map.remove(text(values)));
    }

    /** Equality, and one of several values. */
    @Override
    public boolean canHandle(Document query) {
        return super.canHandle(query) && query.values().stream().allMatch(UniqueIndex::isKnown);
    }

    private static boolean isKnown(Object condition) {
        if (condition instanceof Document operators) {
            return operators.keySet().equals(Set.of("$in"))
                    && operators.get("$in") instanceof Collection<?> values
                    && values.stream().allMatch(value -> IndexText.of(value) != null);
        }
        return IndexText.of(condition) != null;
    }

    /** For regular expressions, which it does not handle. */
    @Override
    protected Iterable<Map.Entry<KeyValue, Object>> getIterable() {
        throw new UnsupportedOperationException();
    }

    /** Notes that every document of the collection has its key. */
    void complete() {
        map.put(IndexText.COMPLETE, true);
    }

    /** Whether the documents that there are have to be added. */
    @Override
    public boolean isEmpty() {
        return !map.containsKey(IndexText.COMPLETE);
    }

    @Override
    public long getCount() {
        return isEmpty() ? 0 : map.sizeAsLong() - 1;
    }

    @Override
    public long getDataSize() {
        return getCount();
    }
}
