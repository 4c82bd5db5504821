package io.github.videotomp3.bench;

import io.github.videotomp3.Jars;
import io.github.videotomp3.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** Seconds from the start of the JVM until the program says that it is ready. */
final class Start {

    private static final int ROUNDS = 3;

    private final Service stores;
    private final List<String> jvmOptions;
    private final Path home;
    private final Table table;
    private int number;

    /** @param stores broker and document store of the lean bundle */
    Start(Service stores, List<String> jvmOptions, Path home, Table table) {
        this.stores = stores;
        this.jvmOptions = jvmOptions;
        this.home = home;
        this.table = table;
    }

    void measure() throws Exception {
        Path leanJar = Jars.lean();
        CompletableFuture<Path> lean = CompletableFuture.supplyAsync(() -> install(leanJar, "lean"));
        Path installed = install(Jars.whole(), "whole");
        Path installedLean = lean.join();
        Rounds whole = new Rounds();
        Rounds archived = new Rounds();
        Rounds archivedLean = new Rounds();
        for (int i = 0; i < ROUNDS; i++) {
            double baseline = seconds(() -> new BareWeb(jvmOptions, folder()));
            whole.add(seconds(() -> everything().start()), baseline);
            archived.add(seconds(() -> everything().installed(installed).start()), baseline);
            archivedLean.add(seconds(() -> gateway().installed(installedLean).start()), baseline);
        }
        String bare = "a bare Spring Boot web application, plain jar";
        table.ratio("ready, all embedded, plain jar", "s", whole, bare, "<= 10 s");
        table.ratio("ready, all embedded, with archive", "s", archived, bare, "<= 3.5 s");
        table.ratio("ready, lean gateway, with archive", "s", archivedLean, bare, "<= 2 s");
    }

    /** Unpacked and with an archive of its classes. */
    private Path install(Path jar, String name) {
        Path target = home.resolve(name);
        List<String> line =
                List.of("bin/install", jar.toString(), target.toAbsolutePath().toString());
        try {
            int exit = new ProcessBuilder(line).inheritIO().start().waitFor();
            if (exit != 0) {
                throw new IllegalStateException(line + " ended with " + exit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return target;
    }

    private Service everything() throws Exception {
        return new Service(jvmOptions, folder()).embedded();
    }

    private Service gateway() throws Exception {
        return new Service(stores, jvmOptions, folder(), "--bundles=gateway").embedded();
    }

    private Path folder() throws Exception {
        return Files.createDirectories(home.resolve("start-" + number++));
    }

    private static double seconds(Callable<? extends AutoCloseable> program) throws Exception {
        long start = System.nanoTime();
        try (AutoCloseable started = program.call()) {
            return (System.nanoTime() - start) / 1e9;
        }
    }
}
