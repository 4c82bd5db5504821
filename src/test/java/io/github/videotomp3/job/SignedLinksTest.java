package io.github.videotomp3.job;

import static io.github.videotomp3.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.videotomp3.MongoStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.util.UriComponentsBuilder;

class SignedLinksTest {

    @RegisterExtension
    static final MongoStore MONGO = new MongoStore();

    private static final String OLD = "an old secret that has more than 32 bytes";
    private static final String NEW = "a new secret that has more than 32 bytes!";
    private static final Duration LIFETIME = Duration.ofHours(1);
    private static final Instant NOW = Instant.parse("2026-01-02T03:30:00Z");

    private Job job;

    @BeforeEach
    void upload() {
        job = new Jobs(MONGO.client(), MONGO.videos(), MONGO.mp3s(), Duration.ofSeconds(30), 3)
                .create(new ObjectId(), "me@example.com", "bell.mp4", 1);
    }

    private static SignedLinks links(String secrets, Instant now) {
        return new SignedLinks(secrets, LIFETIME, Clock.fixed(now, ZoneOffset.UTC));
    }

    @Test
    void leadsToOneJob() {
        SignedLinks links = links(OLD, NOW);

        assertThat(verify(links, parameters(links.to(job)))).isEqualTo(job.id());
    }

    @Test
    void isGoodWhereverTheSecretIsTheSame() {
        Map<String, String> ofAMail =
                parameters(new SignedLinks(OLD, Duration.ofDays(7), Clock.fixed(NOW, ZoneOffset.UTC)).to(job));

        assertThat(verify(links(OLD, NOW.plus(Duration.ofDays(7))), ofAMail)).isEqualTo(job.id());
    }

    @Test
    void isGoodForOneToTwoLifetimes() {
        Map<String, String> link = parameters(links(OLD, NOW).to(job));

        assertThat(verify(links(OLD, NOW.plus(LIFETIME)), link)).isNotNull();
        assertThat(refusalOf(() -> verify(links(OLD, NOW.plus(LIFETIME.multipliedBy(2))), link))
                        .getTitle())
                .isEqualTo("link expired");
    }

    @Test
    void staysTheSameForAWhile() {
        assertThat(links(OLD, NOW.plusSeconds(600)).to(job))
                .isEqualTo(links(OLD, NOW).to(job));
    }

    @Test
    void staysGoodWhileItsSecretIsBeingReplaced() {
        Map<String, String> link = parameters(links(OLD, NOW).to(job));

        assertThat(verify(links(NEW + ", " + OLD, NOW), link)).isNotNull();
        assertThat(refusalOf(() -> verify(links(NEW, NOW), link)).getTitle()).isEqualTo("bad link");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fid", "expires", "sig"})
    void refusesALinkOfWhichAnythingIsChanged(String parameter) {
        SignedLinks links = links(OLD, NOW);
        Map<String, String> link = parameters(links.to(job));
        for (String value : new String[] {
            "", "0", link.get(parameter) + "0", link.get(parameter).replaceFirst(".", "9")
        }) {
            link.put(parameter, value);

            assertThat(refusalOf(() -> verify(links, link)).getStatus()).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fid", "expires"})
    void refusesALinkOfWhichAPartIsMissing(String parameter) {
        SignedLinks links = links(OLD, NOW);
        Map<String, String> link = parameters(links.to(job));
        link.remove(parameter);

        assertThat(refusalOf(() -> verify(links, link)).getStatus()).isEqualTo(403);
    }

    @Test
    void endsTheMailsToOnePersonForGood() {
        Map<String, String> link = unsubscribe(links(OLD, NOW));

        assertThat(link.get("person")).isEqualTo(MailSwitch.person("me@example.com"));
        assertThatCode(() -> links(NEW + "," + OLD, NOW.plus(Duration.ofDays(3650)))
                        .verifyUnsubscribe(link.get("person"), link.get("sig")))
                .doesNotThrowAnyException();
    }

    @Test
    void endsTheMailsToNobodyElse() {
        SignedLinks links = links(OLD, NOW);
        Map<String, String> link = unsubscribe(links);
        String other = MailSwitch.person("you@example.com");
        String ofADownload = parameters(links.to(job)).get("sig");

        for (String[] forged : new String[][] {
            {other, link.get("sig")},
            {link.get("person"), ofADownload},
            {link.get("person"), ""},
            {link.get("person"), null},
            {null, link.get("sig")}
        }) {
            assertThat(refusalOf(() -> links.verifyUnsubscribe(forged[0], forged[1]))
                            .getStatus())
                    .isEqualTo(403);
        }
    }

    private static Map<String, String> unsubscribe(SignedLinks links) {
        String link = links.unsubscribe("me@example.com");
        assertThat(link).startsWith("/unsubscribe?").doesNotContain("me@", "example");
        return UriComponentsBuilder.fromUriString(link).build().getQueryParams().toSingleValueMap();
    }

    @Test
    void refusesALifetimeOutOfRange() {
        assertThatThrownBy(() -> links(OLD, Duration.ofSeconds(59))).hasMessageContaining("1 minute or more");
    }

    private static SignedLinks links(String secrets, Duration lifetime) {
        return new SignedLinks(secrets, lifetime);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sarcasm", "thirty-one bytes are not enough", OLD + ",", OLD + ",x"})
    void refusesASecretThatCanBeGuessed(String secrets) {
        assertThatThrownBy(() -> links(secrets, LIFETIME))
                .hasMessageContaining("of links.secrets (LINKS_SECRETS in the environment")
                .hasMessageContaining("openssl rand -base64 48");
    }

    private static ObjectId verify(SignedLinks links, Map<String, String> link) {
        return links.verify(link.get("fid"), link.get("expires"), link.get("sig"));
    }

    private static Map<String, String> parameters(String link) {
        assertThat(link).startsWith("/download?");
        return UriComponentsBuilder.fromUriString(link).build().getQueryParams().toSingleValueMap();
    }
}
