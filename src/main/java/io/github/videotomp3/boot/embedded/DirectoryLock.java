package io.github.videotomp3.boot.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps a second program out of a directory; the operating system gives the lock back when the process dies. */
final class DirectoryLock implements AutoCloseable {

    private final FileChannel channel;

    /** @throws IllegalStateException if somebody else holds the directory, or it cannot be written */
    DirectoryLock(Path directory) {
        boolean held;
        try {
            Files.createDirectories(directory);
            channel = FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            held = lock(channel);
        } catch (IOException e) {
            throw new IllegalStateException("data.folder cannot be used: " + e, e);
        }
        if (!held) {
            close();
            throw new IllegalStateException(inUse(directory));
        }
    }

    static String inUse(Path path) {
        return "data.folder holds " + path
                + ", which another process uses: stop that one, or give this one a data.folder" + " of its own";
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new IllegalStateException("The lock on a directory could not be given back", e);
        }
    }
}
