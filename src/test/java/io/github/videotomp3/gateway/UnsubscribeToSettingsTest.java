package io.github.videotomp3.gateway;

import static io.github.videotomp3.Client.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.Client;
import io.github.videotomp3.RouteTest;
import io.github.videotomp3.SampleJobs;
import io.github.videotomp3.job.MailSwitch;
import io.github.videotomp3.job.SignedLinks;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@RouteTest
class UnsubscribeToSettingsTest {

    private final Client client;
    private final SignedLinks links;
    private final MailSwitch mails;

    UnsubscribeToSettingsTest(Client client, SampleJobs samples) {
        this.client = client;
        this.links = samples.bean("mailedLinks", SignedLinks.class);
        this.mails = samples.bean("mailSwitch", MailSwitch.class);
    }

    @Test
    void endsTheMailsByOneClickOfAMailProgram() {
        HttpResponse<String> answer = client.send(
                "POST",
                links.unsubscribe("clicker@example.com"),
                BodyPublishers.ofString("List-Unsubscribe=One-Click"),
                "Content-Type",
                "application/x-www-form-urlencoded");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("You get no more mails");
        assertThat(mails.isOn("clicker@example.com")).isFalse();
        assertThat(mails.isOn("another-clicker@example.com")).isTrue();
    }

    @Test
    void asksAPersonAndChangesNothing() {
        HttpResponse<String> answer = client.get(links.unsubscribe("asked@example.com"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Content-Type")).startsWith("text/html");
        assertThat(header(answer, "Content-Security-Policy")).contains("default-src 'none'", "form-action 'self'");
        assertThat(header(answer, "Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.body()).as("a form that posts to the same address").contains("<form method=\"post\">");
        assertThat(mails.isOn("asked@example.com")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void refusesALinkThatIsNotSigned(String method) {
        String link = links.unsubscribe("forged@example.com");
        String person = MailSwitch.person("forged@example.com");

        for (String forged : new String[] {
            "/unsubscribe",
            "/unsubscribe?person=" + person,
            link.replaceFirst("sig=.", "sig=x"),
            link.replace(person, MailSwitch.person("victim@example.com"))
        }) {
            HttpResponse<String> answer = client.send(method, forged, BodyPublishers.noBody());

            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(header(answer, "Content-Type")).isEqualTo("application/problem+json");
        }
        assertThat(mails.isOn("forged@example.com")).isTrue();
        assertThat(mails.isOn("victim@example.com")).isTrue();
    }
}
