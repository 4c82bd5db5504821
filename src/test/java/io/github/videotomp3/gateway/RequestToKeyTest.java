package io.github.videotomp3.gateway;

import static io.github.videotomp3.Client.header;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.videotomp3.Client;
import io.github.videotomp3.RouteTest;
import io.github.videotomp3.SampleJobs;
import io.github.videotomp3.job.Job;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code request-to-key}, {@code keys-to-list} and {@code key-to-deletion}, and what a key is good for in each route. */
@RouteTest
class RequestToKeyTest {

    private static final String OWNER = "keeper@example.com";

    private final Client client;
    private final SampleJobs samples;

    RequestToKeyTest(Client client, SampleJobs samples) {
        this.client = client;
        this.samples = samples;
    }

    @Test
    void makesListsAndRevokesAKey() throws Exception {
        String person = "key-maker@example.com";
        HttpResponse<String> answer = make(person, "{\"name\":\"backup\",\"scopes\":[\"read\"]}");
        JsonNode made = json(answer);

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(header(answer, "Content-Type")).startsWith("application/json");
        assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
        String key = made.get("key").asText();
        assertThat(client.get("/jobs", "Authorization", "Bearer " + key).body()).isEqualTo("[]");

        HttpResponse<String> list = client.get("/keys", "Authorization", client.bearer(person));
        assertThat(list.body()).doesNotContain(key.substring(29)).doesNotContain("sha256");
        assertThat(json(list).get(0).get("id")).isEqualTo(made.get("id"));
        assertThat(json(list).get(0).get("last_used_at").asText()).isNotEmpty();
        assertThat(client.get("/keys", "Authorization", client.bearer(OWNER)).body())
                .doesNotContain(made.get("id").asText());

        String path = "/keys/" + made.get("id").asText();
        assertThat(send("DELETE", path, client.bearer(OWNER)).statusCode()).isEqualTo(404);
        HttpResponse<String> revoked = send("DELETE", path, client.bearer(person));
        assertThat(revoked.statusCode()).isEqualTo(204);
        assertThat(revoked.body()).isEmpty();
        HttpResponse<String> refused = client.get("/jobs", "Authorization", "Bearer " + key);
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(header(refused, "WWW-Authenticate")).contains("error=\"invalid_token\"");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    /jobs,        read,   200",
        "GET,    /jobs/{id},   read,   200",
        "GET,    /download?fid={id}, read, 200",
        "HEAD,   /download?fid={id}, read, 200",
        "GET,    /account,     read,   200",
        "POST,   /upload,      upload, 415",
        "DELETE, /jobs/{id},   delete, 204",
        "GET,    /keys,        none,   0",
        "POST,   /keys,        none,   0",
        "DELETE, /keys/{id},   none,   0",
        "GET,    /inbox,       none,   0"
    })
    void enforcesScopesInEachRoute(String method, String path, String scope, int status) throws Exception {
        Job job = samples.done(OWNER, new byte[] {1});
        String named = path.replace("{id}", job.id().toHexString());
        for (String each : new String[] {"upload", "read", "delete"}) {
            String key = json(make(OWNER, "{\"name\":\"a\",\"scopes\":[\"" + each + "\"]}"))
                    .get("key")
                    .asText();

            HttpResponse<String> answer = send(method, named, "Bearer " + key);

            if (each.equals(scope)) {
                assertThat(answer.statusCode()).as(each).isEqualTo(status);
            } else {
                assertThat(answer.statusCode()).as(each).isEqualTo(403);
                assertThat(header(answer, "Content-Type")).isEqualTo("application/problem+json");
                assertThat(header(answer, "WWW-Authenticate")).contains("error=\"insufficient_scope\"");
                assertThat(header(answer, "WWW-Authenticate").endsWith(", scope=\"" + scope + "\""))
                        .isEqualTo(!scope.equals("none"));
            }
        }
        samples.bean("apiKeys", ApiKeys.class).deleteOf(OWNER);
    }

    @Test
    void uploadsWithAKey() throws Exception {
        String key = json(make(OWNER, "{\"name\":\"a\",\"scopes\":[\"upload\"]}"))
                .get("key")
                .asText();
        String form =
                "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp4\"\r\n\r\nvideo\r\n--b--\r\n";

        HttpResponse<String> answer = client.send(
                "POST",
                "/upload",
                BodyPublishers.ofString(form),
                "Authorization",
                "Bearer " + key,
                "Content-Type",
                "multipart/form-data; boundary=b");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(client.get(header(answer, "Location"), "Authorization", client.bearer(OWNER))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void refusesABodyThatIsTooLarge() {
        HttpResponse<String> answer = make(OWNER, "[" + " ".repeat(100_000) + "]");

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(header(answer, "Content-Type")).isEqualTo("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"name\":\"a\",\"scopes\":[\"everything\"]}", "{\"name\":"})
    void refusesABodyThatIsNoGoodOne(String body) {
        assertThat(make(OWNER, body).statusCode()).isEqualTo(400);
    }

    @Test
    void readsNoFieldOfTheQueryOrOfAForm() {
        HttpResponse<String> query = client.send(
                "POST",
                "/keys?name=a&scopes=read",
                BodyPublishers.noBody(),
                "Authorization",
                client.bearer(OWNER),
                "Content-Type",
                "application/json");
        HttpResponse<String> form = client.send(
                "POST",
                "/keys",
                BodyPublishers.ofString("name=a&scopes=read"),
                "Authorization",
                client.bearer(OWNER),
                "Content-Type",
                "application/x-www-form-urlencoded");

        assertThat(query.statusCode()).isEqualTo(400);
        assertThat(form.statusCode()).isEqualTo(415);
    }

    @ParameterizedTest
    @CsvSource({"GET, /keys", "POST, /keys", "DELETE, /keys/6743a1f0c2b5d80012345678"})
    void doesNothingForAStranger(String method, String path) {
        assertThat(client.send(method, path, BodyPublishers.noBody()).statusCode())
                .isEqualTo(401);
    }

    private HttpResponse<String> make(String person, String body) {
        return client.send(
                "POST",
                "/keys",
                BodyPublishers.ofString(body),
                "Authorization",
                client.bearer(person),
                "Content-Type",
                "application/json");
    }

    private HttpResponse<String> send(String method, String path, String authorization) {
        return client.send(method, path, BodyPublishers.noBody(), "Authorization", authorization);
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        return new ObjectMapper().readTree(answer.body());
    }
}
