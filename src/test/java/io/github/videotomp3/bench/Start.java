package io.github.videotomp3.bench;

import io.github.videotomp3.Jars;
import io.github.videotomp3.Service;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

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
        Path installed = install(Jars.whole());
        Path installedLean = install(Jars.lean());
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
    private Path install(Path jar) throws Exception {
        Path script = Path.of("bin", "install");
        Path target = folder();
        Process process = new ProcessBuilder(
                        script.toString(),
                        jar.toString(),
                        target.toAbsolutePath().toString())
                .inheritIO()
                .start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException(script + " ended with " + process.exitValue());
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
