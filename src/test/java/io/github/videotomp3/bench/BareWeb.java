package io.github.videotomp3.bench;

import io.github.videotomp3.boot.embedded.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** {@link BareWebApplication} in a JVM of its own. */
final class BareWeb implements AutoCloseable {

    private final int port = FreePort.next();
    private final Process process;

    /** Starts it and waits until it answers. */
    BareWeb(List<String> jvmOptions, Path home) throws Exception {
        Path log = Files.createDirectories(home).resolve("log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-jar", BareWebJar.in(home).toString(), "--server.port=" + port));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !process.isAlive() || Files.readString(log).contains(BareWebApplication.READY));
        if (!process.isAlive()) {
            throw new IllegalStateException(Files.readString(log));
        }
    }

    int port() {
        return port;
    }

    /** What it answers from now on. */
    void answer(String text) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/constant"))
                .PUT(BodyPublishers.ofString(text))
                .build();
        HttpClient.newHttpClient().send(request, BodyHandlers.discarding());
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }
}
