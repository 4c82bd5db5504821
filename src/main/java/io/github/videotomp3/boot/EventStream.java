package io.github.videotomp3.boot;

import io.github.videotomp3.gateway.JobEvents;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * One who listens to events. What is said waits here until the connection takes it, and no thread waits with it; who does
 * not read for too long is cut off, and may come back.
 */
final class EventStream implements JobEvents.Listener, WriteListener {

    private static final int MOST_WAITING = 1000;

    private final JobEvents events;
    private final Queue<byte[]> texts = new ArrayDeque<>();
    private AsyncContext connection;
    private ServletOutputStream out;
    private boolean ended;

    EventStream(JobEvents events) {
        this.events = events;
    }

    /** Says over this connection what has been said so far, and will be. */
    void begin(AsyncContext connection) throws IOException {
        synchronized (this) {
            this.connection = connection;
            if (ended) {
                connection.complete();
                return;
            }
        }
        connection.getResponse().getOutputStream().setWriteListener(this);
    }

    @Override
    public synchronized void hear(String text) {
        if (texts.size() == MOST_WAITING) {
            end();
            return;
        }
        texts.add(text.getBytes(StandardCharsets.UTF_8));
        write();
    }

    @Override
    public synchronized void onWritePossible() throws IOException {
        out = connection.getResponse().getOutputStream(); // not before the container is ready for it
        write();
    }

    private void write() {
        try {
            while (out != null && !ended && out.isReady() && !texts.isEmpty()) {
                out.write(texts.remove());
                if (out.isReady()) {
                    out.flush();
                }
            }
        } catch (IOException | IllegalStateException e) {
            end(); // nobody is there any more
        }
    }

    @Override
    public void onError(Throwable gone) {
        end();
    }

    @Override
    public synchronized void end() {
        events.forget(this);
        boolean wasOpen = !ended && connection != null;
        ended = true;
        if (wasOpen) {
            try {
                connection.complete();
            } catch (IllegalStateException e) {
                // the container has completed it, since nobody is there any more
            }
        }
    }
}
