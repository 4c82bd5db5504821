package io.github.videotomp3.gateway;

import static io.github.videotomp3.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.videotomp3.MongoStore;
import io.github.videotomp3.auth.Caller;
import io.github.videotomp3.camel.Refusal;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.JobState;
import io.github.videotomp3.job.Jobs;
import io.github.videotomp3.job.Mp3Options;
import io.github.videotomp3.job.UploadKey;
import io.github.videotomp3.job.UploadKeys;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UploadsTest {

    @RegisterExtension
    static final MongoStore MONGO = new MongoStore();

    private final Jobs jobs = new Jobs(MONGO.client(), MONGO.videos(), MONGO.mp3s(), Duration.ofSeconds(30), 3);
    private final UploadKeys keys = new UploadKeys(MONGO.client(), jobs, Duration.ofHours(1));
    private final Uploads uploads = new Uploads(jobs, keys, 10);
    private final Map<String, Object> headers = new HashMap<>();

    @Test
    void opensTheFileUnderAnyFieldNameBehindFormFields() throws IOException {
        headers.put("Authorization", "Bearer secret");

        UploadedVideo video = open(Forms.request(
                Forms.field("title", "My bell ü"),
                Forms.field("bitrate", ""),
                Forms.file("unused", "", ""),
                Forms.file("anything", "bell.mp4", "a bell")));

        assertThat(video.name()).isEqualTo("bell.mp4");
        assertThat(video.readAllBytes()).asString().isEqualTo("a bell");
        assertThat(video.bytes()).isEqualTo(6);
        assertThat(headers).containsOnly(Map.entry("CamelFileName", "bell.mp4"));
        assertThat(video.options()).isEqualTo(Mp3Options.of(List.of(Map.entry("title", "My bell ü"))));
    }

    @Test
    void takesOptionsFromTheQueryAndTheFieldsBeforeTheFile() throws IOException {
        UploadedVideo video = open(
                "bitrate=192&title=Rock+%26+Roll+%C3%BC&album=",
                Forms.request(Forms.field("channels", "1"), Forms.file("file", "bell.mp4", "a bell")));

        assertThat(video.options().asMap())
                .containsOnly(Map.entry("bitrate", 192), Map.entry("title", "Rock & Roll ü"), Map.entry("channels", 1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            quality=10                 | quality must be a whole number from 0 (best) to 9, not "10".
            qualty=1                   | There is no option "qualty"; there are quality, bitrate, abr, sample_rate, channels, start, end, loudness, title, artist, album, cover.
            quality=1&abr=128          | quality and abr exclude each other; send one of quality, bitrate and abr.
            Authorization=Bearer+x     | There is no option "Authorization"; there are quality, bitrate, abr, sample_rate, channels, start, end, loudness, title, artist, album, cover.
            fid=0123456789abcdef01234567&quality=1&fid | There is no option "fid"; there are quality, bitrate, abr, sample_rate, channels, start, end, loudness, title, artist, album, cover.
            """)
    void refusesAWrongQueryBeforeTheBodyIsRead(String query, String detail) {
        InputStream body = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("the body was read");
            }
        };
        Forms.Request request = new Forms.Request("multipart/form-data; boundary=x", 9, body);

        assertBadOption(refusalOf(() -> open(query, request)), detail);
    }

    @Test
    void refusesWrongFieldsBeforeTheFileIsRead() {
        String video = Forms.file("file", "bell.mp4", "a bell");

        assertBadOption(
                refusalOf(() -> open(Forms.request(Forms.field("cover", "yes"), video))),
                "cover must be one of keep, frame, none, not \"yes\".");
        assertBadOption(
                refusalOf(() -> open("abr=128", Forms.request(Forms.field("abr", "96"), video))),
                "abr was sent twice.");
        assertBadOption(
                refusalOf(() -> open("abr=128", Forms.request(Forms.field("quality", "2"), video))),
                "quality and abr exclude each other; send one of quality, bitrate and abr.");
        assertBadOption(
                refusalOf(() -> open(Forms.request(Forms.field("title", "x".repeat(5000)), video))),
                "A form field has more than 4096 bytes.");
        assertBadOption(
                refusalOf(() -> open(Forms.request(Forms.field("album", "").repeat(101), video))),
                "There are more than 100 form fields.");
    }

    @Test
    void refusesAnOptionBehindTheFile() throws IOException {
        UploadedVideo video =
                open(Forms.request(Forms.file("file", "bell.mp4", "a bell"), Forms.field("quality", "2")));

        assertBadOption(refusalWhileReading(video), "Options stand before the file in a form; one stands behind it.");
    }

    private static Refusal refusalWhileReading(UploadedVideo video) {
        return (Refusal)
                catchThrowableOfType(IOException.class, video::readAllBytes).getCause();
    }

    private static void assertBadOption(Refusal refusal, String detail) {
        assertThat(refusal.getStatus()).isEqualTo(400);
        assertThat(refusal.getTitle()).isEqualTo("bad option");
        assertThat(refusal.getHeaders()).containsEntry("Connection", "close");
        assertThat(refusal.getDetail()).isEqualTo(detail);
    }

    @ParameterizedTest
    @CsvSource({
        "../../etc/passwd, passwd",
        "C:\\\\Users\\\\me\\\\bell.mp4, bell.mp4",
        "Glöckchen 🔔.mp4, Glöckchen 🔔.mp4",
        "a \\\"bell\\\".mp4, a \"bell\".mp4",
        "a %22bell%22.mp4, a \"bell\".mp4",
        "a\0bell.mp4, abell.mp4",
        "it's Bob's.mp4, it's Bob's.mp4"
    })
    void cleansTheNameThatItsSenderGave(String sent, String name) throws IOException {
        assertThat(open(Forms.request(Forms.file("file", sent, "a bell"))).name())
                .isEqualTo(name);
    }

    /** As urllib3 before 2.0, and so Python's requests, writes a name that is not ASCII. */
    @Test
    void takesANameInTheFormOfOlderClients() throws IOException {
        Forms.Request request = Forms.raw(
                Forms.file("file", "x", "a bell").replace("filename=\"x\"", "filename*=utf-8''Gl%C3%B6ckchen.mp4")
                        + Forms.END);

        assertThat(open(request).name()).isEqualTo("Glöckchen.mp4");
    }

    @Test
    void takesAVideoThatIsSentAsAnotherForm() throws IOException {
        Forms.Request request =
                Forms.raw(Forms.file("file", "bell.mp4", "a bell").replace("video/mp4", "multipart/mixed; boundary=x")
                        + Forms.END);

        assertThat(open(request).readAllBytes()).asString().isEqualTo("a bell");
    }

    @Test
    void takesBytesThatLookLikeTheBeginningOfABoundary() throws IOException {
        String bytes = "\r\n------boundar\r\n\r\n-----";

        assertThat(open(Forms.request(Forms.file("file", "bell.mp4", "1" + bytes)), 100)
                        .readAllBytes())
                .asString()
                .isEqualTo("1" + bytes);
    }

    @Test
    void takesTheLongestNameThatASystemHas() throws IOException {
        String longest = "\u97f3".repeat(255);

        assertThat(open(Forms.request(Forms.file("file", longest, "a bell"))).name())
                .isEqualTo(longest);
    }

    @Test
    void refusesAFormWithoutAFile() {
        for (Forms.Request request : new Forms.Request[] {
            Forms.request(), Forms.request(Forms.field("title", "a bell")), Forms.request(Forms.file("file", "", ""))
        }) {
            Refusal refusal = refusalOf(() -> open(request));

            assertThat(refusal.getStatus()).isEqualTo(400);
            assertThat(refusal.getTitle()).isEqualTo("exactly 1 file required");
        }
    }

    @Test
    void refusesABodyThatIsTooLargeBeforeItIsRead() {
        InputStream body = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("the body was read");
            }
        };
        Forms.Request request = new Forms.Request("multipart/form-data; boundary=x", 5_000_000_000L, body);

        Refusal refusal = refusalOf(() -> open(request));

        assertThat(refusal.getStatus()).isEqualTo(413);
        assertThat(refusal.getDetail()).contains("at most 10 bytes");
        assertThat(refusal.getHeaders()).containsEntry("Connection", "close");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/octet-stream", "video/mp4", "application/x-www-form-urlencoded", ""})
    void refusesWhatIsNoForm(String type) {
        Forms.Request request = Forms.typed(Forms.raw("a bell"), type.isEmpty() ? null : type);

        assertThat(refusalOf(() -> open(request)).getStatus()).isEqualTo(415);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no form at all",
                "------boundary",
                "------boundary\r\nContent-Disposition: form-data; na",
                "------boundary\r\nno header\r\n\r\nx\r\n------boundary--",
                "------boundary\r\n\r\nx\r\n------boundary"
            })
    void refusesABodyThatIsNoForm(String body) {
        assertThat(refusalOf(() -> open(Forms.raw(body))).getStatus()).isEqualTo(400);
    }

    @Test
    void refusesAFormWithoutABoundary() {
        Forms.Request request =
                Forms.typed(Forms.request(Forms.file("file", "bell.mp4", "a bell")), "multipart/form-data");

        Refusal refusal = refusalOf(() -> open(request));

        assertThat(refusal.getStatus()).isEqualTo(400);
        assertThat(refusal.getDetail()).contains("boundary");
    }

    @Test
    void notesTheJobOfAStoredVideo() throws IOException {
        ObjectId id = new ObjectId();
        UploadedVideo video = open(Forms.request(Forms.file("file", "bell.mp4", "a bell")));
        video.readAllBytes();

        Job job = uploads.note(video, id, keys.take("me@example.com", null), new Caller("me@example.com", false));

        assertThat(jobs.find(id, "me@example.com")).contains(job);
        assertThat(job.state()).isEqualTo(JobState.STORED);
        assertThat(job.name()).isEqualTo("bell.mp4");
        assertThat(job.bytes()).isEqualTo(6);
        CRC32C sum = new CRC32C();
        sum.update("a bell".getBytes(StandardCharsets.UTF_8));
        assertThat(job.crc32c()).isEqualTo(sum.getValue());
    }

    @Test
    void knowsAnUploadThatHasBeenSentBefore() throws IOException {
        Forms.Request first = Forms.request(Forms.file("file", "bell.mp4", "a bell"));
        UploadKey key = keys.take("me@example.com", "known");
        UploadedVideo video = open(first, key);
        video.readAllBytes();
        Job job = uploads.note(video, new ObjectId(), key, new Caller("me@example.com", false));

        UploadKey again = keys.take("me@example.com", "known");

        assertThat(again.isKnown()).isTrue();
        assertThat(uploads.compare(open(Forms.request(Forms.file("file", "bell.mp4", "a bell")), again), again))
                .isEqualTo(job);
        for (String other : new String[] {
            Forms.file("file", "bell.mp4", "a gong"),
            Forms.file("file", "bell.mp4", "a bell!"),
            Forms.file("file", "gong.mp4", "a bell"),
            Forms.field("bitrate", "64") + Forms.file("file", "bell.mp4", "a bell")
        }) {
            assertThat(refusalOf(() -> uploads.compare(open(Forms.request(other), again), again))
                            .getStatus())
                    .isEqualTo(422);
        }
    }

    private UploadedVideo open(Forms.Request request, UploadKey key) throws IOException {
        return uploads.open(request.body(), null, null, request.type(), request.length(), key, headers);
    }

    @Test
    void refusesASettingOutOfRange() {
        assertThatThrownBy(() -> new Uploads(jobs, keys, 0)).hasMessageContaining("gateway.upload.max-bytes");
    }

    private UploadedVideo open(Forms.Request request, long maxBytes) throws IOException {
        return new Uploads(jobs, keys, maxBytes)
                .open(
                        request.body(),
                        null,
                        null,
                        request.type(),
                        request.length(),
                        keys.take("me@example.com", null),
                        headers);
    }

    private UploadedVideo open(Forms.Request request) throws IOException {
        return open((String) null, request);
    }

    private UploadedVideo open(String query, Forms.Request request) throws IOException {
        return uploads.open(
                request.body(),
                null,
                query,
                request.type(),
                request.length(),
                keys.take("me@example.com", null),
                headers);
    }
}
