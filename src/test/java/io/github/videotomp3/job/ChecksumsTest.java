package io.github.videotomp3.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.gridfs.model.GridFSFile;
import io.github.videotomp3.MongoStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChecksumsTest {

    @RegisterExtension
    static final MongoStore MONGO = new MongoStore();

    private static final int CHUNK = 255 * 1024;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK})
    void hasOneForEachChunk(int size) throws IOException {
        GridFSFile file = stored(size);

        assertThat(file.getMetadata().getList("crc32c", Long.class)).hasSize((size + CHUNK - 1) / CHUNK);
        try (InputStream in = MONGO.mp3s().open(file, 0, size - 1)) {
            assertThat(in.readAllBytes()).isEqualTo(content(size));
        }
    }

    @Test
    void givesOutNoChunkInWhichABitHasChanged() throws IOException {
        GridFSFile file = stored(2 * CHUNK + 9);
        MONGO.damage("mp3s", file.getObjectId(), 2);

        try (InputStream in = MONGO.mp3s().open(file, 0, 2 * CHUNK + 8)) {
            assertThat(in.readNBytes(2 * CHUNK)).hasSize(2 * CHUNK);
            assertThatThrownBy(in::read).hasMessageContaining("chunk 2 ").hasMessageContaining("damaged");
        }
        assertThatThrownBy(() -> MONGO.mp3s().open(file, 2 * CHUNK, 2 * CHUNK + 1))
                .as("before an answer has begun")
                .hasMessageContaining("damaged");
    }

    @Test
    void isTheCrcOfTheRfc() throws IOException {
        Checksums zeros = new Checksums(new ByteArrayInputStream(new byte[32]), 32);

        assertThat(zeros.read()).isZero();
        zeros.readAllBytes();

        assertThat(zeros.metadata().getList("crc32c", Long.class))
                .as("RFC 3720 B.4, 32 bytes of zeroes: aa 36 91 8a, the lowest byte first")
                .containsExactly(0x8a9136aaL);
    }

    private static GridFSFile stored(int size) {
        ObjectId id = new ObjectId();
        MONGO.mp3s().store(id, "bell.mp3", new ByteArrayInputStream(content(size)));
        return MONGO.mp3s().find(id).orElseThrow();
    }

    private static byte[] content(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return content;
    }
}
