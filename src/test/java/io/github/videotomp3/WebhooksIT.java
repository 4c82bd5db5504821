package io.github.videotomp3;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From an upload to a receiver that verifies what it is told, with the real broker, and a kill on the way. */
class WebhooksIT {

    @TempDir
    Path home;

    @Test
    void tellsReceiversHowTheirOwnersJobsHaveEnded() throws Exception {
        try (Service service = new Service(home, "--notification.webhook.private=true", "--queues.retry.first-delay=1s")
                        .start();
                Receiver anns = new Receiver();
                Receiver bobs = new Receiver()) {
            Person ann = Person.register(service.url());
            Person bob = Person.register(service.url());
            JsonNode annsHook = hook(ann, anns);
            JsonNode bobsHook = hook(bob, bobs);
            anns.answer(500, 503);

            String done = ann.accepted(Clips.mp4(home, 3));
            String rejected = Person.id(bob.upload("nv.mp4", BodyPublishers.ofString("no video at all")));

            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> anns.calls().size() == 3 && bobs.calls().size() == 1);
            for (Receiver.Call call : anns.calls()) {
                assertThat(call.isSignedWith(annsHook.get("secret").asText())).isTrue();
                assertThat(call.isSignedWith(bobsHook.get("secret").asText())).isFalse();
                assertThat(call.id()).isEqualTo(anns.calls().get(0).id());
                JsonNode body = Person.JSON.readTree(call.body());
                assertThat(body.get("type").asText()).isEqualTo("job.done");
                assertThat(body.at("/data/id").asText()).isEqualTo(done);
            }
            JsonNode bobs1 = Person.JSON.readTree(bobs.calls().get(0).body());
            assertThat(bobs1.get("type").asText()).isEqualTo("job.rejected");
            assertThat(bobs1.at("/data/id").asText()).isEqualTo(rejected);
            JsonNode log = awaitLog(ann, annsHook, "delivered");
            assertThat(log.get("attempts").asInt()).isEqualTo(3);

            service.kill();
            service.start();
            ann.login();
            String path = "/webhooks/" + annsHook.get("id").asText() + "/deliveries/"
                    + log.get("id").asText() + "/replay";
            anns.answer(410);
            assertThat(Person.text(ann.request(path).POST(BodyPublishers.noBody()))
                            .statusCode())
                    .isEqualTo(202);
            assertThat(awaitLog(ann, annsHook, "refused").get("status").asInt()).isEqualTo(410);
            assertThat(anns.calls()).hasSize(4);
            assertThat(Person.json(ann.get("/webhooks")).get(0).get("disabled_at"))
                    .isNotNull();

            String second = ann.accepted(Clips.mp4(home, 3));
            ann.mail(second);
            assertThat(Person.json(ann.get("/webhooks/" + annsHook.get("id").asText() + "/deliveries")))
                    .hasSize(1);
        }
    }

    private static JsonNode hook(Person person, Receiver receiver) {
        HttpResponse<String> answer = Person.text(person.request("/webhooks", "Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"url\":\"" + receiver.url("/hook") + "\"}")));
        assertThat(answer.statusCode()).isEqualTo(201);
        return Person.json(answer);
    }

    private static JsonNode awaitLog(Person person, JsonNode hook, String state) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> Person.json(
                                        person.get("/webhooks/" + hook.get("id").asText() + "/deliveries"))
                                .get(0),
                        delivery -> delivery != null
                                && delivery.get("state").asText().equals(state));
    }
}
