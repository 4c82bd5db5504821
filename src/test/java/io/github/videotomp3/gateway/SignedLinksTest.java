package io.github.videotomp3.gateway;

import static io.github.videotomp3.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.videotomp3.MongoStore;
import io.github.videotomp3.auth.Caller;
import io.github.videotomp3.auth.Login;
import io.github.videotomp3.auth.Tokens;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.Jobs;
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

    private final Jobs jobs = new Jobs(MONGO.client(), MONGO.videos(), MONGO.mp3s(), Duration.ofSeconds(30), 3);
    private Job job;

    @BeforeEach
    void upload() {
        job = jobs.create(new ObjectId(), "me@example.com", "bell.mp4", 1);
    }

    static SignedLinks links(Jobs jobs) {
        return links(jobs, OLD, NOW);
    }

    private static SignedLinks links(Jobs jobs, String secrets, Instant now) {
        return new SignedLinks(jobs, access(secrets), secrets, LIFETIME, Clock.fixed(now, ZoneOffset.UTC));
    }

    private static Access access(String secrets) {
        return new Access(tokens(secrets), new ApiKeys(MONGO.client()));
    }

    private static Tokens tokens(String secrets) {
        return new Tokens(secrets, "issuer", "audience", LIFETIME, Duration.ZERO);
    }

    @Test
    void letsWhoHasALinkFetchOnBehalfOfTheOwner() {
        SignedLinks links = links(jobs);

        assertThat(verify(links, parameters(links.to(job)))).isEqualTo(new Caller("me@example.com", false));
    }

    @Test
    void leavesRequestsWithoutASignatureToTheTokens() {
        SignedLinks links = links(jobs);
        String token =
                tokens(OLD).issue(new Login(1, "you@example.com", true, false)).token();

        assertThat(links.verify("Bearer " + token, job.id().toHexString(), null, null))
                .isEqualTo(new Caller("you@example.com", true));
        assertThat(refusalOf(() -> links.verify(null, job.id().toHexString(), null, null))
                        .getStatus())
                .isEqualTo(401);
    }

    @Test
    void isGoodForOneToTwoLifetimes() {
        Map<String, String> link = parameters(links(jobs, OLD, NOW).to(job));

        assertThat(verify(links(jobs, OLD, NOW.plus(LIFETIME)), link)).isNotNull();
        assertThat(refusalOf(() -> verify(links(jobs, OLD, NOW.plus(LIFETIME.multipliedBy(2))), link))
                        .getTitle())
                .isEqualTo("link expired");
    }

    @Test
    void staysTheSameForAWhile() {
        assertThat(links(jobs, OLD, NOW.plusSeconds(600)).to(job))
                .isEqualTo(links(jobs, OLD, NOW).to(job));
    }

    @Test
    void staysGoodWhileItsSecretIsBeingReplaced() {
        Map<String, String> link = parameters(links(jobs, OLD, NOW).to(job));

        assertThat(verify(links(jobs, NEW + ", " + OLD, NOW), link)).isNotNull();
        assertThat(refusalOf(() -> verify(links(jobs, NEW, NOW), link)).getTitle())
                .isEqualTo("bad link");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fid", "expires", "sig"})
    void refusesALinkOfWhichAnythingIsChanged(String parameter) {
        SignedLinks links = links(jobs);
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
        SignedLinks links = links(jobs);
        Map<String, String> link = parameters(links.to(job));
        link.remove(parameter);

        assertThat(refusalOf(() -> verify(links, link)).getStatus()).isEqualTo(403);
    }

    @Test
    void isNoKeyToAnythingOnceTheJobIsDeleted() {
        SignedLinks links = links(jobs);
        Map<String, String> link = parameters(links.to(job));
        jobs.delete(job.id(), "me@example.com");

        assertThat(refusalOf(() -> verify(links, link)).getStatus()).isEqualTo(404);
    }

    @Test
    void refusesASettingOutOfRange() {
        assertThatThrownBy(() -> new SignedLinks(jobs, access(OLD), OLD, Duration.ofSeconds(59)))
                .hasMessageContaining("gateway.link.lifetime");
    }

    private static Caller verify(SignedLinks links, Map<String, String> link) {
        return links.verify(null, link.get("fid"), link.get("expires"), link.get("sig"));
    }

    private static Map<String, String> parameters(String link) {
        assertThat(link).startsWith("/download?");
        return UriComponentsBuilder.fromUriString(link).build().getQueryParams().toSingleValueMap();
    }
}
