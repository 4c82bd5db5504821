package io.github.videotomp3.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.Client;
import io.github.videotomp3.RouteTest;
import io.github.videotomp3.SampleJobs;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.Phase;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

@RouteTest
class JobToDetailsTest {

    private static final String OWNER = "details@example.com";

    private final Client client;
    private final SampleJobs samples;

    JobToDetailsTest(Client client, SampleJobs samples) {
        this.client = client;
        this.samples = samples;
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

    private HttpResponse<String> details(String id) {
        return client.get("/jobs/" + id, "Authorization", client.bearer(OWNER));
    }
}
