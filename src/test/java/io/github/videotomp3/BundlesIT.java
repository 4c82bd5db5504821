package io.github.videotomp3;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bundles in JVMs of their own. */
class BundlesIT {

    @TempDir
    Path home;

    @Test
    void convertsInAJvmOfItsOwnAndQueuesWhatWaitsForIt() throws Exception {
        try (Service rest = new Service(home.resolve("rest"), "--bundles=auth,gateway,notification").start()) {
            Person ann = Person.register(rest.url());
            String waiting = ann.accepted(Clips.mp4(home, 3));
            assertThat(ann.job(waiting).get("state").asText()).isEqualTo("queued");

            try (Service converter = new Service(rest, home.resolve("converter"), "--bundles=converter").start()) {
                ann.await(waiting, "done");
                assertThat(ann.mail(waiting).get("subject").asText()).isEqualTo("MP3 Download");
                assertThat(converter.readLog()).contains(": converter").doesNotContain("Embedded");
            }
        }
    }
}
