package io.github.videotomp3.faults;

import io.github.videotomp3.Processes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A JVM of the system under test, which can be killed, stopped, held and started again. */
final class Part {

    private static final Duration PATIENCE = Duration.ofSeconds(150);

    private final String name;
    private final Path home;
    private final List<String> command;
    private final String ready;
    private Process process;
    private int starts;

    /** @param ready what it prints when it is ready */
    Part(String name, Path home, List<String> command, String ready) {
        this.name = name;
        this.home = home;
        this.command = command;
        this.ready = ready;
    }

    Path home() {
        return home;
    }

    void start() {
        try {
            Files.createDirectories(home);
            starts++;
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log().toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How often it has been started. */
    int starts() {
        return starts;
    }

    void restartIfDead() {
        if (!process.isAlive()) {
            start();
        }
    }

    private Path log() {
        return home.resolve("log-" + starts);
    }

    void awaitReady() {
        Awaitility.await(name).atMost(PATIENCE).until(() -> !process.isAlive() || says(ready));
        if (!process.isAlive()) {
            throw new AssertionError(name + " ended by itself, see " + log());
        }
    }

    boolean says(String text) {
        try {
            return Files.readString(log()).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** At once: no shutdown hook runs. */
    void kill() {
        if (process != null) {
            process.destroyForcibly();
            awaitEnd(20);
        }
    }

    /** A rolling restart: SIGTERM, and the time it asks for. */
    void stop() {
        process.destroy();
        if (!awaitEnd(90)) {
            process.destroyForcibly();
            throw new AssertionError(name + " did not stop within 90 s of SIGTERM, see " + log());
        }
    }

    private boolean awaitEnd(int seconds) {
        try {
            return process.waitFor(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Lets it stand still, as a machine does that is out of memory or asleep. */
    void hold() {
        Processes.signal("STOP", process.toHandle());
    }

    void goOn() {
        Processes.signal("CONT", process.toHandle());
    }

    @Override
    public String toString() {
        return name;
    }
}
