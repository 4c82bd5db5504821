package io.github.videotomp3.gateway;

import com.mongodb.MongoException;
import com.mongodb.client.gridfs.model.GridFSFile;
import io.github.videotomp3.auth.Caller;
import io.github.videotomp3.camel.Refusal;
import io.github.videotomp3.camel.RequestBody;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.Jobs;
import io.github.videotomp3.job.StoredFiles;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.Headers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands MP3s out, whole or in part. */
public final class Downloads {

    private static final Logger LOG = LoggerFactory.getLogger(Downloads.class);

    private final OwnJobs ownJobs;
    private final Jobs jobs;
    private final StoredFiles mp3s;

    public Downloads(OwnJobs ownJobs, Jobs jobs, StoredFiles mp3s) {
        this.ownJobs = ownJobs;
        this.jobs = jobs;
        this.mp3s = mp3s;
    }

    /**
     * The bytes that were asked for, and the headers that say which; null for HEAD and 304.
     *
     * @param request the body of the request, which is empty
     * @param fid the job's id; the name is the original's
     * @throws Refusal 400 or 404 as for a job, 409 if it has not ended, 410 if there will be no MP3, 416 (RFC 9110 §14)
     */
    public InputStream open(
            @Body Object request,
            @Header("fid") String fid,
            @Header(Exchange.HTTP_METHOD) String method,
            @Header("Range") String range,
            @Header("If-Range") String ifRange,
            @Header("If-None-Match") String ifNoneMatch,
            @ExchangeProperty("caller") Caller caller,
            @Headers Map<String, Object> headers) {
        RequestBody.prepareAnswer(request);
        Job job = ended(ownJobs.find(fid, "fid", caller));
        GridFSFile mp3 = mp3s.find(job.mp3()).orElseThrow(() -> gone("The MP3 of this job has been deleted."));
        long length = mp3.getLength();
        String etag = '"' + job.mp3().toHexString() + '-' + length + '"';
        headers.clear();
        headers.put("ETag", etag);
        headers.put("Accept-Ranges", "bytes");
        headers.put("Cache-Control", "private, no-cache");
        if (Etags.matches(ifNoneMatch, etag)) {
            headers.put(Exchange.HTTP_RESPONSE_CODE, 304);
            return null;
        }
        headers.put(Exchange.CONTENT_TYPE, "audio/mpeg");
        headers.put("Content-Disposition", FileNames.attachment(FileNames.mp3(job.name())));
        boolean ranges = !"HEAD".equals(method) && (ifRange == null || ifRange.equals(etag)); // RFC 9110 §14.2
        ByteRange part = ranges ? ByteRange.of(range, length) : ByteRange.all(length);
        headers.put(Exchange.HTTP_RESPONSE_CODE, part.isWhole(length) ? 200 : 206);
        headers.put("Content-Length", part.length());
        if (!part.isWhole(length)) {
            headers.put("Content-Range", part.contentRange(length));
        }
        if ("HEAD".equals(method)) {
            return null;
        }
        InputStream bytes = mp3s.open(mp3, part.first(), part.last());
        return part.isWhole(length) && job.fetched() == null ? noting(bytes, job) : bytes;
    }

    /** The same bytes; once they have all been handed out, the job's owner has the MP3 (as far as a server can know). */
    private InputStream noting(InputStream bytes, Job job) {
        return new FilterInputStream(bytes) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                int count = super.read(target, offset, length);
                if (count < 0) {
                    try {
                        jobs.fetched(job.id());
                    } catch (MongoException e) { // then it counts as not fetched, and is kept a while longer
                        LOG.warn(
                                "A download of job {} could not be noted: {}",
                                job.id().toHexString(),
                                e.toString());
                    }
                }
                return count;
            }
        };
    }

    private static Job ended(Job job) {
        if (job.isLost()) {
            throw gone(job.reason());
        }
        if (!job.isDone()) {
            throw Refusal.of(409, "not ready", "The job is " + job.state().key() + "; ask again soon.")
                    .withHeader("Retry-After", "2");
        }
        return job;
    }

    private static Refusal gone(String detail) {
        return Refusal.of(410, "no mp3", detail);
    }
}
