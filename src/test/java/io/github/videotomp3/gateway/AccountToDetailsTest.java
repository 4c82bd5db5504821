package io.github.videotomp3.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.videotomp3.Client;
import io.github.videotomp3.RouteTest;
import io.github.videotomp3.SampleJobs;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
                                         "bytes": {"used": 5, "limit": 53687091200},
                                         "mails": true}"""));
    }

    @Test
    void keepsWhetherAPersonWantsMails() throws Exception {
        for (boolean wanted : new boolean[] {false, false, true, true}) {
            HttpResponse<String> answer = put("chooser@example.com", "{\"mails\": " + wanted + "}");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(mails(answer)).isEqualTo(wanted);
            assertThat(mails(client.get("/account", "Authorization", client.bearer("chooser@example.com"))))
                    .isEqualTo(wanted);
            assertThat(mails(client.get("/account", "Authorization", client.bearer("another-chooser@example.com"))))
                    .isTrue();
        }
    }

    private static boolean mails(HttpResponse<String> account) throws Exception {
        return new ObjectMapper().readTree(account.body()).get("mails").booleanValue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "false",
                "[]",
                "{}",
                "{\"mails\": \"false\"}",
                "{\"mails\": 0}",
                "{\"mails\": null}",
                "{\"mail\": false}",
                "{\"mails\": false, \"admin\": true}",
                "{\"mails\": false} {}",
                "{\"mails\": false"
            })
    void refusesWhatIsNoChoice(String body) throws Exception {
        HttpResponse<String> answer = put("garbler@example.com", body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).containsAnyOf("bad-settings", "bad-json");
        assertThat(mails(client.get("/account", "Authorization", client.bearer("garbler@example.com"))))
                .isTrue();
    }

    private HttpResponse<String> put(String email, String body) {
        return client.send(
                "PUT",
                "/account",
                BodyPublishers.ofString(body),
                "Authorization",
                client.bearer(email),
                "Content-Type",
                "application/json");
    }

    @Test
    void tellsAStrangerNothing() {
        assertThat(client.get("/account").statusCode()).isEqualTo(401);
        assertThat(client.send("PUT", "/account", BodyPublishers.ofString("{\"mails\": false}"))
                        .statusCode())
                .isEqualTo(401);
    }
}
