package io.github.videotomp3.gateway;

import io.github.videotomp3.auth.Caller;
import io.github.videotomp3.camel.Refusal;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.Jobs;
import io.github.videotomp3.job.Retention;
import io.github.videotomp3.job.SignedLinks;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.Headers;
import org.bson.types.ObjectId;

/** The jobs of the person who asks; another's job is not found, as if there were none. */
public final class OwnJobs {

    private final Jobs jobs;
    private final SignedLinks links;
    private final Retention retention;

    public OwnJobs(Jobs jobs, SignedLinks links, Retention retention) {
        this.jobs = jobs;
        this.links = links;
        this.retention = retention;
    }

    /**
     * A page of jobs, the newest first, and the link to the next one if there is more.
     *
     * @throws Refusal 400 if a parameter of the query is wrong or unknown
     */
    public List<JobView> list(
            @Header(Exchange.HTTP_QUERY) String query,
            @ExchangeProperty("caller") Caller caller,
            @Headers Map<String, Object> headers) {
        JobQuery asked = JobQuery.of(query);
        List<Job> found = jobs.newest(caller.username(), asked.states(), asked.before(), asked.limit() + 1);
        headers.clear();
        if (found.size() > asked.limit()) {
            found = found.subList(0, asked.limit());
            headers.put("Link", asked.next(found.get(found.size() - 1).id()));
        }
        return found.stream().map(this::view).toList();
    }

    /**
     * One job, or null with the status 304 if the caller has it already as it is.
     *
     * @throws Refusal 400 if the id can't be one, 404 if there is no such job of the caller
     */
    public JobView show(
            @Header("id") String id,
            @Header("If-None-Match") String ifNoneMatch,
            @ExchangeProperty("caller") Caller caller,
            @Headers Map<String, Object> headers) {
        JobView view = look(id, caller);
        headers.clear();
        headers.put("ETag", view.etag());
        headers.put("Cache-Control", "private, no-cache");
        if (Etags.matches(ifNoneMatch, view.etag())) {
            headers.put(Exchange.HTTP_RESPONSE_CODE, 304);
            return null;
        }
        return view;
    }

    /** @throws Refusal as {@link #show} */
    JobView look(String id, Caller caller) {
        Job job = find(id, "id", caller);
        return view(job, jobs.position(job));
    }

    /** The answer to an upload: 202, and where to look for the job (RFC 9110 §15.3.3). */
    public JobView accepted(
            @Body Job job, @ExchangeProperty("caller") Caller caller, @Headers Map<String, Object> headers) {
        JobView view = view(jobs.find(job.id(), caller.username()).orElse(job));
        headers.clear();
        headers.put(Exchange.HTTP_RESPONSE_CODE, 202);
        headers.put("Location", view.links().get("self"));
        return view;
    }

    /** Removes a job with its video and its MP3: 204. */
    public void delete(
            @Header("id") String id, @ExchangeProperty("caller") Caller caller, @Headers Map<String, Object> headers) {
        if (!jobs.delete(find(id, "id", caller).id(), caller.username())) {
            throw notFound(id);
        }
        headers.clear();
        headers.put(Exchange.HTTP_RESPONSE_CODE, 204);
    }

    private JobView view(Job job) {
        return view(job, OptionalInt.empty());
    }

    /** @param position among the jobs that wait for a converter, from 1; empty if unknown */
    JobView view(Job job, OptionalInt position) {
        return JobView.of(job, job.isDone() ? links.to(job) : null, position, retention.expires(job));
    }

    Job find(String id, String field, Caller caller) {
        if (id == null || id.isEmpty()) {
            throw Refusal.of(
                    400, field + " is required", "Name the job by " + field + ", as the upload's answer does.");
        }
        if (!ObjectId.isValid(id)) {
            throw Refusal.of(400, "bad " + field, field + " must be 24 hexadecimal digits, not \"" + shown(id) + "\".");
        }
        return jobs.find(new ObjectId(id), caller.username()).orElseThrow(() -> notFound(id));
    }

    private static Refusal notFound(String id) {
        return Refusal.of(404, "not found", "You have no job " + shown(id) + ".");
    }

    /** As much of what somebody has sent as an answer repeats. */
    static String shown(String sent) {
        return sent.length() <= 40 ? sent : sent.substring(0, 40) + "…";
    }
}
