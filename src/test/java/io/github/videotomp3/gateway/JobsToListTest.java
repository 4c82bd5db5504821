package io.github.videotomp3.gateway;

import static io.github.videotomp3.Client.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.Client;
import io.github.videotomp3.RouteTest;
import io.github.videotomp3.SampleJobs;
import io.github.videotomp3.job.Job;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

@RouteTest
class JobsToListTest {

    private final Client client;
    private final SampleJobs samples;

    JobsToListTest(Client client, SampleJobs samples) {
        this.client = client;
        this.samples = samples;
    }

    @Test
    void showsThePersonsOwnJobsTheNewestFirst() {
        Job first = samples.done("lister@example.com", new byte[] {1});
        Job second = samples.rejected("lister@example.com", "No sound.");
        Job others = samples.done("not-the-lister@example.com", new byte[] {1});

        HttpResponse<String> answer = client.get("/jobs", "Authorization", client.bearer("lister@example.com"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Content-Type")).startsWith("application/json");
        assertThat(answer.body())
                .containsSubsequence(
                        second.id().toHexString(), "rejected", first.id().toHexString(), "done")
                .doesNotContain(others.id().toHexString());
    }

    @Test
    void showsAnEmptyListToANewPerson() {
        HttpResponse<String> answer = client.get("/jobs", "Authorization", client.bearer("newcomer@example.com"));

        assertThat(answer.body()).isEqualTo("[]");
    }

    @Test
    void showsNothingToAStranger() {
        assertThat(client.get("/jobs").statusCode()).isEqualTo(401);
    }
}
