package io.github.videotomp3.boot.embedded;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.backend.Utils;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import java.util.ArrayList;
import java.util.List;
import org.h2.mvstore.MVMap;

/**
 * An index that is not unique, which the library does not have: the values of its fields and the id, as one text whose
 * order is MongoDB's, in a map of H2. A descending field is read backwards. It has no arrays.
 */
final class SortedIndex extends Index<Object> {

    private static final String ID = "_id";

    private final MVMap<String, Object> map;
    private final List<String> fields = new ArrayList<>();

    SortedIndex(MVMap<String, Object> map, String name, List<IndexKey> keys, boolean sparse) {
        super(name, keys, sparse);
        this.map = map;
        fields.addAll(keys());
        if (!fields.contains(ID)) {
            fields.add(ID);
        }
        if (isEmpty()) {
            map.clear(); // of what was written until a kill
        }
    }

    /** The fields in their order; the last one is the id. */
    List<String> fields() {
        return fields;
    }

    MVMap<String, Object> map() {
        return map;
    }

    boolean hasOnlyDocumentsWithItsFields() {
        return isSparse();
    }

    private String key(Document document) {
        StringBuilder key = new StringBuilder();
        for (String field : fields) {
            String text = IndexText.of(Utils.getSubdocumentValue(document, field));
            if (text == null) {
                throw new MongoServerError(67, "CannotCreateIndex", "no index for this type of value: " + field);
            }
            key.append(text);
        }
        return key.toString();
    }

    private boolean has(Document document) {
        return !isSparse()
                || keys().stream().anyMatch(key -> !(Utils.getSubdocumentValue(document, key) instanceof Missing));
    }

    /** The unique index of the ids tells. */
    @Override
    public Object getPosition(Document document) {
        return null;
    }

    @Override
    public void checkAdd(Document document, MongoCollection<Object> collection) {
        key(document);
    }

    @Override
    public void add(Document document, Object position, MongoCollection<Object> collection) {
        if (has(document)) {
            map.put(key(document), IndexText.stored(position));
        }
    }

    @Override
    public Object remove(Document document) {
        return has(document) ? IndexText.position(map.remove(key(document))) : null;
    }

    @Override
    public void checkUpdate(Document before, Document after, MongoCollection<Object> collection) {
        key(after);
    }

    @Override
    public void updateInPlace(Document before, Document after, Object position, MongoCollection<Object> collection) {
        if (has(before) != has(after) || !key(before).equals(key(after))) {
            remove(before);
            add(after, position, collection);
        }
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

    /** {@link IndexScan} does. */
    @Override
    public boolean canHandle(Document query) {
        return false;
    }

    @Override
    public Iterable<Object> getPositions(Document query) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void drop() {
        // the database removes the map
    }
}
