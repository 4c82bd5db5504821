package io.github.videotomp3.bench;

import com.mongodb.client.MongoClient;
import com.mongodb.client.gridfs.GridFSBucket;
import com.mongodb.client.gridfs.GridFSBuckets;
import io.github.videotomp3.Clips;
import io.github.videotomp3.Service;
import io.github.videotomp3.converter.Mp3Encoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bson.types.ObjectId;

/** The tools without the service: ffmpeg by the very line that the converter runs, and MongoDB's driver. */
final class Bare {

    /** Seconds. */
    record Times(double wall, double cpu) {}

    private final Path home;

    Bare(Path home) {
        this.home = home;
    }

    /** ffmpeg on one clip. */
    Times convert(Path clip) throws Exception {
        return run("\"$@\"", folder(0, clip));
    }

    /** ffmpeg on as many clips, two at a time. */
    Times convert(Path clip, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            folder(i, clip);
        }
        String each = "'cd \"$1\" && shift && exec \"$@\"'";
        return run("seq 0 " + (count - 1) + " | xargs -P 2 -I{} sh -c " + each + " sh {} \"$@\"", home);
    }

    private Path folder(int number, Path clip) throws IOException {
        Path folder = Files.createDirectories(home.resolve(String.valueOf(number)));
        Files.copy(clip, folder.resolve(Mp3Encoder.INPUT), StandardCopyOption.REPLACE_EXISTING);
        return folder;
    }

    private static Times run(String line, Path folder) throws Exception {
        String timed = "TIMEFORMAT='%R %U %S'; time { " + line + "; } > /dev/null 2>&1";
        List<String> command = new ArrayList<>(List.of("bash", "-c", timed, "bash"));
        command.add(Clips.ffmpeg().path().toString());
        command.addAll(new Mp3Encoder(2, 7, Duration.ofHours(4)).arguments());
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String[] times = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .strip()
                .split(" ");
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command + " ended with " + process.exitValue());
        }
        return new Times(Double.parseDouble(times[0]), Double.parseDouble(times[1]) + Double.parseDouble(times[2]));
    }

    /** Seconds that the driver takes to store a file. */
    static double put(Service service, Path file) throws Exception {
        try (MongoClient mongo = service.mongo();
                InputStream bytes = Files.newInputStream(file)) {
            GridFSBucket bucket = GridFSBuckets.create(mongo.getDatabase("videos"));
            long start = System.nanoTime();
            ObjectId id = bucket.uploadFromStream("bare", bytes);
            double seconds = (System.nanoTime() - start) / 1e9;
            bucket.delete(id);
            return seconds;
        }
    }

    /** Seconds that the driver takes to read an MP3. */
    static double read(Service service, ObjectId id) {
        try (MongoClient mongo = service.mongo();
                InputStream bytes =
                        GridFSBuckets.create(mongo.getDatabase("mp3s")).openDownloadStream(id)) {
            byte[] buffer = new byte[1 << 16];
            long start = System.nanoTime();
            while (bytes.read(buffer) >= 0) {
                // that is all
            }
            return (System.nanoTime() - start) / 1e9;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
