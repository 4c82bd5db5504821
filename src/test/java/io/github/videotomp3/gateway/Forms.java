package io.github.videotomp3.gateway;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Multipart requests, written by hand. */
final class Forms {

    private static final String BOUNDARY = "----boundary";
    static final String END = "--" + BOUNDARY + "--\r\n";

    /** @param length of the body in bytes, as its sender says */
    record Request(String type, long length, InputStream body) {}

    private Forms() {}

    static String file(String field, String name, String content) {
        return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + field + "\"; filename=\"" + name
                + "\"\r\nContent-Type: video/mp4\r\n\r\n" + content + "\r\n";
    }

    static String field(String name, String value) {
        return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    }

    static Request request(String... parts) {
        return raw(String.join("", parts) + END);
    }

    static Request raw(String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return new Request("multipart/form-data; boundary=" + BOUNDARY, bytes.length, new ByteArrayInputStream(bytes));
    }

    /** The same under another type. */
    static Request typed(Request request, String type) {
        return new Request(type, request.length(), request.body());
    }
}
