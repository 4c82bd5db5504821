package io.github.videotomp3.boot.embedded;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.backend.Utils;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.bson.ObjectId;
import de.bwaldvogel.mongo.exception.MongoServerError;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.h2.mvstore.MVMap;

/**
 * An index that is not unique, which the library does not have: the values of its fields and the id, as one text whose
 * order is MongoDB's, in a map of H2. A descending field is read backwards. It has no arrays.
 */
final class SortedIndex extends Index<Object> {

    /** Comes after each text of a value, and thus after all keys that begin with the same values. */
    static final char AFTER = ':';

    private static final String ID = "_id";

    /** Comes before all keys, once every document of the collection has one. */
    static final String COMPLETE = "";

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

    /**
     * The order of MongoDB among values of the types that documents are found by, as text: no text begins another one.
     *
     * @return null for other types
     */
    static String text(Object value) {
        if (Missing.isNullOrMissing(value)) {
            return "0";
        }
        if (value instanceof Number number) {
            long bits = Double.doubleToLongBits(number.doubleValue() + 0.0); // -0.0 is 0.0
            return "1" + hex(bits < 0 ? ~bits : bits ^ Long.MIN_VALUE);
        }
        if (value instanceof String text) {
            return "2" + text.replace("\0", "\0\1") + "\0\0";
        }
        if (value instanceof ObjectId id) {
            return "3" + HexFormat.of().formatHex(id.toByteArray()); // getHexData takes 5 µs, by String.format
        }
        if (value instanceof Boolean yes) {
            return yes ? "41" : "40";
        }
        if (value instanceof Instant time) {
            return "5" + hex(time.toEpochMilli() ^ Long.MIN_VALUE);
        }
        return null;
    }

    private static String hex(long bits) {
        return HexFormat.of().toHexDigits(bits);
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
            String text = text(Utils.getSubdocumentValue(document, field));
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

    /** An id is the position; H2 would write one of the library's with the names of its classes. */
    static Object position(Object stored) {
        return stored instanceof byte[] id ? new ObjectId(id) : stored;
    }

    static Object stored(Object position) {
        return position instanceof ObjectId id ? id.toByteArray() : position;
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
            map.put(key(document), stored(position));
        }
    }

    @Override
    public Object remove(Document document) {
        return has(document) ? position(map.remove(key(document))) : null;
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
        map.put(COMPLETE, true);
    }

    /** Whether the documents that there are have to be added. */
    @Override
    public boolean isEmpty() {
        return !map.containsKey(COMPLETE);
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
