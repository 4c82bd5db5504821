package io.github.videotomp3.gateway;

import static io.github.videotomp3.MongoStore.bytes;
import static io.github.videotomp3.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.MongoStore;
import io.github.videotomp3.auth.Caller;
import io.github.videotomp3.camel.Refusal;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.Jobs;
import io.github.videotomp3.job.RetentionTest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class OwnJobsTest {

    @RegisterExtension
    static final MongoStore MONGO = new MongoStore();

    private static final Caller ME = new Caller("me@example.com", false);
    private static final Caller OTHER = new Caller("other@example.com", true);

    private final Jobs jobs = new Jobs(MONGO.client(), MONGO.videos(), MONGO.mp3s(), Duration.ofSeconds(30), 3);
    private final OwnJobs own = new OwnJobs(jobs, FetchersTest.LINKS, RetentionTest.retention(jobs));
    private final Map<String, Object> headers = new HashMap<>(Map.of("Authorization", "Bearer secret"));

    @Test
    void showsAJobToItsOwnerAlone() {
        String id = job("bell.mp4").id().toHexString();

        assertThat(own.show(id, null, ME, headers).name()).isEqualTo("bell.mp4");
        assertThat(headers).containsOnlyKeys("ETag", "Cache-Control");
        assertNotFound(refusalOf(() -> own.show(id, null, OTHER, headers)), id);
    }

    @Test
    void showsAJobAgainOnlyIfItHasChanged() {
        Job job = job("bell.mp4");
        String id = job.id().toHexString();
        own.show(id, null, ME, headers);
        String etag = (String) headers.get("ETag");

        assertThat(own.show(id, etag, ME, headers)).isNull();
        assertThat(headers).containsEntry("CamelHttpResponseCode", 304).containsEntry("ETag", etag);
        jobs.queued(job);

        assertThat(own.show(id, etag, ME, headers).state()).isEqualTo("queued");
        assertThat(headers).doesNotContainKey("CamelHttpResponseCode").doesNotContainEntry("ETag", etag);
    }

    @Test
    void tellsAnothersJobFromNoneByNothing() {
        String theirs = job("bell.mp4").id().toHexString();
        String none = new ObjectId().toHexString();

        Refusal foreign = refusalOf(() -> own.show(theirs, null, OTHER, headers));
        Refusal missing = refusalOf(() -> own.show(none, null, OTHER, headers));

        assertThat(foreign.getDetail().replace(theirs, none)).isEqualTo(missing.getDetail());
        assertThat(foreign.getTitle()).isEqualTo(missing.getTitle());
        assertThat(foreign.getStatus()).isEqualTo(missing.getStatus());
    }

    @Test
    void listsTheCallersJobsTheNewestFirst() {
        job("first.mp4");
        job("second.mp4");
        jobs.create(new ObjectId(), OTHER.username(), "other.mp4", 1);

        assertThat(own.list(null, ME, headers)).extracting(JobView::name).containsExactly("second.mp4", "first.mp4");
        assertThat(headers).isEmpty();
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {"1234", "6743a1f0c2b5d8001234567g", "[a, b]", "../jobs"})
    void refusesAnIdThatCanBeNone(String id) {
        assertThat(refusalOf(() -> own.show(id, null, ME, headers)).getStatus()).isEqualTo(400);
        assertThat(refusalOf(() -> own.delete(id, ME, headers)).getStatus()).isEqualTo(400);
    }

    @Test
    void repeatsOfALongIdOnlyTheBeginning() {
        assertThat(refusalOf(() -> own.show("x".repeat(10_000), null, ME, headers))
                        .getDetail())
                .hasSizeLessThan(200);
    }

    @Test
    void acceptsAnUploadWithThePlaceWhereItsJobIs() {
        Job job = job("bell.mp4");
        jobs.queued(job);

        JobView view = own.accepted(job, ME, headers);

        assertThat(view.state()).isEqualTo("queued");
        assertThat(headers)
                .containsOnly(
                        Map.entry("CamelHttpResponseCode", 202),
                        Map.entry("Location", "/jobs/" + job.id().toHexString()));
    }

    @Test
    void acceptsAnUploadWhoseJobWasDeletedAtOnce() {
        Job job = job("bell.mp4");
        jobs.delete(job.id(), ME.username());

        assertThat(own.accepted(job, ME, headers).id()).isEqualTo(job.id().toHexString());
    }

    @Test
    void deletesAJobOfItsOwnerAlone() {
        Job job = job("bell.mp4");
        String id = job.id().toHexString();
        MONGO.videos().store(job.id(), "bell.mp4", bytes("a bell"));

        assertNotFound(refusalOf(() -> own.delete(id, OTHER, headers)), id);
        assertThat(MONGO.videos().find(job.id())).isPresent();
        own.delete(id, ME, headers);

        assertThat(headers).containsOnly(Map.entry("CamelHttpResponseCode", 204));
        assertThat(MONGO.isGone("videos", job.id())).isTrue();
        assertNotFound(refusalOf(() -> own.delete(id, ME, headers)), id);
        assertNotFound(refusalOf(() -> own.show(id, null, ME, headers)), id);
    }

    private static void assertNotFound(Refusal refusal, String id) {
        assertThat(refusal.getStatus()).isEqualTo(404);
        assertThat(refusal.getDetail()).isEqualTo("You have no job " + id + ".");
    }

    private Job job(String name) {
        return jobs.create(new ObjectId(), ME.username(), name, 6);
    }
}
