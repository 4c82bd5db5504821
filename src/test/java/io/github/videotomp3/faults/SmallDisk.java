package io.github.videotomp3.faults;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A disk of a few megabytes that can be filled; only root can mount one, others have an ordinary folder. */
final class SmallDisk implements Closeable {

    private static final int MEGABYTES = 24;

    private final Path folder;
    private final boolean mounted;

    SmallDisk(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        mounted = run("mount", "-t", "tmpfs", "-o", "size=" + MEGABYTES + "m", "tmpfs", folder.toString());
    }

    Path folder() {
        return folder;
    }

    boolean isMounted() {
        return mounted;
    }

    void fill() {
        try (OutputStream out = Files.newOutputStream(filler())) {
            for (int i = 0; i <= MEGABYTES * 16; i++) {
                out.write(new byte[1 << 16]);
            }
            throw new IllegalStateException(folder + " did not become full");
        } catch (IOException e) {
            // it is full
        }
    }

    void empty() {
        try {
            Files.deleteIfExists(filler());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path filler() {
        return folder.resolve("filler");
    }

    @Override
    public void close() {
        if (mounted) {
            run("umount", "--lazy", folder.toString());
        }
    }

    private static boolean run(String... command) {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
