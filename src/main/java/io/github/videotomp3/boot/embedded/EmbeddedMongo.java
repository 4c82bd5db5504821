package io.github.videotomp3.boot.embedded;

import de.bwaldvogel.mongo.MongoServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A document store that speaks MongoDB's protocol inside this process: mongo-java-server on one file of H2.
 *
 * <p>It has what GridFS and plain queries need, and neither transactions, TTL indexes nor change streams.
 */
public final class EmbeddedMongo implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedMongo.class);
    private static final int CACHE_MB = 16;

    /**
     * When H2 writes of its own accord, and how much it tidies up at a time. It takes eight such loads before it slows a
     * writer down, and by default each grows with the heap, up to 19 MB: in a small heap one fast upload is enough to run
     * out of memory. {@link GridFsBackend} commits earlier, and so does not leave the moment to H2.
     */
    private static final int WRITE_KB = 8192;

    private static final int TIDY_UP_MILLIS = 30_000;

    static {
        // before Netty is loaded: Java 24 and later warn of its sun.misc.Unsafe
        if (Runtime.version().feature() >= 24 && System.getProperty("io.netty.noUnsafe") == null) {
            System.setProperty("io.netty.noUnsafe", "true");
        }
    }

    private final MongoServer server;

    /**
     * Starts the store on 127.0.0.1.
     *
     * @throws IllegalStateException if the file or the port is in use, or if the file cannot be read
     */
    public EmbeddedMongo(Path file, int port) {
        LoopbackPort.requireFree(port, "embedded.mongo.port", "embedded document store");
        server = new MongoServer(new GridFsBackend(open(file.toAbsolutePath())));
        server.bind(LoopbackPort.HOST, port);
        LOG.info("Embedded document store listens on {}:{}, documents in {}", LoopbackPort.HOST, port, file);
    }

    private static MVStore open(Path file) {
        try {
            Files.createDirectories(file.getParent());
            MVStore store = new MVStore.Builder()
                    .fileName(file.toString())
                    .cacheSize(CACHE_MB)
                    .autoCommitBufferSize(WRITE_KB)
                    .open();
            store.setAutoCommitDelay(TIDY_UP_MILLIS);
            return store;
        } catch (MVStoreException e) {
            throw new IllegalStateException(
                    e.getErrorCode() == DataUtils.ERROR_FILE_LOCKED
                            ? DirectoryLock.inUse(file)
                            : "data.folder has a file " + file + " that cannot be opened: " + e.getMessage(),
                    e);
        } catch (IOException e) {
            throw new IllegalStateException("data.folder cannot be used: " + e, e);
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
