package io.github.videotomp3.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.videotomp3.Client;
import io.github.videotomp3.RouteTest;
import io.github.videotomp3.SampleJobs;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.Phase;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.Test;

@RouteTest
class JobToDetailsTest {

    private static final String OWNER = "details@example.com";

    private final Client client;
    private final SampleJobs samples;
    private final ProducerTemplate producer;

    JobToDetailsTest(Client client, SampleJobs samples, ProducerTemplate producer) {
        this.client = client;
        this.samples = samples;
        this.producer = producer;
    }

    @Test
    void showsHowFarAJobIs() {
        Job job = samples.claimed(OWNER);
        samples.jobs().progress(job, Phase.CONVERTING, 12.5, 40);

        HttpResponse<String> answer = details(job.id().toHexString());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .contains("\"state\":\"converting\"", "\"seconds\":12.5")
                .doesNotContain("download");
    }

    @Test
    void linksTheMp3OnceItIsThere() {
        Job job = samples.done(OWNER, new byte[] {1, 2});

        assertThat(details(job.id().toHexString()).body())
                .contains("\"state\":\"done\"", "\"mp3_bytes\":2", "\"download\":\"/download?fid=" + job.id() + "\"");
    }

    @Test
    void sendsNothingOfAJobThatTheCallerKnows() {
        String id = samples.claimed(OWNER).id().toHexString();
        String etag = Client.header(details(id), "etag");

        HttpResponse<String> answer = details(id, "If-None-Match", etag);

        assertThat(answer.statusCode()).isEqualTo(304);
        assertThat(answer.body()).isEmpty();
        assertThat(Client.header(answer, "etag")).isEqualTo(etag);
    }

    @Test
    void waitsForTheEndOfAJob() {
        Job job = samples.claimed(OWNER);
        CompletableFuture<HttpResponse<String>> answer =
                CompletableFuture.supplyAsync(() -> details(job.id().toHexString(), "Prefer", "wait=50"));
        samples.jobs().progress(job, Phase.CONVERTING, 1, 10);
        samples.jobs().rejected(job, "It is a stone");

        HttpResponse<String> now = afterALook(answer);
        assertThat(now.body()).contains("\"state\":\"rejected\"");
        assertThat(Client.header(now, "preference-applied")).isEqualTo("wait=50");
    }

    @Test
    void waitsForAnyChangeOfAJobThatTheCallerKnows() {
        Job job = samples.claimed(OWNER);
        String id = job.id().toHexString();
        String etag = Client.header(details(id), "etag");
        CompletableFuture<HttpResponse<String>> answer = CompletableFuture.supplyAsync(
                () -> details(id, "Prefer", "respond-async, wait=50", "If-None-Match", etag));
        samples.jobs().progress(job, Phase.CONVERTING, 1, 10);

        assertThat(afterALook(answer).body()).contains("\"progress\":10");
    }

    @Test
    void waitsNotForever() {
        String id = samples.claimed(OWNER).id().toHexString();
        String etag = Client.header(details(id), "etag");

        assertThat(afterALook(CompletableFuture.supplyAsync(() -> details(id, "Prefer", "wait=1")))
                        .body())
                .contains("\"state\":\"converting\"");
        assertThat(afterALook(CompletableFuture.supplyAsync(
                                () -> details(id, "Prefer", "wait=1", "If-None-Match", etag)))
                        .statusCode())
                .isEqualTo(304);
    }

    @Test
    void waitsNotForWhatThereIsAlreadyOrWillNeverBe() {
        String done = samples.done(OWNER, new byte[] {1}).id().toHexString();
        String theirs = samples.claimed("not-details@example.com").id().toHexString();

        assertThat(details(done, "Prefer", "wait=50").statusCode()).isEqualTo(200);
        assertThat(details(theirs, "Prefer", "wait=50").statusCode()).isEqualTo(404);
        assertThat(client.get("/jobs/" + theirs, "Prefer", "wait=50").statusCode())
                .isEqualTo(401);
    }

    @Test
    void doesNotFindAnothersJob() {
        Job job = samples.done("not-details@example.com", new byte[] {1});

        assertThat(details(job.id().toHexString()).statusCode()).isEqualTo(404);
    }

    @Test
    void refusesWhatCanBeNoId() {
        assertThat(details("nonsense").statusCode()).isEqualTo(400);
    }

    @Test
    void showsNothingToAStranger() {
        assertThat(client.get("/jobs/" + samples.claimed(OWNER).id()).statusCode())
                .isEqualTo(401);
    }

    private HttpResponse<String> afterALook(CompletableFuture<HttpResponse<String>> answer) {
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            producer.sendBody("direct:look-timer", null);
            return answer.isDone();
        });
        return answer.join();
    }

    private HttpResponse<String> details(String id, String... headers) {
        return client.get(
                "/jobs/" + id,
                Stream.concat(Stream.of("Authorization", client.bearer(OWNER)), Stream.of(headers))
                        .toArray(String[]::new));
    }
}
