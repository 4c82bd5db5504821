package io.github.videotomp3.faults;

import io.github.videotomp3.boot.embedded.EmbeddedBroker;
import io.github.videotomp3.boot.embedded.EmbeddedMail;
import io.github.videotomp3.boot.embedded.EmbeddedMongo;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** The embedded broker, document store and mail server in a JVM of their own, which can be killed. */
final class Stores {

    static final String USER = "tests";
    static final String PASSWORD = "a password for tests only";
    static final String READY = "the stores are ready";

    private Stores() {}

    /** @param arguments the folder, and the ports of document store, mail server and broker, 0 for no broker */
    public static void main(String[] arguments) throws InterruptedException {
        Path folder = Path.of(arguments[0]);
        new EmbeddedMongo(folder.resolve("mongo").resolve("documents.db"), Integer.parseInt(arguments[1]));
        new EmbeddedMail(folder.resolve("mail"), Integer.parseInt(arguments[2]));
        int amqp = Integer.parseInt(arguments[3]);
        if (amqp > 0) {
            new EmbeddedBroker(folder.resolve("broker"), amqp, USER, PASSWORD);
        }
        System.out.println(READY);
        new CountDownLatch(1).await();
    }
}
