package io.github.videotomp3.gateway;

import io.github.videotomp3.auth.Caller;
import io.github.videotomp3.auth.Tokens;
import io.github.videotomp3.camel.Refusal;
import io.github.videotomp3.job.Jobs;
import io.github.videotomp3.job.SignedLinks;
import org.apache.camel.Header;

/** Those who fetch MP3s: people with a token, and whoever has a signed link. */
public final class Fetchers {

    private final Jobs jobs;
    private final Tokens tokens;
    private final SignedLinks links;

    public Fetchers(Jobs jobs, Tokens tokens, SignedLinks links) {
        this.jobs = jobs;
        this.tokens = tokens;
        this.links = links;
    }

    /**
     * Tells on whose behalf an MP3 is fetched: that of the job's owner if the link is signed, else the token's.
     *
     * @throws Refusal 401 for a token as {@link Tokens#verify}, 403 for a link that is not good, 404 if its job is deleted
     */
    public Caller verify(
            @Header("Authorization") String authorization,
            @Header("fid") String fid,
            @Header("expires") String expires,
            @Header("sig") String signature) {
        if (signature == null) {
            return tokens.verify(authorization);
        }
        return jobs.owner(links.verify(fid, expires, signature))
                .map(owner -> new Caller(owner, false))
                .orElseThrow(() -> Refusal.of(404, "not found", "The MP3 of this link has been deleted."));
    }
}
