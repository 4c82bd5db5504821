package io.github.videotomp3.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.mongodb.MongoGridFSException;
import io.github.videotomp3.MongoStore;
import io.github.videotomp3.camel.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.zip.CRC32C;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadedVideoTest {

    @RegisterExtension
    static final MongoStore MONGO = new MongoStore();

    @Test
    void readsTheSameByteByByte() throws IOException {
        UploadedVideo video = video(Forms.request(Forms.file("file", "bell.mp4", "a bell ÿ")), 100);

        ByteArrayOutputStream read = new ByteArrayOutputStream();
        for (int b = video.read(); b >= 0; b = video.read()) {
            read.write(b);
        }

        assertThat(read.toByteArray()).asString().isEqualTo("a bell ÿ");
        assertThat(video.bytes()).isEqualTo(9);
        CRC32C sum = new CRC32C();
        sum.update(read.toByteArray());
        assertThat(video.crc32c()).isEqualTo(sum.getValue());
        assertThat(video.read()).isEqualTo(-1);
    }

    @Test
    void takesAVideoOfExactlyTheLargestSize() throws IOException {
        assertThat(video(Forms.request(Forms.file("file", "bell.mp4", "a bell")), 6)
                        .readAllBytes())
                .hasSize(6);
    }

    @Test
    void refusesAVideoThatGrowsTooLarge() {
        Refusal refusal = refusalWhileStoring(Forms.request(Forms.file("file", "bell.mp4", "a bell")), 5);

        assertThat(refusal.getStatus()).isEqualTo(413);
        assertThat(refusal.getDetail()).contains("at most 5 bytes");
        assertThat(refusal.getHeaders()).containsEntry("Connection", "close");
    }

    @Test
    void refusesAnEmptyFile() {
        Refusal refusal = refusalWhileStoring(Forms.request(Forms.file("file", "bell.mp4", "")), 100);

        assertThat(refusal.getStatus()).isEqualTo(400);
        assertThat(refusal.getTitle()).isEqualTo("empty file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "other"})
    void refusesASecondFile(String field) {
        Refusal refusal = refusalWhileStoring(
                Forms.request(
                        Forms.file("file", "bell.mp4", "a bell"),
                        Forms.field("between", "x"),
                        Forms.file(field, "gong.mp4", "a gong")),
                100);

        assertThat(refusal.getStatus()).isEqualTo(400);
        assertThat(refusal.getTitle()).isEqualTo("exactly 1 file required");
        assertThat(refusal.getDetail()).contains("more than one");
    }

    @Test
    void failsWhenTheBodyStopsHalfWay() {
        ObjectId id = new ObjectId();
        String part = Forms.file("file", "bell.mp4", "x".repeat(600_000));

        assertThatThrownBy(() ->
                        MONGO.videos().store(id, "bell.mp4", video(Forms.raw(part.substring(0, 400_000)), 1_000_000)))
                .isInstanceOf(MongoGridFSException.class)
                .hasCauseInstanceOf(IOException.class);

        assertThat(MONGO.isGone("videos", id)).isTrue();
    }

    private static Refusal refusalWhileStoring(Forms.Request request, long maxBytes) {
        ObjectId id = new ObjectId();
        Throwable failure = catchThrowable(() -> MONGO.videos().store(id, "bell.mp4", video(request, maxBytes)));
        assertThat(failure).isInstanceOf(MongoGridFSException.class).hasRootCauseInstanceOf(Refusal.class);
        assertThat(MONGO.isGone("videos", id)).isTrue();
        return assertThat(failure).rootCause().asInstanceOf(type(Refusal.class)).actual();
    }

    private static UploadedVideo video(Forms.Request request, long maxBytes) throws IOException {
        return UploadedVideo.first(new Form(request.type(), request.body()), List.of(), maxBytes);
    }
}
