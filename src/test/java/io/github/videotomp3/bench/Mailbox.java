package io.github.videotomp3.bench;

import io.github.videotomp3.Person;
import io.github.videotomp3.Service;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Where the embedded mail server puts a person's mail, one file each; to look there costs the service nothing. */
final class Mailbox {

    private final Path folder;

    Mailbox(Service service, Person person) {
        folder = service.home().resolve("data/mail").resolve(URLEncoder.encode(person.email(), StandardCharsets.UTF_8));
    }

    /** The name of the newest mail, empty if there is none. */
    String newest() throws IOException {
        if (!Files.exists(folder)) {
            return "";
        }
        try (Stream<Path> mails = Files.list(folder)) {
            return mails.map(mail -> mail.getFileName().toString())
                    .max(Comparator.naturalOrder())
                    .orElse("");
        }
    }

    /** Waits for one that is newer; its name. */
    String await(String last) {
        return Awaitility.await("mail")
                .atMost(Duration.ofMinutes(30))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(this::newest, name -> !name.equals(last));
    }
}
