package io.github.videotomp3.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.videotomp3.Client;
import io.github.videotomp3.RouteTest;
import io.github.videotomp3.SampleJobs;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

@RouteTest
class AccountToDetailsTest {

    private final Client client;
    private final SampleJobs samples;

    AccountToDetailsTest(Client client, SampleJobs samples) {
        this.client = client;
        this.samples = samples;
    }

    @Test
    void tellsAPersonWhatTheyUse() throws Exception {
        samples.done("holder@example.com", new byte[] {1, 2, 3});
        samples.claimed("holder@example.com");
        samples.claimed("not-the-holder@example.com");

        HttpResponse<String> answer = client.get("/account", "Authorization", client.bearer("holder@example.com"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(new ObjectMapper().readTree(answer.body())).isEqualTo(new ObjectMapper().readTree("""
                                        {"email": "holder@example.com",
                                         "jobs": {"used": 1, "limit": 100},
                                         "bytes": {"used": 5, "limit": 53687091200}}"""));
    }

    @Test
    void tellsAStrangerNothing() {
        assertThat(client.get("/account").statusCode()).isEqualTo(401);
    }
}
