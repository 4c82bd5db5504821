package io.github.videotomp3;

import com.mongodb.client.MongoClient;
import com.mongodb.client.gridfs.GridFSBuckets;
import io.github.videotomp3.converter.Mp3Encoder;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What the pipeline costs beside the bare tools, as ratios in one run: {@code ./mvnw verify -Pbench}. */
class PipelineBench {

    private static final int ROUNDS = 5;
    private static final long LARGE = 400_000_000;
    private static final Pattern FULL = Pattern.compile("Pause Full .*->(\\d+)M\\(");

    @TempDir
    Path home;

    private final List<String> table = new ArrayList<>();

    @Test
    void compare() throws Exception {
        Path minutes = Clips.music(home, 600);
        Path seconds = Clips.music(home, 10);
        List<String> asSpringBootRun = List.of(System.getProperty("jvm.options").split(" "));
        try (Service service = new Service(asSpringBootRun, home).start()) {
            Person ann = Person.register(service.url());
            for (int i = 0; i < 40; i++) {
                convert(ann, seconds); // warm up
            }
            for (int i = 0; i < 3; i++) {
                convert(ann, minutes);
            }
            double[] bareCpu = new double[ROUNDS];
            double[] cpu = new double[ROUNDS];
            double[] conversion = new double[ROUNDS];
            double[] bareWall = new double[ROUNDS];
            double[] wall = new double[ROUNDS];
            for (int i = 0; i < ROUNDS; i++) {
                bareCpu[i] = bareFfmpeg(minutes)[1];
                double before = cpuSeconds(service.pid());
                String id = ann.accepted(minutes);
                double uploaded = cpuSeconds(service.pid());
                ann.await(id, "done", Duration.ofSeconds(1)); // asking costs CPU as well
                conversion[i] = cpuSeconds(service.pid()) - uploaded;
                cpu[i] = cpuSeconds(service.pid()) - before;
                bareWall[i] = bareFfmpeg(seconds)[0];
                wall[i] = time(() -> convert(ann, seconds));
            }
            row("CPU of a 10-minute clip, accepted to done", "bare ffmpeg", conversion, bareCpu, "s");
            row("CPU of a 10-minute clip, upload to done", "bare ffmpeg", cpu, bareCpu, "s");
            row("10 s clip, upload start to mail", "bare ffmpeg", wall, bareWall, "s");

            Path large = file("large.mp4", LARGE);
            double[] put = new double[3];
            double[] upload = new double[3];
            for (int i = 0; i < put.length; i++) {
                put[i] = time(() -> barePut(service, large));
                upload[i] = time(() -> delete(ann, ann.accepted(large)));
            }
            row("400 MB upload", "bare GridFS put", upload, put, "s");

            double small = peakHeap(service, () -> delete(ann, ann.accepted(file("small.mp4", LARGE / 10))));
            double big = peakHeap(service, () -> delete(ann, ann.accepted(large)));
            row("peak live heap, 400 MB upload", "40 MB upload", new double[] {big}, new double[] {small}, "MB");
        }
        LoggerFactory.getLogger(getClass()).warn("\n{}", String.join("\n", table));
        Files.write(Path.of("target", "bench.md"), table);
    }

    private static Void delete(Person person, String id) {
        person.delete("/jobs/" + id);
        return null;
    }

    private void row(String what, String baseline, double[] ours, double[] base, String unit) {
        if (table.isEmpty()) {
            table.add("| what | median | baseline | its median | ratio | difference |");
            table.add("|---|---|---|---|---|---|");
        }
        double a = median(ours);
        double b = median(base);
        table.add(String.format(
                "| %s | %.2f %s | %s | %.2f %s | %.2f | %.2f %s |",
                what, a, unit, baseline, b, unit, a / b, a - b, unit));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double time(Callable<?> work) throws Exception {
        long start = System.nanoTime();
        work.call();
        return (System.nanoTime() - start) / 1e9;
    }

    private static Void convert(Person person, Path clip) {
        person.awaitMail(person.accepted(clip), Duration.ofMillis(25));
        return null;
    }

    /** Wall and CPU seconds of the very line that the converter runs. */
    private double[] bareFfmpeg(Path clip) throws Exception {
        Path folder = Files.createDirectories(home.resolve("bare"));
        Files.copy(clip, folder.resolve(Mp3Encoder.INPUT), StandardCopyOption.REPLACE_EXISTING);
        List<String> command =
                new ArrayList<>(List.of("bash", "-c", "TIMEFORMAT='%R %U %S'; time \"$0\" \"$@\" > /dev/null 2>&1"));
        command.add(Clips.ffmpeg().path().toString());
        command.addAll(new Mp3Encoder(2, 7, Duration.ofHours(4)).arguments());
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String[] times = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .strip()
                .split(" ");
        process.waitFor();
        return new double[] {Double.parseDouble(times[0]), Double.parseDouble(times[1]) + Double.parseDouble(times[2])};
    }

    /** CPU seconds of a process and of the children that it has waited for; see proc(5). */
    private static double cpuSeconds(long pid) throws Exception {
        String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long ticks = 0;
        for (int i = 11; i <= 14; i++) {
            ticks += Long.parseLong(fields[i]);
        }
        return ticks / 100.0;
    }

    /** A video with a long tail of zeros. */
    private Path file(String name, long bytes) throws Exception {
        Path clip = Clips.faststart(home, 3);
        Path file = home.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            Files.copy(clip, out);
            byte[] block = new byte[1 << 16];
            for (long left = bytes - Files.size(clip); left > 0; left -= block.length) {
                out.write(block, 0, (int) Math.min(left, block.length));
            }
        }
        return file;
    }

    private static Void barePut(Service service, Path file) throws Exception {
        try (MongoClient mongo = service.mongo();
                InputStream bytes = Files.newInputStream(file)) {
            var bucket = GridFSBuckets.create(mongo.getDatabase("videos"));
            ObjectId id = bucket.uploadFromStream("bare", bytes);
            bucket.delete(id);
        }
        return null;
    }

    /** The most that full collections, one after the other while the work goes on, have left over, in MB. */
    private static double peakHeap(Service service, Callable<?> work) throws Exception {
        int mark = (int) Files.size(service.gcLog());
        FutureTask<?> task = new FutureTask<>(work);
        new Thread(task).start();
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        do {
            new ProcessBuilder(jcmd.toString(), String.valueOf(service.pid()), "GC.run")
                    .redirectErrorStream(true)
                    .redirectOutput(Path.of("/dev/null").toFile())
                    .start()
                    .waitFor();
        } while (!task.isDone());
        task.get();
        Matcher after = FULL.matcher(Files.readString(service.gcLog()).substring(mark));
        double peak = 0;
        while (after.find()) {
            peak = Math.max(peak, Double.parseDouble(after.group(1)));
        }
        return peak;
    }
}
