package io.github.videotomp3.bench;

import io.github.videotomp3.Clips;
import io.github.videotomp3.Person;
import io.github.videotomp3.Service;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a conversion costs, from the first byte of the upload to the mail. */
final class Clip {

    private static final int ROUNDS = 3;
    private static final int MANY = 40;
    private static final int WARM_UP = 25;

    /** Long enough to be worth splitting, and 8 s of one core a round; -Dbench.long.minutes=120 for a lecture. */
    private static final int LONG_MINUTES = Integer.getInteger("bench.long.minutes", 30);

    private final Service service;
    private final Person person;
    private final Bare bare;
    private final Table table;
    private final Mailbox mailbox;

    Clip(Service service, Person person, Bare bare, Table table) {
        this.service = service;
        this.person = person;
        this.bare = bare;
        this.table = table;
        this.mailbox = new Mailbox(service, person);
    }

    void measure() throws Exception {
        Path folder = Files.createDirectories(service.home().resolve("clips"));
        Path seconds = Clips.stereo(folder, 10);
        Path minutes = Clips.stereo(folder, 599); // not so long that idle cores share it
        warmUp(seconds, minutes);
        tenMinutes(minutes);
        tenSeconds(seconds);
        many(Clips.stereo(folder, 60));
        aLong(Clips.repeated(minutes, LONG_MINUTES / 10, folder.resolve("long.mp4")));
    }

    /** The first conversions load classes, and are compiled while they run. */
    private void warmUp(Path seconds, Path minutes) throws Exception {
        for (int i = 0; i < WARM_UP; i++) {
            convert(seconds);
        }
        for (int i = 0; i < 3; i++) {
            convert(minutes);
        }
    }

    private void convert(Path clip) throws Exception {
        String last = mailbox.newest();
        upload(clip);
        mailbox.await(last);
    }

    private void upload(Path clip) throws Exception {
        try (Wire wire = new Wire(service.port())) {
            wire.upload(clip, person.token());
        }
    }

    private void tenMinutes(Path clip) throws Exception {
        Rounds cpu = new Rounds();
        for (int i = 0; i < ROUNDS; i++) {
            double baseline = bare.convert(clip).cpu();
            double before = Cpu.seconds(service.pid());
            convert(clip);
            cpu.add(Cpu.seconds(service.pid()) - before, baseline);
        }
        table.ratio("CPU of a 10-minute clip, upload to mail", "s", cpu, "the same ffmpeg line, bare", "<= 1.05");
    }

    private void tenSeconds(Path clip) throws Exception {
        Rounds wall = new Rounds();
        for (int i = 0; i < 3 * ROUNDS; i++) {
            double baseline = bare.convert(clip).wall();
            long start = System.nanoTime();
            convert(clip);
            wall.add(since(start), baseline);
        }
        table.difference("10 s clip, upload start to mail", "s", wall, "bare ffmpeg", "+ 0.15");
    }

    /** The last of the clips brings the mail about all of them. */
    private void many(Path clip) throws Exception {
        Rounds perMinute = new Rounds();
        for (int i = 0; i < 3; i++) {
            double baseline = bare.convert(clip, MANY).wall();
            String last = mailbox.newest();
            long start = System.nanoTime();
            for (int n = 0; n < MANY; n++) {
                upload(clip);
            }
            do {
                last = mailbox.await(last);
            } while (open() > 0);
            perMinute.add(60 * MANY / since(start), 60 * MANY / baseline);
        }
        table.ratio(MANY + " clips of 60 s, 2 workers", "clips/min", perMinute, "xargs -P2 ffmpeg", ">= 0.95");
    }

    private long open() throws Exception {
        return Person.json(person.get("/account")).get("jobs").get("used").asLong();
    }

    private void aLong(Path audio) throws Exception {
        Rounds wall = new Rounds();
        Rounds cpu = new Rounds();
        for (int i = 0; i < 3; i++) {
            Bare.Times baseline = bare.convert(audio);
            double before = Cpu.seconds(service.pid());
            String last = mailbox.newest();
            upload(audio);
            long start = System.nanoTime();
            mailbox.await(last);
            wall.add(since(start), baseline.wall());
            cpu.add(Cpu.seconds(service.pid()) - before, baseline.cpu());
        }
        String what = LONG_MINUTES + " min audio, 2 idle cores, ";
        table.ratio(what + "accepted to mail", "s", wall, "one bare ffmpeg", "<= 0.60");
        table.ratio(what + "CPU", "s", cpu, "one bare ffmpeg", "<= 1.12");
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
