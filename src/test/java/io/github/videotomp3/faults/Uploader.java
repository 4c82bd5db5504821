package io.github.videotomp3.faults;

import io.github.videotomp3.Person;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/**
 * Somebody who uploads one file after the other and remembers what was accepted. Refusals do not discourage him; now and
 * then he signs in anew, or goes away in the middle of an upload, or gives an upload a key and sends it until it is answered.
 */
final class Uploader implements Runnable {

    /** What may be said to one who is in the right: later, or not while parts are away or the disk is full. */
    private static final Set<Integer> REFUSALS = Set.of(429, 503, 507);

    private final Person person;
    private final List<Path> files;
    private final Random random;
    private final Set<String> accepted;
    private final Set<String> wrongAnswers;
    private volatile boolean enough;

    /**
     * @param accepted where the ids of accepted uploads are noted
     * @param wrongAnswers where answers are noted that nobody should get
     */
    Uploader(Person person, List<Path> files, long seed, Set<String> accepted, Set<String> wrongAnswers) {
        this.person = person;
        this.files = files;
        this.random = new Random(seed);
        this.accepted = accepted;
        this.wrongAnswers = wrongAnswers;
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
                act();
            } catch (UncheckedIOException e) {
                // the gateway is away, or went away: no answer, no promise
            }
        }
    }

    private void act() {
        Path file = files.get(random.nextInt(files.size()));
        int what = random.nextInt(8);
        if (what == 0) {
            note("login", 200, person.tryLogin());
        } else if (what == 1) {
            person.upload(file.getFileName().toString(), cut(file, random.nextDouble()));
        } else if (what < 5) {
            sendUntilAnswered(file, UUID.randomUUID().toString());
        } else {
            accept(person.upload(file));
        }
    }

    private void sendUntilAnswered(Path file, String key) {
        for (int attempt = 0; attempt < 5 && !enough; attempt++) {
            try {
                HttpResponse<String> answer = person.upload(Books.SENT_AGAIN + key, Person.file(file), key);
                if (answer.statusCode() != 409) { // the attempt before may still be under way
                    accept(answer);
                    return;
                }
            } catch (UncheckedIOException e) {
                // no answer: it may have been taken, so it is sent again
            }
        }
    }

    private void accept(HttpResponse<String> answer) {
        note("upload", 202, answer);
        if (answer.statusCode() == 202) {
            accepted.add(Person.id(answer));
        }
    }

    private void note(String request, int good, HttpResponse<String> answer) {
        if (answer.statusCode() != good && !REFUSALS.contains(answer.statusCode())) {
            wrongAnswers.add(request + ": " + answer.statusCode() + " " + answer.body());
        }
    }

    /** A share of the file, at whose end the connection breaks. */
    private static BodyPublisher cut(Path file, double share) {
        return BodyPublishers.ofInputStream(() -> {
            try {
                byte[] bytes = Files.readAllBytes(file);
                return new SequenceInputStream(
                        new ByteArrayInputStream(bytes, 0, (int) (bytes.length * share)), new InputStream() {
                            @Override
                            public int read() throws IOException {
                                throw new IOException("he went away");
                            }
                        });
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    synchronized void stop() {
        enough = true;
        notifyAll();
    }
}
