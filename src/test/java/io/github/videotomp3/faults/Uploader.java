package io.github.videotomp3.faults;

import io.github.videotomp3.Person;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Somebody who uploads one file after the other and remembers what was accepted. Refusals do not discourage him. */
final class Uploader implements Runnable {

    private final Person person;
    private final List<Path> files;
    private final Random random;
    private final Set<String> accepted;
    private volatile boolean enough;

    /** @param accepted where the ids of accepted uploads are noted */
    Uploader(Person person, List<Path> files, long seed, Set<String> accepted) {
        this.person = person;
        this.files = files;
        this.random = new Random(seed);
        this.accepted = accepted;
    }

    @Override
    public void run() {
        while (!enough) {
            synchronized (this) {
                try {
                    wait(200 + random.nextInt(800));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
            try {
                HttpResponse<String> answer = person.upload(files.get(random.nextInt(files.size())));
                if (answer.statusCode() == 202) {
                    accepted.add(Person.id(answer));
                }
            } catch (UncheckedIOException e) {
                // the gateway is away, or went away: no answer, no promise
            }
        }
    }

    synchronized void stop() {
        enough = true;
        notifyAll();
    }
}
