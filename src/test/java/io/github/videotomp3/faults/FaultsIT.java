package io.github.videotomp3.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.github.videotomp3.Clips;
import io.github.videotomp3.Jars;
import io.github.videotomp3.Person;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * People upload while one fault after the other strikes; then everything gets the time to come to rest, and the books are
 * closed: {@code ./mvnw verify -Pfaults} for a quarter of an hour, a short run in every {@code verify}.
 */
@EnabledOnOs(OS.LINUX) // signals, /proc
class FaultsIT {

    private static final Logger LOG = LoggerFactory.getLogger(FaultsIT.class);
    private static final long SEED = Long.getLong("faults.seed", 7);
    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("faults.seconds", 60));
    private static final int LONGEST_FAULT_MILLIS = 8000;
    private static final int LONGEST_PAUSE_MILLIS = 6000;
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private final Random random = new Random(SEED);
    private final Map<Fault, Integer> struck = new EnumMap<>(Fault.class);

    @Test
    void endsEveryAcceptedUploadOnce() throws Exception {
        Path home = folder.toRealPath();
        try (Rig rig = new Rig(home.resolve("rig"), Jars.whole()).start();
                MongoClient mongo = MongoClients.create(rig.mongoUri())) {
            Set<String> accepted = ConcurrentHashMap.newKeySet();
            Set<String> wrongAnswers = ConcurrentHashMap.newKeySet();
            List<Path> files = files(home);
            List<Uploader> uploaders = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Uploader uploader = new Uploader(Person.register(rig.url()), files, SEED + i, accepted, wrongAnswers);
                uploaders.add(uploader);
                threads.add(new Thread(uploader, "uploader-" + i));
            }
            threads.forEach(Thread::start);

            strike(rig);

            uploaders.forEach(Uploader::stop);
            for (Thread thread : threads) {
                thread.join();
            }
            rig.stores.awaitReady(); // the last fault may have killed them
            Books books = Awaitility.await("rest")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> Books.of(rig, mongo, accepted, wrongAnswers), Books::areClosed);
            String report = "seed " + SEED + ", " + LENGTH.toSeconds() + " s\n" + books + "\nfaults " + struck
                    + "\nparked, though their owners were told " + rig.parkedMails();
            LOG.warn("{}", report);
            Files.writeString(Path.of("target", "faults.txt"), report);
            assertThat(books.accepted()).isPositive();
            assertThat(books.repeated()).isZero();
            assertThat(books.wrongAnswers()).isEmpty();
            assertThat(rig.parkedVideos()).as("what the operator finds").containsAll(Books.failed(mongo));
        }
    }

    /** One fault after the other, each kind before any comes again. */
    private void strike(Rig rig) throws Exception {
        List<Fault> next = new ArrayList<>();
        long end = System.nanoTime() + LENGTH.toNanos();
        while (System.nanoTime() < end) {
            if (next.isEmpty()) {
                next.addAll(Fault.possibleIn(rig));
                Collections.shuffle(next, random);
            }
            pause(LONGEST_PAUSE_MILLIS);
            Fault fault = next.remove(0);
            LOG.info("{}", fault);
            Runnable over = fault.strike(rig, random);
            pause(LONGEST_FAULT_MILLIS);
            over.run();
            struck.merge(fault, 1, Integer::sum);
        }
    }

    /** Time itself is part of a fault; nothing is waited for. */
    private synchronized void pause(int longestMillis) throws InterruptedException {
        long until = System.nanoTime() + (500 + random.nextInt(longestMillis)) * 1_000_000L;
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            wait(left / 1_000_000 + 1);
        }
    }

    private static List<Path> files(Path home) throws Exception {
        Path text = Files.writeString(home.resolve("text.mp4"), "no video at all");
        Path cut = Clips.cut(Clips.faststart(home, 10), 0.5);
        return List.of(
                Clips.mp4(home, 3),
                Clips.mkv(home, 30),
                Clips.webm(home, 3),
                Clips.music(home, 120),
                Clips.silent(home, 3),
                cut,
                text);
    }
}
