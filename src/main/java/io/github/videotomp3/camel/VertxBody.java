package io.github.videotomp3.camel;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The body of a request to Vert.x as it arrives, for {@code platform-http} with {@code useBodyHandler=false}. Its other
 * ways put the whole body into memory or a file before the route starts. A few pieces are asked for ahead, so the memory
 * does not grow with the body.
 */
final class VertxBody extends InputStream {

    private static final int PIECES_AHEAD = 8;
    private static final long PATIENCE_SECONDS = 60;
    private static final Buffer END = Buffer.buffer();

    private final BlockingQueue<Object> arrived = new LinkedBlockingQueue<>();
    private final HttpServerRequest request;
    private final Context context;
    private Buffer piece = END;
    private int position;
    private boolean ended;

    /** @param request paused, as {@code platform-http} hands it over, on a thread of its Vert.x */
    VertxBody(HttpServerRequest request) {
        this.request = request;
        this.context = Vertx.currentContext();
        context.runOnContext(now -> {
            try {
                request.exceptionHandler(arrived::add).endHandler(end -> arrived.add(END));
                request.handler(arrived::add).fetch(PIECES_AHEAD);
            } catch (IllegalStateException gone) {
                arrived.add(gone);
            }
        });
    }

    @Override
    public int read() throws IOException {
        return await() ? piece.getByte(position++) & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!await()) {
            return -1;
        }
        int count = Math.min(length, piece.length() - position);
        piece.getBytes(position, position + count, target, offset);
        position += count;
        return count;
    }

    /** Whether there is a byte left; waits for it. */
    private boolean await() throws IOException {
        while (!ended && position == piece.length()) {
            take();
        }
        return !ended;
    }

    private void take() throws IOException {
        try {
            Object next = arrived.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                throw new IOException("nothing of the body arrived for " + PATIENCE_SECONDS + " s");
            }
            if (next instanceof Throwable failure) {
                arrived.add(failure); // for whoever reads on
                throw new IOException("the body ended early: " + failure.getMessage(), failure);
            }
            ended = next == END;
            piece = (Buffer) next;
            position = 0;
            if (!ended) {
                context.runOnContext(now -> request.fetch(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the body arrived", e);
        }
    }
}
