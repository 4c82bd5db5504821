package io.github.videotomp3.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import io.github.videotomp3.Client;
import io.github.videotomp3.RouteTest;
import io.github.videotomp3.SampleJobs;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.MailSwitch;
import io.github.videotomp3.notification.Webhooks;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.camel.ProducerTemplate;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;

@RouteTest
class AccountToDeletionTest {

    private final Client client;
    private final SampleJobs samples;
    private final ProducerTemplate producer;
    private final String authUrl;

    AccountToDeletionTest(
            Client client,
            SampleJobs samples,
            ProducerTemplate producer,
            @Value("${gateway.auth.url}") String authUrl) {
        this.client = client;
        this.samples = samples;
        this.producer = producer;
        this.authUrl = authUrl;
    }

    @Test
    void deletesAllThatIsAPersonsAndNothingOfAnother() throws IOException {
        for (String owner : new String[] {"leaver@example.com", "stayer@example.com"}) {
            samples.bean("apiKeys", ApiKeys.class).make(owner, "backup", EnumSet.allOf(Scope.class));
            samples.bean("webhooks", Webhooks.class).make(owner, "https://example.com/hook");
            samples.bean("mailSwitch", MailSwitch.class).set(owner, false);
            assertThat(client.uploadAs("the-key", owner, "clip.mp4", "a video").statusCode())
                    .isEqualTo(202);
            samples.rejected(owner, "no");
        }
        Job mine = samples.done("leaver@example.com", new byte[] {1});
        Job running = samples.claimed("leaver@example.com");

        try (AuthStub auth = new AuthStub(authUrl, 204, Map.of(), "")) {
            HttpResponse<String> answer = delete("leaver@example.com");

            assertThat(answer.statusCode()).isEqualTo(204);
            assertThat(auth.onlyRequest().method()).isEqualTo("DELETE");
            assertThat(auth.onlyRequest().path()).isEqualTo("/account");
            assertThat(auth.onlyRequest().headers().getFirst("Authorization")).startsWith("Bearer ");
        }

        assertThat(traces("leaver@example.com")).isEqualTo("departures 1");
        assertThat(traces("stayer@example.com")).isEqualTo("jobs 2, keys 1, upload_keys 1, webhooks 1");
        assertThat(samples.mp3Bytes(mine)).isEqualTo(-1);
        assertThat(samples.hasVideo(running)).isFalse();
        assertThat(samples.bean("mailSwitch", MailSwitch.class).isOn("leaver@example.com"))
                .isTrue();
        assertThat(samples.bean("mailSwitch", MailSwitch.class).isOn("stayer@example.com"))
                .isFalse();
    }

    @Test
    void letsTheTokenOfADeletedAccountBringInNothing() throws IOException {
        try (AuthStub auth = new AuthStub(authUrl, 204, Map.of(), "")) {
            delete("left@example.com");
        }

        HttpResponse<String> answer = client.upload("left@example.com", "clip.mp4", "a video");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(samples.jobs().newest("left@example.com")).isEmpty();
    }

    @Test
    void deletesWhatAnUploadBringsThatWasUnderWay() throws IOException {
        ObjectId begun = new ObjectId();
        try (AuthStub auth = new AuthStub(authUrl, 204, Map.of(), "")) {
            delete("slow@example.com");
        }
        samples.jobs().create(begun, "slow@example.com", "clip.mp4", 1);

        producer.sendBody("direct:leaver-timer", null);

        assertThat(traces("slow@example.com")).isEqualTo("departures 1");
    }

    @Test
    void saysSoWhileAuthIsAwayAndDoesItAgain() throws IOException {
        assertThat(delete("patient@example.com").statusCode()).isEqualTo(503);

        try (AuthStub auth = new AuthStub(authUrl, 204, Map.of(), "")) {
            assertThat(delete("patient@example.com").statusCode()).isEqualTo(204);
        }
    }

    @Test
    void letsNoKeyAndNoStrangerDoThat() {
        String key = samples.bean("apiKeys", ApiKeys.class)
                .make("keyed@example.com", "backup", EnumSet.allOf(Scope.class))
                .orElseThrow()
                .text();

        assertThat(client.send("DELETE", "/account", BodyPublishers.noBody(), "Authorization", "Bearer " + key)
                        .statusCode())
                .isEqualTo(403);
        assertThat(client.send("DELETE", "/account", BodyPublishers.noBody()).statusCode())
                .isEqualTo(401);
    }

    private HttpResponse<String> delete(String owner) {
        return client.send("DELETE", "/account", BodyPublishers.noBody(), "Authorization", client.bearer(owner));
    }

    /** In which collections of the whole store the address stands, and how often. */
    private String traces(String owner) {
        StringBuilder traces = new StringBuilder();
        var videos = samples.bean("mongo", MongoClient.class).getDatabase("videos");
        for (String name : videos.listCollectionNames().into(new TreeSet<>())) {
            long count = 0;
            for (Document document : name.equals("fs.chunks")
                    ? List.<Document>of()
                    : videos.getCollection(name).find()) {
                count += document.toJson().contains(owner) ? 1 : 0;
            }
            if (count > 0) {
                traces.append(traces.isEmpty() ? "" : ", ")
                        .append(name)
                        .append(' ')
                        .append(count);
            }
        }
        return traces.toString();
    }
}
