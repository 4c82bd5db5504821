package io.github.videotomp3.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.Client;
import io.github.videotomp3.RouteTest;
import io.github.videotomp3.SampleJobs;
import io.github.videotomp3.job.Job;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

@RouteTest
class JobToDeletionTest {

    private static final String OWNER = "deleter@example.com";

    private final Client client;
    private final SampleJobs samples;

    JobToDeletionTest(Client client, SampleJobs samples) {
        this.client = client;
        this.samples = samples;
    }

    @Test
    void deletesTheJobWithItsVideoAndItsMp3() {
        Job job = samples.done(OWNER, new byte[] {1});

        HttpResponse<String> answer = delete(job);

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
        assertThat(samples.hasVideo(job)).isFalse();
        assertThat(samples.mp3Bytes(job)).isEqualTo(-1);
        assertThat(samples.now(job)).isNull();
        assertThat(delete(job).statusCode()).isEqualTo(404);
    }

    @Test
    void leavesAnothersJobAlone() {
        Job job = samples.done("not-the-deleter@example.com", new byte[] {1});

        assertThat(delete(job).statusCode()).isEqualTo(404);
        assertThat(samples.now(job)).isNotNull();
        assertThat(samples.hasVideo(job)).isTrue();
    }

    @Test
    void deletesNothingForAStranger() {
        Job job = samples.done(OWNER, new byte[] {1});

        HttpResponse<String> answer = client.send("DELETE", "/jobs/" + job.id(), BodyPublishers.noBody());

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(samples.now(job)).isNotNull();
    }

    private HttpResponse<String> delete(Job job) {
        return client.send(
                "DELETE", "/jobs/" + job.id(), BodyPublishers.noBody(), "Authorization", client.bearer(OWNER));
    }
}
