package io.github.videotomp3.camel;

import io.vertx.core.http.HttpServerRequest;
import java.io.InputStream;

/** What a route knows of the server that took a request in: its unread body, and how that server writes answers. */
public final class RequestBody {

    private RequestBody() {}

    /**
     * @param servlet what a servlet container reads from, null if there is none
     * @param body of the message otherwise, as {@code platform-http} on Vert.x gives it with {@code useBodyHandler=false}
     */
    public static InputStream stream(InputStream servlet, Object body) {
        if (servlet != null) {
            return servlet;
        }
        if (body instanceof InputStream stream) {
            return stream;
        }
        return body == null ? InputStream.nullInputStream() : Vertx.stream(body);
    }

    /**
     * Lets the answer have a length and be closed as the route says, where {@code platform-http} alone gets that wrong.
     *
     * @param body of the request's message, as it came in
     */
    public static void prepareAnswer(Object body) {
        if (body != null && body.getClass().getName().startsWith("io.vertx.")) {
            Vertx.prepareAnswer(body);
        }
    }

    /** By itself, since its class is not there where a servlet container is. */
    private static final class Vertx {

        static InputStream stream(Object body) {
            return new VertxBody((HttpServerRequest) body);
        }

        static void prepareAnswer(Object body) {
            VertxHead.mend((HttpServerRequest) body);
        }
    }
}
