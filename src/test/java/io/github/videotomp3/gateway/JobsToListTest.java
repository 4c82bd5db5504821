package io.github.videotomp3.gateway;

import static io.github.videotomp3.Client.header;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.videotomp3.Client;
import io.github.videotomp3.RouteTest;
import io.github.videotomp3.SampleJobs;
import io.github.videotomp3.job.Job;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@RouteTest
class JobsToListTest {

    private static final ObjectMapper JSON = new ObjectMapper();

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
        assertThat(header(answer, "Content-Length"))
                .isEqualTo(String.valueOf(answer.body().length()));
        assertThat(answer.body())
                .containsSubsequence(
                        second.id().toHexString(), "rejected", first.id().toHexString(), "done")
                .doesNotContain(others.id().toHexString());
    }

    @Test
    void showsAListPageByPageWhileJobsComeIn() throws Exception {
        String owner = "pager@example.com";
        List<String> there = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            there.add(0, samples.rejected(owner, "No sound.").id().toHexString());
            samples.stored(owner, new byte[] {1});
        }
        List<String> shown = new ArrayList<>();
        String next = "/jobs?limit=2&state=rejected";
        while (next != null) {
            HttpResponse<String> answer = client.get(next, "Authorization", client.bearer(owner));
            samples.rejected(owner, "No sound."); // comes in between, as the newest
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            JSON.readTree(answer.body()).forEach(job -> shown.add(job.get("id").asText()));
            String link = header(answer, "Link");
            next = link == null ? null : link.substring(1, link.indexOf('>'));
        }

        assertThat(shown).isEqualTo(there);
    }

    @Test
    void hasNoNextPageBehindTheLastJob() {
        String owner = "two-jobs@example.com";
        samples.stored(owner, new byte[] {1});
        samples.stored(owner, new byte[] {1});

        assertThat(header(client.get("/jobs?limit=2", "Authorization", client.bearer(owner)), "Link"))
                .isNull();
        assertThat(header(client.get("/jobs?limit=1", "Authorization", client.bearer(owner)), "Link"))
                .endsWith(">; rel=\"next\"");
    }

    @Test
    void refusesAParameterThatItDoesNotKnow() {
        HttpResponse<String> answer =
                client.get("/jobs?owner=x@example.com", "Authorization", client.bearer("lister@example.com"));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("There is no parameter \\\"owner\\\"; there are limit, cursor, state.");
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
