package io.github.videotomp3.bench;

import io.github.videotomp3.Person;
import io.github.videotomp3.Service;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a large video takes more of the JVM's heap than a small one. */
final class Heap {

    /** An eighth of what the figure is about, since one full collection after the other slows it; -Dbench.heap.bytes= for more. */
    private static final long LARGE = Long.getLong("bench.heap.bytes", 1L << 29);

    private static final long SMALL = 4 << 20;
    private static final Pattern FULL = Pattern.compile("Pause Full .*->(\\d+)M\\(");

    private final Service service;
    private final Person person;
    private final Path home;
    private final Table table;

    Heap(Service service, Person person, Path home, Table table) {
        this.service = service;
        this.person = person;
        this.home = home;
        this.table = table;
    }

    void measure() throws Exception {
        Path folder = Files.createDirectories(home.resolve("heap"));
        Path small = Videos.of(folder, SMALL);
        Path large = Videos.of(folder, LARGE);
        peak(large); // fills the caches that are bounded, for both sides
        Rounds peak = new Rounds();
        for (int i = 0; i < 3; i++) {
            double baseline = peak(small);
            peak.add(peak(large), baseline);
        }
        table.ratio(
                "peak live heap, " + (LARGE >> 20) + " MB video, upload to done", "MB", peak, "4 MB video", "<= 1.1");
    }

    /** The most that full collections, one after the other while the video is on its way, have left over, in MB. */
    private double peak(Path video) throws Exception {
        int mark = (int) Files.size(service.gcLog());
        FutureTask<Void> work = new FutureTask<>(() -> {
            try (Wire wire = new Wire(service.port())) {
                String job = wire.upload(video, person.token()).job();
                person.await(job, "done");
                person.delete("/jobs/" + job);
            }
            return null;
        });
        new Thread(work).start();
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        do {
            new ProcessBuilder(jcmd.toString(), String.valueOf(service.pid()), "GC.run")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } while (!work.isDone());
        work.get();
        Matcher after = FULL.matcher(Files.readString(service.gcLog()).substring(mark));
        double peak = 0;
        while (after.find()) {
            peak = Math.max(peak, Double.parseDouble(after.group(1)));
        }
        return peak;
    }
}
