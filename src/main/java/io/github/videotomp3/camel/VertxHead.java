package io.github.videotomp3.camel;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/**
 * The head of an answer from Vert.x, put right before it is written: {@code platform-http} marks every stream as chunked,
 * also one whose length its route has given, and passes on {@code Connection}, which HTTP/2 does not have.
 */
final class VertxHead {

    private VertxHead() {}

    static void mend(HttpServerRequest request) {
        MultiMap head = request.response().headers();
        request.response().headersEndHandler(now -> {
            if (head.contains(HttpHeaders.CONTENT_LENGTH)) {
                head.remove(HttpHeaders.TRANSFER_ENCODING); // RFC 9112 §6.2: never both
            }
            if (request.version() == HttpVersion.HTTP_2) {
                head.remove(HttpHeaders.CONNECTION); // RFC 9113 §8.2.2
            }
        });
    }
}
