package io.github.videotomp3.gateway;

import static io.github.videotomp3.Client.header;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.videotomp3.Client;
import io.github.videotomp3.RouteTest;
import io.github.videotomp3.SampleJobs;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.notification.Deliveries;
import io.github.videotomp3.notification.Webhooks;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.EnumSet;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code request-to-hook}, {@code hooks-to-list}, {@code hook-to-deletion}, {@code hook-to-deliveries} and
 * {@code delivery-to-replay}.
 */
@RouteTest
class RequestToHookTest {

    private static final String OWNER = "hook-owner@example.com";
    private static final String GOOD = "{\"url\":\"https://1.1.1.1/hook\"}";

    private final Client client;
    private final SampleJobs samples;

    RequestToHookTest(Client client, SampleJobs samples) {
        this.client = client;
        this.samples = samples;
    }

    @Test
    void makesListsAndDeletesAWebhook() throws Exception {
        String person = "hook-maker@example.com";
        HttpResponse<String> answer = make(person, GOOD);
        JsonNode made = json(answer);

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
        assertThat(made.get("secret").asText()).startsWith("whsec_");
        assertThat(made.get("url").asText()).isEqualTo("https://1.1.1.1/hook");

        HttpResponse<String> list = send("GET", "/webhooks", person);
        assertThat(list.body()).doesNotContain("whsec_");
        assertThat(json(list)).hasSize(1);
        assertThat(json(list).get(0).get("id")).isEqualTo(made.get("id"));

        String path = "/webhooks/" + made.get("id").asText();
        assertThat(send("DELETE", path, person).statusCode()).isEqualTo(204);
        assertThat(send("DELETE", path, person).statusCode()).isEqualTo(404);
        assertThat(send("GET", "/webhooks", person).body()).isEqualTo("[]");
    }

    @Test
    void showsWhatAWebhookWasToldTheNewestFirstAndSendsItOnceMore() throws Exception {
        String person = "log-reader@example.com";
        String path = "/webhooks/" + json(make(person, GOOD)).get("id").asText();
        Job first = samples.rejected(person, "No sound.");
        samples.bean("deliveries", Deliveries.class).note(first);
        Job second = samples.done(person, new byte[] {1});
        samples.bean("deliveries", Deliveries.class).note(second);

        JsonNode log = json(send("GET", path + "/deliveries", person));
        assertThat(log.findValuesAsText("job"))
                .containsExactly(second.id().toHexString(), first.id().toHexString());
        assertThat(log.findValuesAsText("type")).containsExactly("job.done", "job.rejected");
        assertThat(log.get(0).get("state").asText()).isEqualTo("waiting");

        String replay = path + "/deliveries/" + log.get(0).get("id").asText() + "/replay";
        HttpResponse<String> replayed = send("POST", replay, person);
        assertThat(replayed.statusCode()).isEqualTo(202);
        assertThat(json(replayed).get("id")).isEqualTo(log.get(0).get("id"));
        assertThat(send("POST", path + "/deliveries/none/replay", person).statusCode())
                .isEqualTo(404);

        send("DELETE", path, person);
        assertThat(samples.bean("deliveries", Deliveries.class).list(new ObjectId(path.replace("/webhooks/", ""))))
                .isEmpty();
    }

    @Test
    void showsNothingOfAnothersWebhook() throws Exception {
        String id = json(make(OWNER, GOOD)).get("id").asText();
        Job job = samples.rejected(OWNER, "No sound.");
        String delivery =
                samples.bean("deliveries", Deliveries.class).note(job).get(0).delivery();
        String other = "not-the-hook-owner@example.com";

        assertThat(send("GET", "/webhooks", other).body()).isEqualTo("[]");
        assertThat(send("GET", "/webhooks/" + id + "/deliveries", other).statusCode())
                .isEqualTo(404);
        assertThat(send("POST", "/webhooks/" + id + "/deliveries/" + delivery + "/replay", other)
                        .statusCode())
                .isEqualTo(404);
        assertThat(send("DELETE", "/webhooks/" + id, other).statusCode()).isEqualTo(404);
        JsonNode theirs = json(make(other, GOOD));
        assertThat(send("POST", "/webhooks/" + theirs.get("id").asText() + "/deliveries/" + delivery + "/replay", other)
                        .statusCode())
                .isEqualTo(404);
        samples.bean("webhooks", Webhooks.class).deleteOf(OWNER);
        samples.bean("webhooks", Webhooks.class).deleteOf(other);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"url\":7}",
                "{\"url\":\"https://1.1.1.1/\",\"secret\":\"mine\"}",
                "{\"url\":\"http://1.1.1.1/\"}",
                "{\"url\":\"https://127.0.0.1/\"}",
                "{\"url\":\"https://localhost/\"}",
                "{\"url\":\"https://10.1.2.3/\"}",
                "{\"url\":\"https://[::ffff:169.254.169.254]/latest/meta-data\"}",
                "{\"url\":\"https://[fd00::1]/\"}"
            })
    void refusesABodyThatIsNoGoodOne(String body) {
        HttpResponse<String> answer = make(OWNER, body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(header(answer, "Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void refusesOneTooMany() {
        String person = "many-hooks@example.com";
        for (int number = 0; number < Webhooks.MOST; number++) {
            assertThat(make(person, GOOD).statusCode()).isEqualTo(201);
        }

        assertThat(make(person, GOOD).statusCode()).isEqualTo(409);
    }

    @ParameterizedTest
    @CsvSource({
        "POST,   /webhooks",
        "GET,    /webhooks",
        "DELETE, /webhooks/6743a1f0c2b5d80012345678",
        "GET,    /webhooks/6743a1f0c2b5d80012345678/deliveries",
        "POST,   /webhooks/6743a1f0c2b5d80012345678/deliveries/a/replay"
    })
    void doesNothingForAStrangerOrAKey(String method, String path) {
        String key = samples.bean("apiKeys", ApiKeys.class)
                .make(OWNER, "all", EnumSet.allOf(Scope.class))
                .orElseThrow()
                .text();

        assertThat(client.send(method, path, BodyPublishers.noBody()).statusCode())
                .isEqualTo(401);
        assertThat(client.send(method, path, BodyPublishers.noBody(), "Authorization", "Bearer " + key)
                        .statusCode())
                .isEqualTo(403);
    }

    private HttpResponse<String> make(String person, String body) {
        return client.send(
                "POST",
                "/webhooks",
                BodyPublishers.ofString(body),
                "Authorization",
                client.bearer(person),
                "Content-Type",
                "application/json");
    }

    private HttpResponse<String> send(String method, String path, String person) {
        return client.send(method, path, BodyPublishers.noBody(), "Authorization", client.bearer(person));
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        return new ObjectMapper().readTree(answer.body());
    }
}
