package io.github.videotomp3.converter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.job.Mp3Options;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Segments that are broken in any way become an MP3 as long as the sound, or none. */
class Mp3JoinerFuzzTest {

    private static final int SECONDS = 24;
    private static final int RATE = 32000;

    private static Path home;
    private static List<Mp3Segment> segments;
    private static List<byte[]> bytes;
    private static long samples;
    private static byte[] sound;

    @BeforeContainer
    static void encode() throws IOException {
        home = Files.createTempDirectory("segments");
        Path video = Sounds.video(home.resolve("music.flac"), "music", RATE, 1, SECONDS, "flac");
        SplitRun run = new SplitRun(new Mp3Encoder(4, 7, Duration.ofHours(1)), home, video, Mp3Options.NONE);
        SplitPlan plan = run.plan(2);
        samples = run.encode(plan);
        segments = plan.segments(home);
        bytes = new ArrayList<>();
        for (Mp3Segment segment : segments) {
            bytes.add(Files.readAllBytes(segment.file()));
        }
        sound = Sounds.output(Sounds.ffmpeg(run.whole()));
    }

    @AfterContainer
    static void delete() throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    /** How a segment is broken, at a place from 0 (its beginning) to 1. */
    private record Fault(Kind kind, int segment, double place, int much) {

        private enum Kind {
            BIT,
            BYTES,
            LOSS,
            REPETITION,
            END
        }

        byte[] in(byte[] mp3) {
            if (mp3.length == 0) {
                return mp3;
            }
            int at = (int) (place * (mp3.length - 1));
            int end = Math.min(mp3.length, at + much);
            byte[] broken = mp3.clone();
            switch (kind) {
                case BIT -> broken[at] ^= (byte) (1 << much % 8);
                case BYTES -> Arrays.fill(broken, at, end, (byte) (much * 37));
                case LOSS -> broken = joined(Arrays.copyOf(mp3, at), Arrays.copyOfRange(mp3, end, mp3.length));
                case REPETITION -> broken = joined(Arrays.copyOf(mp3, end), Arrays.copyOfRange(mp3, at, mp3.length));
                case END -> broken = Arrays.copyOf(mp3, at);
            }
            return broken;
        }

        private static byte[] joined(byte[] one, byte[] other) {
            byte[] both = Arrays.copyOf(one, one.length + other.length);
            System.arraycopy(other, 0, both, one.length, other.length);
            return both;
        }
    }

    @Provide
    Arbitrary<List<Fault>> faults() {
        Arbitrary<Double> anywhere = Arbitraries.doubles().between(0, 1);
        // headers and tags are in few bytes, and what happens there tells more
        Arbitrary<Double> early = Arbitraries.doubles().between(0, 0.01);
        return Combinators.combine(
                        Arbitraries.of(Fault.Kind.values()),
                        Arbitraries.integers().between(0, 1),
                        Arbitraries.oneOf(anywhere, early),
                        Arbitraries.integers().between(1, 600))
                .as(Fault::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3);
    }

    @Property
    void joinsBrokenSegmentsToAValidMp3OrNone(@ForAll("faults") List<Fault> faults) throws Exception {
        Path joined = home.resolve("joined.mp3");
        try {
            Mp3Joiner.join(broken(faults), samples, joined);
        } catch (UnjoinableException e) {
            assertThat(joined).doesNotExist();
            return;
        }
        assertThat(Sounds.output(Sounds.ffmpeg(joined))).hasSameSizeAs(sound);
        if (Sounds.isInstalled("mp3val")) {
            String findings = new String(Sounds.output(List.of("mp3val", joined.toString())), StandardCharsets.UTF_8);
            assertThat(findings.replaceAll(".*No supported tags in the file", ""))
                    .doesNotContain("WARNING");
        }
    }

    @Property
    void joinsShortSegmentsToTheSoundOfOneEncoderOrNotAtAll(@ForAll("ends") List<Fault> ends) throws Exception {
        Path joined = home.resolve("joined.mp3");
        try {
            Mp3Joiner.join(broken(ends), samples, joined);
        } catch (UnjoinableException e) {
            assertThat(joined).doesNotExist();
            return;
        }
        assertThat(Arrays.equals(Sounds.output(Sounds.ffmpeg(joined)), sound)).isTrue();
    }

    /** Whole frames are missing at the end of the first segment. */
    @Provide
    Arbitrary<List<Fault>> ends() throws Exception {
        List<Integer> frames = new ArrayList<>();
        int at = 0;
        try (Mp3Reader reader = new Mp3Reader(segments.get(0).file())) {
            at = (int) reader.id3Bytes();
            for (Mp3Frame frame = reader.next(); frame != null; frame = reader.next()) {
                frames.add(at);
                at += frame.length();
            }
        }
        double length = at - 1;
        return Arbitraries.of(frames.subList(frames.size() - 250, frames.size()))
                .map(end -> List.of(new Fault(Fault.Kind.END, 0, Math.min(1, (end + 0.5) / length), 1)));
    }

    private static List<Mp3Segment> broken(List<Fault> faults) throws IOException {
        List<byte[]> contents = new ArrayList<>(bytes);
        for (Fault fault : faults) {
            contents.set(fault.segment, fault.in(contents.get(fault.segment)));
        }
        List<Mp3Segment> broken = new ArrayList<>();
        for (int i = 0; i < contents.size(); i++) {
            Path file = Files.write(home.resolve("broken-" + i + ".mp3"), contents.get(i));
            broken.add(new Mp3Segment(file, segments.get(i).firstFrame()));
        }
        return broken;
    }
}
