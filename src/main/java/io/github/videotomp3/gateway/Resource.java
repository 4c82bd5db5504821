package io.github.videotomp3.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.camel.Exchange;

/** A file of the class path that anybody may have. */
record Resource(byte[] bytes, String type, String etag) {

    /**
     * @param name as {@link Class#getResourceAsStream} takes it
     * @param type its media type
     */
    static Resource of(String name, String type) {
        try (InputStream resource = Resource.class.getResourceAsStream(name)) {
            byte[] bytes = resource.readAllBytes();
            return new Resource(bytes, type, Etags.of(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The bytes, or nothing if the caller has them already.
     *
     * @param headers of the request; afterwards those of the answer
     */
    byte[] answer(String ifNoneMatch, Map<String, Object> headers) {
        headers.clear();
        headers.put("ETag", etag);
        headers.put("Cache-Control", "no-cache");
        if (Etags.matches(ifNoneMatch, etag)) {
            headers.put(Exchange.HTTP_RESPONSE_CODE, 304);
            return null;
        }
        headers.put(Exchange.CONTENT_TYPE, type);
        return bytes;
    }
}
