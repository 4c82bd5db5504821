package io.github.videotomp3.converter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The folders in which videos are converted, one per job, below a root that belongs to one process at a time. */
public final class WorkFolders implements AutoCloseable {

    private static final String LOCK = ".lock";

    /** The roots of this process: Camel creates the beans of a YAML file twice, and means the same folder both times. */
    private static final Map<Path, FileChannel> HELD = new HashMap<>();

    private final Path root;

    /**
     * Takes the root for this process, makes it if need be, and deletes what earlier runs left in it.
     *
     * @throws IllegalStateException if the root cannot be used or another process uses it
     */
    public WorkFolders(String root) {
        this.root = Path.of(root).toAbsolutePath().normalize();
        try {
            Files.createDirectories(this.root);
            hold(this.root);
            sweep();
            requireRoom(this.root);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "converter.work-folder is " + this.root + ", which cannot be used (" + e
                            + "). Name a folder on a disk with room, that this user may write to.",
                    e);
        }
    }

    /**
     * Makes an empty folder; what an earlier attempt left under the same name is deleted.
     *
     * @param name a plain file name, such as the id of the job
     */
    public Path create(String name) {
        Path folder = root.resolve(name);
        if (name.startsWith(".") || !root.equals(folder.normalize().getParent())) {
            throw new IllegalArgumentException("Not a plain name for a work folder: " + name);
        }
        try {
            deleteTree(folder);
            return Files.createDirectory(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes a folder of this root with all that is in it; what resists stays until the next start. */
    public void delete(Path folder) {
        if (!root.equals(folder.toAbsolutePath().normalize().getParent())) {
            throw new IllegalArgumentException("Not a work folder of " + root + ": " + folder);
        }
        try {
            deleteTree(folder);
        } catch (IOException e) {
            // the next attempt of this job, or the next start, deletes it
        }
    }

    /** Whether so many bytes fit beside what is there now. What never will counts as fitting: waiting does not help it. */
    public boolean hasRoomFor(long bytes) {
        try {
            FileStore disk = Files.getFileStore(root);
            return disk.getUsableSpace() > bytes || disk.getTotalSpace() <= bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws IOException if a folder can't take a mebibyte, because it is read-only or its disk is full */
    public static void requireRoom(Path folder) throws IOException {
        Path proof = Files.createTempFile(folder, ".room", null);
        try {
            Files.write(proof, new byte[1 << 20]);
        } finally {
            Files.delete(proof);
        }
    }

    /** Gives the root back, so that another process may take it. */
    @Override
    public void close() {
        synchronized (HELD) {
            FileChannel lock = HELD.remove(root);
            if (lock != null) {
                try {
                    lock.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private static void hold(Path root) throws IOException {
        synchronized (HELD) {
            if (!HELD.containsKey(root)) {
                HELD.put(root, lock(root));
            }
        }
    }

    private void sweep() throws IOException {
        List<Path> leftovers;
        try (Stream<Path> entries = Files.list(root)) {
            leftovers = entries.filter(entry -> !entry.endsWith(LOCK)).toList();
        }
        for (Path leftover : leftovers) {
            deleteTree(leftover);
        }
    }

    private static FileChannel lock(Path root) throws IOException {
        FileChannel channel = FileChannel.open(root.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (channel.tryLock() == null) {
            channel.close();
            throw new IllegalStateException("converter.work-folder is " + root
                    + ", which another running converter uses. Stop that one, or give this one a folder of its own.");
        }
        return channel;
    }

    private static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
