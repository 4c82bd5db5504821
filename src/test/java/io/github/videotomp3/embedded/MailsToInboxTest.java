package io.github.videotomp3.embedded;

import static io.github.videotomp3.Client.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.Client;
import io.github.videotomp3.RouteTest;
import io.github.videotomp3.SampleJobs;
import io.github.videotomp3.job.Job;
import java.net.http.HttpResponse;
import java.util.List;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.Test;

@RouteTest
class MailsToInboxTest {

    private final Client client;
    private final SampleJobs samples;
    private final ProducerTemplate producer;

    MailsToInboxTest(Client client, SampleJobs samples, ProducerTemplate producer) {
        this.client = client;
        this.samples = samples;
        this.producer = producer;
    }

    @Test
    void showsAPersonTheirOwnMailsAndNobodyElses() {
        Job mine = mailed("reader@example.com");
        Job anothers = mailed("not-the-reader@example.com");

        HttpResponse<String> answer = client.get("/inbox", "Authorization", client.bearer("reader@example.com"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Content-Type")).startsWith("application/json");
        assertThat(answer.body())
                .contains(mine.id().toHexString(), "\"subject\":\"MP3 Download\"")
                .doesNotContain(anothers.id().toHexString());
    }

    @Test
    void showsAnEmptyInboxToThoseWithoutMail() {
        HttpResponse<String> answer = client.get("/inbox", "Authorization", client.bearer("mailless@example.com"));

        assertThat(answer.body()).isEqualTo("[]");
    }

    @Test
    void showsNothingToAStranger() {
        assertThat(client.get("/inbox").statusCode()).isEqualTo(401);
    }

    private Job mailed(String owner) {
        Job job = samples.done(owner, new byte[] {1});
        producer.sendBody("direct:job-to-email", List.of(job));
        return job;
    }
}
