package io.github.videotomp3.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.github.videotomp3.Clips;
import io.github.videotomp3.Jars;
import io.github.videotomp3.Person;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** RabbitMQ takes a message away from a consumer that has not acknowledged it for its consumer_timeout, here 3 s. */
@EnabledIfEnvironmentVariable(named = BrokerControl.VARIABLE, matches = ".+")
class LongWorkIT {

    private static final String SLOW_FFMPEG = """
            #!/bin/sh
            [ ! -e in ] || sleep 10
            exec %s "$@"
            """;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @BeforeEach
    void losePatience() {
        patience(3_000, 1_000);
    }

    @AfterEach
    void beAsEver() {
        patience(1_800_000, 60_000);
    }

    /** @param tick how often RabbitMQ looks, in ms */
    private static void patience(int timeout, int tick) {
        BrokerControl.run(
                "eval",
                "application:set_env(rabbit, consumer_timeout, " + timeout
                        + "), application:set_env(rabbit, channel_tick_interval, " + tick + ").");
    }

    @Test
    void isDoneOnceThoughItsMessageIsTakenAway() throws Exception {
        Path home = folder.toRealPath();
        Path script = Clips.ffmpeg(home, SLOW_FFMPEG);
        try (Rig rig = new Rig(
                                home.resolve("rig"),
                                Jars.whole(),
                                "--converter.ffmpeg=" + script,
                                "--converter.lease=60s")
                        .start();
                MongoClient mongo = MongoClients.create(rig.mongoUri())) {
            String id = Person.register(rig.url()).accepted(Clips.mp4(home, 3));

            Books books = Awaitility.await("rest")
                    .atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> Books.of(rig, mongo, Set.of(id), Set.of()), Books::areClosed);

            assertThat(books.ends()).containsOnlyKeys("done");
            assertThat(books.repeatedMails()).isZero();
            assertThat(Books.job(mongo, id)).containsEntry("state", "done").containsEntry("attempts", 1);
            assertThat(rig.converters)
                    .as("RabbitMQ lost its patience")
                    .anyMatch(converter -> converter.says("delivery acknowledgement on channel"));
        }
    }
}
