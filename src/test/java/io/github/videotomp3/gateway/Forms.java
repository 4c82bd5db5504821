package io.github.videotomp3.gateway;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;

/** Multipart requests, written by hand. */
final class Forms {

    private static final String BOUNDARY = "----boundary";

    private Forms() {}

    static String file(String field, String name, String content) {
        return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + field + "\"; filename=\"" + name
                + "\"\r\nContent-Type: video/mp4\r\n\r\n" + content + "\r\n";
    }

    static String field(String name, String value) {
        return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    }

    static Form request(String... parts) {
        return raw(String.join("", parts) + "--" + BOUNDARY + "--\r\n");
    }

    static Form raw(String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return new Form(
                "multipart/form-data; boundary=" + BOUNDARY, bytes.length, new ByteArrayInputStream(bytes), null);
    }

    /** The same under another type. */
    static Form typed(Form form, String type) {
        return new Form(type, form.length(), form.servlet(), form.body());
    }
}
