package io.github.videotomp3.gateway;

import java.nio.charset.StandardCharsets;
import org.springframework.mock.web.MockHttpServletRequest;

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

    static MockHttpServletRequest request(String... parts) {
        return raw(String.join("", parts) + "--" + BOUNDARY + "--\r\n");
    }

    static MockHttpServletRequest raw(String body) {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/upload");
        request.setContentType("multipart/form-data; boundary=" + BOUNDARY);
        request.setContent(body.getBytes(StandardCharsets.UTF_8));
        return request;
    }
}
