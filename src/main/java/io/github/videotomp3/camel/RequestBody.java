package io.github.videotomp3.camel;

import io.vertx.core.http.HttpServerRequest;
import java.io.InputStream;

/** The unread body of a request, whichever server took it in. */
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

    /** By itself, since its class is not there where a servlet container is. */
    private static final class Vertx {

        static InputStream stream(Object body) {
            return new VertxBody((HttpServerRequest) body);
        }
    }
}
