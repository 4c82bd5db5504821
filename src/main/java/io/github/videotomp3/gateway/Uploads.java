package io.github.videotomp3.gateway;

import io.github.videotomp3.auth.Caller;
import io.github.videotomp3.camel.Refusal;
import io.github.videotomp3.camel.RequestBody;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.Jobs;
import io.github.videotomp3.job.Mp3Options;
import io.github.videotomp3.job.UploadKey;
import io.github.videotomp3.job.UploadKeys;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.Headers;
import org.apache.james.mime4j.MimeIOException;
import org.bson.types.ObjectId;

/** Takes videos in: the stream on its way into GridFS, then the job. */
public final class Uploads {

    private static final long SIGN_OF_LIFE_NANOS = Duration.ofSeconds(20).toNanos();

    private final Jobs jobs;
    private final UploadKeys keys;
    private final long maxBytes;

    /** @param maxBytes the largest video, 1 or more */
    public Uploads(Jobs jobs, UploadKeys keys, long maxBytes) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("gateway.upload.max-bytes must be 1 or more, not " + maxBytes);
        }
        this.jobs = jobs;
        this.keys = keys;
        this.maxBytes = maxBytes;
    }

    /**
     * The request's one file, unread, and its name in the header from which GridFS takes it. What its sender wishes of the
     * MP3 stands in the query, or in form fields before the file; no parameter of the query becomes a header.
     *
     * @param servlet the body where a servlet container reads it; elsewhere it is the message's
     * @param query of the request, encoded; null if there is none
     * @param length of the body in bytes; null if its sender does not say
     * @throws Refusal 400, 413 or 415 if the request can't be a good one
     */
    public UploadedVideo open(
            @Header("CamelHttpServletRequest") InputStream servlet,
            @Body Object body,
            @Header(Exchange.HTTP_QUERY) String query,
            @Header(Exchange.CONTENT_TYPE) String type,
            @Header(Exchange.CONTENT_LENGTH) Long length,
            @ExchangeProperty("key") UploadKey key,
            @Headers Map<String, Object> headers)
            throws IOException {
        RequestBody.prepareAnswer(body);
        if (!Form.isForm(type)) {
            throw Refusal.of(415, "not a form", "Send the video as multipart/form-data with one file part.");
        }
        if (length != null && length > maxBytes + (1 << 16)) {
            throw UploadedVideo.tooLarge(maxBytes);
        }
        try {
            List<Map.Entry<String, String>> options = Query.parse(query);
            Mp3Options.of(options); // a wrong one is refused before the body is read
            Form form = new Form(type, RequestBody.stream(servlet, body));
            UploadedVideo video = UploadedVideo.first(form, options, maxBytes, signOfLife(key));
            headers.clear();
            headers.put(Exchange.FILE_NAME, video.name());
            return video;
        } catch (MimeIOException e) {
            throw Refusal.of(
                    400,
                    "bad form",
                    "The multipart body can't be read: " + e.getCause().getMessage());
        } catch (IllegalArgumentException e) {
            throw UploadedVideo.badOption(e.getMessage());
        }
    }

    /** Keeps the key alive while bytes arrive, now and then. */
    private Runnable signOfLife(UploadKey key) {
        long[] last = {System.nanoTime()};
        return () -> {
            if (System.nanoTime() - last[0] > SIGN_OF_LIFE_NANOS) {
                last[0] = System.nanoTime();
                keys.renew(key);
            }
        };
    }

    /** Stops reading a video that can't be taken in. Does nothing to any other body. */
    public void stop(@Body Object body) throws IOException {
        if (body instanceof UploadedVideo video) {
            video.close();
        }
    }

    /** Notes the job of a video that GridFS has stored. */
    public Job note(
            @Body UploadedVideo video,
            @Header("gridfs.objectid") ObjectId id,
            @ExchangeProperty("key") UploadKey key,
            @ExchangeProperty("caller") Caller caller) {
        keys.name(key, id);
        return jobs.create(id, caller.username(), video.name(), video.bytes(), video.crc32c(), video.options());
    }

    /**
     * The job of an upload that has been sent before.
     *
     * @throws Refusal 422 if it was another one that had this key
     */
    public Job compare(@Body UploadedVideo video, @ExchangeProperty("key") UploadKey key) throws IOException {
        video.transferTo(OutputStream.nullOutputStream());
        Job job = key.job();
        boolean same = video.bytes() == job.bytes()
                && job.crc32c() != null
                && video.crc32c() == job.crc32c()
                && video.name().equals(job.name())
                && video.options().equals(job.options());
        if (!same) {
            throw Refusal.of(422, "another upload", "This Idempotency-Key belongs to another upload.");
        }
        return job;
    }
}
