package io.github.videotomp3.gateway;

import static io.github.videotomp3.MongoStore.bytes;
import static io.github.videotomp3.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.videotomp3.MongoStore;
import io.github.videotomp3.auth.Caller;
import io.github.videotomp3.camel.Refusal;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.JobMessage;
import io.github.videotomp3.job.Jobs;
import io.github.videotomp3.job.MailClaims;
import io.github.videotomp3.job.MailSwitch;
import io.github.videotomp3.job.RetentionTest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class DownloadsTest {

    @RegisterExtension
    static final MongoStore MONGO = new MongoStore();

    private static final Caller ME = new Caller("me@example.com", false);
    private static final String MP3 = "the sound of a bell";

    private final Jobs jobs = new Jobs(MONGO.client(), MONGO.videos(), MONGO.mp3s(), Duration.ofSeconds(30), 3);
    private final Downloads downloads =
            new Downloads(new OwnJobs(jobs, FetchersTest.LINKS, RetentionTest.retention(jobs)), jobs, MONGO.mp3s());
    private final Map<String, Object> headers = new HashMap<>(Map.of("Authorization", "Bearer secret", "fid", "x"));

    @Test
    void handsOutTheWhole() throws IOException {
        Job job = done();

        assertThat(text(get(job, null, null, null))).isEqualTo(MP3);
        assertThat(headers)
                .containsOnly(
                        Map.entry("CamelHttpResponseCode", 200),
                        Map.entry("Content-Type", "audio/mpeg"),
                        Map.entry("Content-Length", 19L),
                        Map.entry(
                                "Content-Disposition", "attachment; filename=\"bell.mp3\"; filename*=UTF-8''bell.mp3"),
                        Map.entry("ETag", etag(job)),
                        Map.entry("Accept-Ranges", "bytes"),
                        Map.entry("Cache-Control", "private, no-cache"));
    }

    @Test
    void notesThatTheWholeHasBeenFetched() throws IOException {
        Job job = done();

        text(get(job, "bytes=4-8", null, null));
        InputStream whole = get(job, null, null, null);
        whole.read(new byte[19]);
        assertThat(jobs.find(job.id(), ME.username()).orElseThrow().fetched()).isNull();
        text(whole);

        Job fetched = jobs.find(job.id(), ME.username()).orElseThrow();
        assertThat(fetched.fetched()).isBetween(job.created(), Instant.now().plusSeconds(1));
        text(get(job, null, null, null));
        assertThat(jobs.find(job.id(), ME.username())).contains(fetched);
    }

    @Test
    void handsOutAPart() throws IOException {
        assertThat(text(get(done(), "bytes=4-8", null, null))).isEqualTo("sound");
        assertThat(headers)
                .containsEntry("CamelHttpResponseCode", 206)
                .containsEntry("Content-Length", 5L)
                .containsEntry("Content-Range", "bytes 4-8/19");
    }

    @Test
    void refusesAPartBehindTheEnd() {
        Job job = done();

        assertThat(refusalOf(() -> get(job, "bytes=19-", null, null)).getStatus())
                .isEqualTo(416);
    }

    @Test
    void handsOutAPartOnlyOfTheSameFile() throws IOException {
        Job job = done();

        assertThat(text(get(job, "bytes=4-8", etag(job), null))).isEqualTo("sound");
        assertThat(text(get(job, "bytes=4-8", "\"another\"", null))).isEqualTo(MP3);
        assertThat(headers).containsEntry("CamelHttpResponseCode", 200).doesNotContainKey("Content-Range");
        assertThat(text(get(job, "bytes=4-8", "W/" + etag(job), null))).isEqualTo(MP3);
        assertThat(text(get(job, "bytes=4-8", "Tue, 24 Nov 2026 00:00:00 GMT", null)))
                .isEqualTo(MP3);
    }

    @Test
    void sendsNothingToWhoHasItAlready() {
        Job job = done();

        for (String known : new String[] {etag(job), "W/" + etag(job), "\"other\", " + etag(job), "*"}) {
            assertThat(get(job, "bytes=4-8", null, known)).as(known).isNull();
            assertThat(headers)
                    .containsOnly(
                            Map.entry("CamelHttpResponseCode", 304),
                            Map.entry("ETag", etag(job)),
                            Map.entry("Accept-Ranges", "bytes"),
                            Map.entry("Cache-Control", "private, no-cache"));
        }
        assertThat(get(job, null, null, "\"other\"")).isNotNull();
    }

    @Test
    void answersHeadWithTheHeadersOfTheWholeAndNoBytes() {
        assertThat(open(done(), "HEAD", null)).isNull();
        assertThat(headers).containsEntry("CamelHttpResponseCode", 200).containsEntry("Content-Length", 19L);
    }

    @Test
    void knowsNoRangesForHead() {
        assertThat(open(done(), "HEAD", "bytes=4-8")).isNull(); // RFC 9110 §14.2: only GET has them
        assertThat(headers)
                .containsEntry("CamelHttpResponseCode", 200)
                .containsEntry("Content-Length", 19L)
                .doesNotContainKey("Content-Range");
    }

    @Test
    void handsOutAnMp3OfTheOriginalsConverter() throws IOException {
        Job job = jobs.create(new ObjectId(), ME.username(), "bell.mp4", 6);
        ObjectId theirs = new ObjectId();
        MONGO.mp3s().store(theirs, "", bytes(MP3));
        new MailClaims(MONGO.client(), jobs, new MailSwitch(MONGO.client()), Duration.ZERO)
                .claim(new JobMessage(job.id().toHexString(), theirs.toHexString(), ME.username(), null));

        assertThat(text(get(job, null, null, null))).isEqualTo(MP3);
    }

    @Test
    void asksToComeBackWhileTheJobIsUnderWay() {
        Job job = jobs.create(new ObjectId(), ME.username(), "bell.mp4", 6);

        Refusal refusal = refusalOf(() -> get(job, null, null, null));

        assertThat(refusal.getStatus()).isEqualTo(409);
        assertThat(refusal.getDetail()).contains("stored");
        assertThat(refusal.getHeaders()).containsEntry("Retry-After", "2");
    }

    @Test
    void saysWhyThereIsNoMp3() {
        Job job = claimed();
        jobs.rejected(job, "The video has no audio track");

        Refusal refusal = refusalOf(() -> get(job, null, null, null));

        assertThat(refusal.getStatus()).isEqualTo(410);
        assertThat(refusal.getDetail()).isEqualTo("The video has no audio track");
    }

    @Test
    void saysThatAnMp3HasExpired() {
        Job job = done();
        MONGO.mp3s().delete(job.id());

        assertThat(refusalOf(() -> get(job, null, null, null)).getStatus()).isEqualTo(410);
    }

    @Test
    void failsBeforeTheAnswerWhenTheBytesAreGone() {
        Job job = done();
        MONGO.client().getDatabase("mp3s").getCollection("fs.chunks").drop();

        assertThatThrownBy(() -> get(job, null, null, null)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void hidesAnothersMp3() {
        Job job = done();

        assertThat(refusalOf(() -> downloads.open(
                                null,
                                job.id().toHexString(),
                                "GET",
                                null,
                                null,
                                null,
                                new Caller("other@example.com", true),
                                headers))
                        .getStatus())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "1234", "x' OR 1=1"})
    void refusesAFidThatCanBeNone(String fid) {
        Refusal refusal = refusalOf(() -> downloads.open(null, fid, "GET", null, null, null, ME, headers));

        assertThat(refusal.getStatus()).isEqualTo(400);
        assertThat(refusal.getTitle()).contains("fid");
    }

    private InputStream get(Job job, String range, String ifRange, String ifNoneMatch) {
        return downloads.open(null, job.id().toHexString(), "GET", range, ifRange, ifNoneMatch, ME, headers);
    }

    private InputStream open(Job job, String method, String range) {
        return downloads.open(null, job.id().toHexString(), method, range, null, null, ME, headers);
    }

    private Job claimed() {
        Job job = jobs.create(new ObjectId(), ME.username(), "bell.mp4", 6);
        return jobs.claim(JobMessage.of(job));
    }

    private Job done() {
        Job job = claimed();
        MONGO.mp3s().store(job.id(), "bell.mp4", bytes(MP3));
        return jobs.done(job, MP3.length(), 1.5, null);
    }

    private static String etag(Job job) {
        return '"' + job.id().toHexString() + "-19\"";
    }

    private static String text(InputStream stream) throws IOException {
        try (stream) {
            return new String(stream.readAllBytes());
        }
    }
}
