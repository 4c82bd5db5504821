package io.github.videotomp3.gateway;

import static io.github.videotomp3.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.MongoStore;
import io.github.videotomp3.auth.Caller;
import io.github.videotomp3.auth.Login;
import io.github.videotomp3.auth.Tokens;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.Jobs;
import io.github.videotomp3.job.SignedLinks;
import java.time.Duration;
import java.util.Map;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.web.util.UriComponentsBuilder;

class FetchersTest {

    @RegisterExtension
    static final MongoStore MONGO = new MongoStore();

    /** For any test that needs links, but does not look at them. */
    static final SignedLinks LINKS =
            new SignedLinks("a secret of links that has more than 32 bytes", Duration.ofHours(1));

    private final Jobs jobs = new Jobs(MONGO.client(), MONGO.videos(), MONGO.mp3s(), Duration.ofSeconds(30), 3);
    private final Tokens tokens = new Tokens(
            "a secret of tokens that has more than 32 bytes", "issuer", "audience", Duration.ofHours(1), Duration.ZERO);
    private final Fetchers fetchers = new Fetchers(
            jobs,
            new Access(tokens, new ApiKeys(MONGO.client()), new Departures(MONGO.client(), Duration.ofDays(1))),
            LINKS);
    private Job job;

    @BeforeEach
    void upload() {
        job = jobs.create(new ObjectId(), "me@example.com", "bell.mp4", 1);
    }

    @Test
    void letsWhoHasALinkFetchOnBehalfOfTheOwner() {
        assertThat(verify(parameters())).isEqualTo(new Caller("me@example.com", false));
    }

    @Test
    void leavesRequestsWithoutASignatureToTheTokens() {
        String token =
                tokens.issue(new Login(1, "you@example.com", true, false)).token();

        assertThat(fetchers.verify("Bearer " + token, job.id().toHexString(), null, null))
                .isEqualTo(new Caller("you@example.com", true));
        assertThat(refusalOf(() -> fetchers.verify(null, job.id().toHexString(), null, null))
                        .getStatus())
                .isEqualTo(401);
    }

    @Test
    void takesNoTokenForASignatureThatIsWrong() {
        String token = tokens.issue(new Login(1, "me@example.com", true, false)).token();

        assertThat(refusalOf(() -> fetchers.verify("Bearer " + token, job.id().toHexString(), "9", "0"))
                        .getStatus())
                .isEqualTo(403);
    }

    @Test
    void findsNothingOnceTheJobIsDeleted() {
        Map<String, String> link = parameters();
        jobs.delete(job.id(), "me@example.com");

        assertThat(refusalOf(() -> verify(link)).getStatus()).isEqualTo(404);
    }

    private Map<String, String> parameters() {
        return UriComponentsBuilder.fromUriString(LINKS.to(job))
                .build()
                .getQueryParams()
                .toSingleValueMap();
    }

    private Caller verify(Map<String, String> link) {
        return fetchers.verify(null, link.get("fid"), link.get("expires"), link.get("sig"));
    }
}
