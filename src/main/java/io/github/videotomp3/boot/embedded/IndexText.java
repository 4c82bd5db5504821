package io.github.videotomp3.boot.embedded;

import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.bson.ObjectId;
import java.time.Instant;
import java.util.HexFormat;

/** The texts that the indexes of the embedded store have for keys, and the positions of documents that they keep there. */
final class IndexText {

    /** Comes before all keys, once every document of the collection has one. */
    static final String COMPLETE = "";

    /** Comes after each text of a value, and thus after all keys that begin with the same values. */
    static final char AFTER = ':';

    private IndexText() {}

    /**
     * The order of MongoDB among values of the types that documents are found by, as text: no text begins another one.
     *
     * @return null for other types
     */
    static String of(Object value) {
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

    /** An id is the position; H2 would write one of the library's with the names of its classes. */
    static Object position(Object stored) {
        return stored instanceof byte[] id ? new ObjectId(id) : stored;
    }

    static Object stored(Object position) {
        return position instanceof ObjectId id ? id.toByteArray() : position;
    }
}
