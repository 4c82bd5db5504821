package io.github.videotomp3.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.gridfs.GridFSBuckets;
import com.mongodb.client.gridfs.model.GridFSFile;
import com.mongodb.client.gridfs.model.GridFSUploadOptions;
import io.github.videotomp3.MongoStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import org.bson.Document;
import org.bson.types.Binary;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ChunkInputStreamTest {

    @RegisterExtension
    static final MongoStore MONGO = new MongoStore();

    private static final int CHUNK = 16;
    private static final byte[] CONTENT = new byte[3 * CHUNK + 5];

    static {
        new Random(7).nextBytes(CONTENT);
    }

    private GridFSFile file;
    private MongoCollection<Document> chunks;

    @BeforeEach
    void store() {
        ObjectId id = GridFSBuckets.create(MONGO.client().getDatabase("videos"))
                .uploadFromStream(
                        "bell.mp4", new ByteArrayInputStream(CONTENT), new GridFSUploadOptions().chunkSizeBytes(CHUNK));
        file = MONGO.videos().find(id).orElseThrow();
        chunks = MONGO.client().getDatabase("videos").getCollection("fs.chunks");
    }

    @Test
    void readsEveryRangeAsItIsInTheWhole() throws IOException {
        for (int first = 0; first < CONTENT.length; first++) {
            for (int last : new int[] {first, first + 1, CHUNK - 1, CHUNK, 2 * CHUNK, CONTENT.length - 1}) {
                if (last >= first && last < CONTENT.length) {
                    assertThat(open(first, last).readAllBytes())
                            .as(first + " to " + last)
                            .isEqualTo(Arrays.copyOfRange(CONTENT, first, last + 1));
                }
            }
        }
    }

    @Test
    void readsTheSameInSmallBitesAndByteByByte() throws IOException {
        ByteArrayOutputStream bites = new ByteArrayOutputStream();
        byte[] buffer = new byte[11];
        try (InputStream in = open(0, CONTENT.length - 1)) {
            for (int count = in.read(buffer, 2, 7); count >= 0; count = in.read(buffer, 2, 7)) {
                assertThat(count).isPositive();
                bites.write(buffer, 2, count);
            }
        }
        ByteArrayOutputStream single = new ByteArrayOutputStream();
        try (InputStream in = open(0, CONTENT.length - 1)) {
            for (int b = in.read(); b >= 0; b = in.read()) {
                single.write(b);
            }
            assertThat(in.read()).isEqualTo(-1);
        }

        assertThat(bites.toByteArray()).isEqualTo(CONTENT);
        assertThat(single.toByteArray()).isEqualTo(CONTENT);
    }

    @Test
    void readsNothingOfAnEmptyRange() throws IOException {
        assertThat(open(0, -1).readAllBytes()).isEmpty();
    }

    @Test
    void failsAtOnceWhenTheFirstChunkIsMissing() {
        chunks.deleteOne(new Document("n", 1));

        assertThatThrownBy(() -> open(CHUNK, CONTENT.length - 1))
                .hasMessageContaining("chunk 1 ")
                .hasMessageContaining("missing");
    }

    @Test
    void failsInsteadOfEndingEarlyWhenALaterChunkIsMissing() throws IOException {
        chunks.deleteOne(new Document("n", 2));
        InputStream in = open(0, CONTENT.length - 1);

        assertThat(in.read(new byte[CHUNK])).isEqualTo(CHUNK);
        assertThat(in.read(new byte[CHUNK])).isEqualTo(CHUNK);
        assertThatThrownBy(in::read).hasMessageContaining("chunk 2 ");
    }

    @Test
    void failsInsteadOfShiftingBytesWhenAChunkIsTooShort() {
        chunks.updateOne(
                new Document("n", 1), new Document("$set", new Document("data", new Binary(new byte[CHUNK - 1]))));

        assertThatThrownBy(() -> open(0, CONTENT.length - 1).readAllBytes())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("chunk 1 ")
                .hasMessageContaining("too short");
        assertThatThrownBy(() -> open(2 * CHUNK - 1, CONTENT.length - 1).readAllBytes())
                .isInstanceOf(IOException.class);
    }

    @Test
    void refusesToWriteBesideTheTarget() {
        assertThatThrownBy(() -> open(0, 9).read(new byte[4], 2, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    private InputStream open(long first, long last) {
        return new ChunkInputStream(chunks, file, first, last);
    }
}
