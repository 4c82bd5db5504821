package io.github.videotomp3.boot.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import de.bwaldvogel.mongo.bson.BinData;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.bson.ObjectId;
import java.nio.ByteBuffer;
import java.util.List;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.ObjectDataType;
import org.junit.jupiter.api.Test;

class BsonTypeTest {

    private static final Document CHUNK = new Document("_id", new ObjectId())
            .append("n", 7)
            .append("data", new BinData(new byte[261_120]))
            .append("more", List.of(new Document("name", "a.mp4"), 1L, 0.5, true));

    private final BsonType type = new BsonType();

    @Test
    void readsWhatItHasWrittenAndNoByteMore() {
        WriteBuffer buffer = new WriteBuffer();
        type.write(buffer, CHUNK);
        type.write(buffer, new Document("_id", 2));
        ByteBuffer written = buffer.getBuffer();
        written.flip();

        assertThat(type.read(written)).isEqualTo(CHUNK);
        assertThat(type.read(written)).isEqualTo(new Document("_id", 2));
        assertThat(written.hasRemaining()).isFalse();
    }

    @Test
    void readsWhatAnEarlierVersionHasWritten() {
        WriteBuffer buffer = new WriteBuffer();
        new ObjectDataType().write(buffer, CHUNK);
        ByteBuffer written = buffer.getBuffer();
        written.flip();

        assertThat(type.read(written)).isEqualTo(CHUNK);
        assertThat(written.hasRemaining()).isFalse();
    }

    @Test
    void countsTheBytesThatWaitToBeWritten() {
        assertThat(type.getMemory(CHUNK)).isBetween(261_120, 263_000);
    }
}
