package io.github.videotomp3.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The same bytes, of which a thread of its own reads the next piece while its reader is busy with the one before. Two
 * pieces are in memory, however many bytes there are.
 */
final class ReadAhead extends InputStream {

    /** Bytes of a piece: a chunk of GridFS. */
    private static final int PIECE = 255 * 1024;

    private static final ExecutorService READING_AHEAD = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "reading-upload");
        thread.setDaemon(true);
        return thread;
    });

    private final InputStream source;
    private byte[] piece = new byte[PIECE];
    private byte[] next = new byte[PIECE];
    private int length;
    private int position;
    private Future<Integer> coming;
    private boolean ended;

    /** @param source is read by one thread at a time, and by none after {@link #close()}, which leaves it open */
    ReadAhead(InputStream source) {
        this.source = source;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
        Objects.checkFromIndexSize(offset, count, target.length);
        if (count == 0) {
            return 0;
        }
        if (position == length && !ended) {
            advance();
        }
        if (ended) {
            return -1;
        }
        int part = Math.min(count, length - position);
        System.arraycopy(piece, position, target, offset, part);
        position += part;
        return part;
    }

    /** Takes the piece that is coming, and sends for the one after it. */
    private void advance() throws IOException {
        if (coming == null) {
            coming = fill(next);
        }
        length = come();
        position = 0;
        ended = length == 0;
        byte[] come = next;
        next = piece;
        piece = come;
        coming = length < PIECE ? CompletableFuture.completedFuture(0) : fill(next); // a short one is the last
    }

    private Future<Integer> fill(byte[] bytes) {
        return READING_AHEAD.submit(() -> source.readNBytes(bytes, 0, bytes.length));
    }

    private int come() throws IOException {
        try {
            return await();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        }
    }

    private int await() throws InterruptedIOException, ExecutionException {
        try {
            return coming.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while bytes are on their way");
        }
    }

    /** Waits for the piece that is coming; there is none after it, whatever became of it. */
    @Override
    public void close() throws IOException {
        if (coming != null) {
            try {
                await();
            } catch (ExecutionException e) {
                // its reader has been told, or wants nothing any more
            }
        }
        ended = true;
    }
}
