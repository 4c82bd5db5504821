package io.github.videotomp3.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.github.videotomp3.Clips;
import io.github.videotomp3.Jars;
import io.github.videotomp3.MongoStore;
import io.github.videotomp3.Person;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Videos that hang ffmpeg, kill the JVM that converts them each time, fill the disk, or are damaged by the document store:
 * they end, and harm no other.
 */
@EnabledOnOs(OS.LINUX) // a shell script as ffmpeg
class PoisonIT {

    /** There is no video that does such things to a good ffmpeg, so its first four letters say what to do. */
    private static final String SCRIPT = """
            #!/bin/sh
            case "$(head -c 4 in 2> /dev/null)" in
              HANG) exec sleep 600 ;;
              KILL) kill -9 $PPID; exit 1 ;;
              FILL) exec cat /dev/zero > out.mp3 ;;
            esac
            exec %s "$@"
            """;

    private static final int ATTEMPTS = 3;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void endAfterAFewAttemptsAndLeaveTheirNeighboursAlone() throws Exception {
        Path home = folder.toRealPath();
        Path script = Clips.ffmpeg(home, SCRIPT);
        try (Rig rig = new Rig(
                                home.resolve("rig"),
                                Jars.whole(),
                                "--converter.ffmpeg=" + script,
                                "--converter.timeout=3000",
                                "--converter.attempts=" + ATTEMPTS,
                                "--converter.ffmpeg.max-output=4000000")
                        .start();
                MongoClient mongo = MongoClients.create(rig.mongoUri())) {
            Person person = Person.register(rig.url());
            Map<String, String> poisons = new LinkedHashMap<>();
            List<String> neighbours = new ArrayList<>();
            poisons.put("DAMAGED", damaged(rig, mongo, person, Clips.music(home, 30)));
            for (String deed : List.of("KILL", "HANG", "FILL")) {
                poisons.put(
                        deed,
                        person.accepted(Files.writeString(home.resolve(deed + ".mp4"), deed + " and some more bytes")));
                neighbours.add(person.accepted(Clips.mp4(home, 3)));
            }
            Set<String> accepted = Set.copyOf(concat(poisons.values(), neighbours));

            Books books = Awaitility.await("rest")
                    .atMost(Duration.ofMinutes(6))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(
                            () -> {
                                rig.converters.forEach(Part::restartIfDead); // as Kubernetes does
                                return Books.of(rig, mongo, accepted, Set.of());
                            },
                            Books::areClosed);

            assertThat(books.repeatedMails()).isZero();
            for (String id : neighbours) {
                assertThat(Books.job(mongo, id)).containsEntry("state", "done");
            }
            for (String deed : List.of("KILL", "HANG")) {
                Document job = Books.job(mongo, poisons.get(deed));
                assertThat(job).as(deed).containsEntry("state", "failed").containsEntry("attempts", ATTEMPTS);
                assertThat(job.getString("reason")).contains("tried " + ATTEMPTS + " times");
            }
            assertThat(Books.job(mongo, poisons.get("FILL")))
                    .containsEntry("state", "rejected")
                    .containsEntry("reason", "The MP3 would become larger than is allowed here");
            Document damaged = Books.job(mongo, poisons.get("DAMAGED"));
            assertThat(damaged).containsEntry("state", "failed").containsEntry("attempts", 1);
            assertThat(damaged.getString("reason")).contains("damaged", "send it once more");
            for (String id : poisons.values()) {
                assertThat(rig.mails()).anyMatch(mail -> mail.contains(id) && mail.contains("could not be converted"));
            }
            assertThat(rig.parkedVideos())
                    .containsExactlyInAnyOrder(poisons.get("DAMAGED"), poisons.get("KILL"), poisons.get("HANG"));
            assertThat(rig.converters).anyMatch(converter -> converter.starts() > 1);
        }
    }

    /** Accepted, and damaged in the store before any converter has seen it. */
    private static String damaged(Rig rig, MongoClient mongo, Person person, Path video) throws Exception {
        rig.converters.forEach(Part::hold);
        try {
            String id = person.accepted(video);
            MongoStore.damage(mongo, "videos", new ObjectId(id), 0);
            return id;
        } finally {
            rig.converters.forEach(Part::goOn);
        }
    }

    private static List<String> concat(Iterable<String> some, List<String> more) {
        List<String> all = new ArrayList<>(more);
        some.forEach(all::add);
        return all;
    }
}
