package io.github.videotomp3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** What runs on this machine; nothing is found where there is no {@code /proc}. */
public final class Processes {

    private Processes() {}

    /** Those that work in this folder or below: ffmpeg, as no JVM of ours does. */
    public static List<ProcessHandle> workingIn(Path folder) {
        return ProcessHandle.allProcesses()
                .filter(process -> workingDirectory(process).startsWith(folder))
                .toList();
    }

    /** @param signal its name without SIG, such as STOP */
    public static void signal(String signal, ProcessHandle process) {
        try {
            int exit = new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new AssertionError("kill -" + signal + " ended with " + exit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Path workingDirectory(ProcessHandle process) {
        try {
            return Path.of("/proc", String.valueOf(process.pid()), "cwd").toRealPath();
        } catch (IOException e) {
            return Path.of("/"); // gone, or another system than Linux
        }
    }
}
