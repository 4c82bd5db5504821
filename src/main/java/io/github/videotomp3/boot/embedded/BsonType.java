package io.github.videotomp3.boot.embedded;

import de.bwaldvogel.mongo.bson.BinData;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.bson.BsonDecoder;
import de.bwaldvogel.mongo.wire.bson.BsonEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;
import org.h2.mvstore.type.ObjectDataType;

/**
 * How documents lie on the disk: as they come over the wire, in BSON (bsonspec.org). H2 of itself takes the library's documents for
 * unknown objects, and writes all that Java knows of their classes beside each.
 */
final class BsonType extends BasicDataType<Document> {

    /** The first byte of a document in BSON; what H2 itself has written, for an earlier version, begins with another. */
    private static final byte BSON = 0;

    private static final int BYTES_OF_AN_ENTRY = 64;

    private final ObjectDataType earlier = new ObjectDataType();

    @Override
    public int getMemory(Document document) {
        return memory(document);
    }

    /** Else H2 takes all for as large as those few that it looks at. */
    @Override
    public boolean isMemoryEstimationAllowed() {
        return false;
    }

    private static int memory(Object value) {
        if (value instanceof BinData bytes) {
            return BYTES_OF_AN_ENTRY + bytes.getData().length;
        }
        if (value instanceof String text) {
            return BYTES_OF_AN_ENTRY + text.length();
        }
        if (value instanceof Map<?, ?> document) {
            return BYTES_OF_AN_ENTRY + memory(document.values());
        }
        if (value instanceof Collection<?> values) {
            return BYTES_OF_AN_ENTRY
                    + values.stream().mapToInt(BsonType::memory).sum();
        }
        return BYTES_OF_AN_ENTRY;
    }

    @Override
    public void write(WriteBuffer buffer, Document document) {
        ByteBuf bytes = Unpooled.buffer(memory(document));
        BsonEncoder.encodeDocument(document, bytes);
        buffer.put(BSON).put(bytes.array(), bytes.arrayOffset(), bytes.readableBytes());
    }

    @Override
    public Document read(ByteBuffer buffer) {
        if (buffer.get(buffer.position()) != BSON) {
            return (Document) earlier.read(buffer);
        }
        buffer.get();
        ByteBuf bytes = Unpooled.wrappedBuffer(buffer);
        Document document = BsonDecoder.decodeBson(bytes);
        buffer.position(buffer.position() + bytes.readerIndex());
        return document;
    }

    @Override
    public Document[] createStorage(int size) {
        return new Document[size];
    }
}
