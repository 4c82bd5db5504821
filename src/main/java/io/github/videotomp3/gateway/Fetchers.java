package io.github.videotomp3.gateway;

import io.github.videotomp3.auth.Caller;
import io.github.videotomp3.camel.Refusal;
import io.github.videotomp3.job.Jobs;
import io.github.videotomp3.job.SignedLinks;
import org.apache.camel.Header;

/** Those who fetch MP3s: people with a token or a key, and whoever has a signed link. */
public final class Fetchers {

    private final Jobs jobs;
    private final Access access;
    private final SignedLinks links;

    public Fetchers(Jobs jobs, Access access, SignedLinks links) {
        this.jobs = jobs;
        this.access = access;
        this.links = links;
    }

    /**
     * Tells on whose behalf an MP3 is fetched: that of the job's owner if the link is signed, else that of the token or key.
     *
     * @throws Refusal 401 or 403 for a token or key as {@link Access#toRead}, 403 for a link that is not good, 404 if its job is deleted
     */
    public Caller verify(
            @Header("Authorization") String authorization,
            @Header("fid") String fid,
            @Header("expires") String expires,
            @Header("sig") String signature) {
        if (signature == null) {
            return access.toRead(authorization);
        }
        return jobs.owner(links.verify(fid, expires, signature))
                .map(owner -> new Caller(owner, false))
                .orElseThrow(() -> Refusal.of(404, "not found", "The MP3 of this link has been deleted."));
    }
}
