package io.github.videotomp3.gateway;

import io.github.videotomp3.auth.Caller;
import io.github.videotomp3.camel.Refusal;
import io.github.videotomp3.camel.RequestBody;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.Jobs;
import io.github.videotomp3.job.Mp3Options;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.Headers;
import org.apache.hc.core5.net.WWWFormCodec;
import org.apache.james.mime4j.MimeIOException;
import org.bson.types.ObjectId;

/** Takes videos in: the stream on its way into GridFS, then the job. */
public final class Uploads {

    private final Jobs jobs;
    private final long maxBytes;

    /** @param maxBytes the largest video, 1 or more */
    public Uploads(Jobs jobs, long maxBytes) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("gateway.upload.max-bytes must be 1 or more, not " + maxBytes);
        }
        this.jobs = jobs;
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
            List<Map.Entry<String, String>> options = options(query);
            Mp3Options.of(options); // a wrong one is refused before the body is read
            Form form = new Form(type, RequestBody.stream(servlet, body));
            UploadedVideo video = UploadedVideo.first(form, options, maxBytes);
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

    private static List<Map.Entry<String, String>> options(String query) {
        return query == null
                ? List.of()
                : WWWFormCodec.parse(query, StandardCharsets.UTF_8).stream()
                        .map(pair -> Map.entry(pair.getName(), pair.getValue() == null ? "" : pair.getValue()))
                        .toList();
    }

    /** Notes the job of a video that GridFS has stored. */
    public Job note(
            @Body UploadedVideo video,
            @Header("gridfs.objectid") ObjectId id,
            @ExchangeProperty("caller") Caller caller) {
        return jobs.create(id, caller.username(), video.name(), video.bytes(), video.crc32c(), video.options());
    }
}
