package io.github.videotomp3.converter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.Clips;
import io.github.videotomp3.job.Mp3Options;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What several encoders make of one sound is what one makes of it, sample for sample: a few cases of each kind, or with
 * {@code -Dsplit.matrix=all} some hundreds of them, with their results in {@code target/split-matrix.md}.
 */
class SplitIT {

    private static final boolean ALL = "all".equals(System.getProperty("split.matrix"));

    private static final Mp3Encoder ENCODER = new Mp3Encoder(2, 7, Duration.ofHours(4));
    private static final Map<String, Path> VIDEOS = new HashMap<>();
    private static final Map<String, Path> WHOLES = new HashMap<>();
    private static final Path RESULTS = Path.of("target", "split-matrix.md");

    @TempDir
    private static Path home;

    /**
     * A video, what is wished of its MP3, and how many encoders make it.
     *
     * @param codec    of its sound
     * @param trouble  cut, damaged, or none
     */
    private record Case(
            String sound,
            int sampleRate,
            int channels,
            String container,
            String codec,
            String trouble,
            String options,
            int parts) {

        Case(String sound, int sampleRate, int channels, String options, int parts) {
            this(sound, sampleRate, channels, "flac", "flac", "", options, parts);
        }

        Path video() {
            // as long as it takes to have so many parts; at low sample rates frames are longer
            int seconds = (options.startsWith("bitrate") ? 80 : 40)
                    * (parts > 3 ? 3 : 1)
                    * (sampleRate < 16000 ? 3 : sampleRate < 32000 ? 2 : 1);
            String name = String.join("-", sound, "" + sampleRate, "" + channels, codec.split(" ")[0], "" + seconds);
            Path whole = VIDEOS.computeIfAbsent(
                    name + "." + container,
                    file -> Sounds.video(home.resolve(file), sound, sampleRate, channels, seconds, codec));
            return trouble.isEmpty()
                    ? whole
                    : VIDEOS.computeIfAbsent(
                            whole + trouble,
                            key -> trouble.equals("cut") ? Clips.cut(whole, 0.97) : Sounds.damaged(whole));
        }

        @Override
        public String toString() {
            return (trouble + " " + sound + " " + sampleRate + " Hz " + channels + " channels " + codec.split(" ")[0]
                            + " in " + container + ", " + options + ", " + parts + " parts")
                    .strip();
        }
    }

    static Stream<Case> cases() {
        return ALL ? allCases().stream() : someCases().stream();
    }

    private static List<Case> someCases() {
        return List.of(
                new Case("music", 44100, 2, "quality=2", 3),
                new Case("music", 44100, 2, "bitrate=128", 2),
                new Case("noise", 44100, 2, "quality=0", 2),
                new Case("sweep", 32000, 1, "quality=4", 2),
                new Case("music", 96000, 2, "flac", "flac", "", "quality=2", 2),
                new Case("music", 48000, 6, "mkv", "ac3", "", "quality=2", 2),
                new Case("music", 48000, 2, "mp4", "aac", "", "start=5&end=0:35", 2),
                new Case("music", 48000, 2, "mkv", "libopus", "damaged", "quality=2", 2));
    }

    private static List<Case> allCases() {
        List<Case> cases = new ArrayList<>();
        for (String wish : List.of(
                "start=5&end=0:35",
                "start=0.123",
                "end=0:35",
                "bitrate=64&sample_rate=22050",
                "sample_rate=44100",
                "channels=1",
                "channels=1&sample_rate=32000&quality=4",
                "bitrate=128&start=1.001&sample_rate=44100",
                "title=One&cover=none")) {
            cases.add(new Case("music", 48000, 2, "mp4", "aac", "", wish, 3));
            cases.add(new Case("music", 48000, 6, "mkv", "ac3", "", wish, 3));
        }
        for (int rate : List.of(64000, 88200, 96000)) {
            cases.add(new Case("music", rate, 2, "quality=2", 3));
            cases.add(new Case("music", rate, 2, "mkv", "pcm_s24le", "", "quality=2", 3));
        }
        for (int parts : List.of(3, 7, 2)) {
            for (String sound : List.of("music", "speech", "silence", "noise", "sweep", "jumps")) {
                for (String wish : List.of("quality=0", "quality=2", "quality=4", "quality=9")) {
                    cases.add(new Case(sound, 44100, 2, wish, parts));
                }
                for (String wish : List.of("bitrate=64", "bitrate=128", "bitrate=192", "bitrate=320")) {
                    cases.add(new Case(sound, 44100, 2, wish, parts));
                }
            }
            for (String wish : List.of("quality=2", "bitrate=192")) {
                cases.add(new Case("music", 48000, 2, "mp4", "aac", "", wish, parts));
                cases.add(new Case("music", 48000, 2, "mov", "pcm_s16le", "", wish, parts));
                cases.add(new Case("music", 48000, 2, "mkv", "libopus", "", wish, parts));
                cases.add(new Case("music", 48000, 2, "webm", "libvorbis", "", wish, parts));
                cases.add(new Case("music", 48000, 2, "ts", "mp2", "", wish, parts));
                cases.add(new Case("music", 44100, 2, "avi", "libmp3lame", "", wish, parts));
                cases.add(new Case("music", 48000, 6, "mkv", "ac3", "", wish, parts));
                cases.add(new Case("music", 48000, 6, "mp4", "aac", "", wish, parts));
                for (String trouble : List.of("cut", "damaged")) {
                    cases.add(new Case("music", 48000, 2, "mp4", "aac -movflags +faststart", trouble, wish, parts));
                    cases.add(new Case("music", 48000, 2, "mkv", "libopus", trouble, wish, parts));
                    cases.add(new Case("music", 48000, 2, "webm", "libvorbis", trouble, wish, parts));
                    cases.add(new Case("music", 48000, 2, "ts", "mp2", trouble, wish, parts));
                    cases.add(new Case("music", 44100, 2, "avi", "libmp3lame", trouble, wish, parts));
                }
            }
        }
        for (int rate : Mp3Options.sampleRates()) {
            for (int channels : List.of(1, 2)) {
                String constant = rate < 16000 ? "bitrate=32" : "bitrate=96";
                // with a variable one, lower rates are not shared
                for (String wish : rate < 32000 ? List.of(constant) : List.of("quality=2", "quality=9", constant)) {
                    cases.add(new Case("music", rate, channels, wish, 3));
                    cases.add(new Case("jumps", rate, channels, wish, 3));
                }
            }
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void makesWhatOneEncoderMakes(Case one) throws Exception {
        Path folder = Files.createTempDirectory(home, "split");
        SplitRun run = new SplitRun(ENCODER, folder, one.video(), options(one.options));
        Path whole = whole(run, one);
        SplitPlan plan = run.plan(one.parts);
        assertThat(plan).isNotNull();
        long samples = run.encode(plan);
        Path joined = folder.resolve(Mp3Encoder.OUTPUT);

        try {
            Mp3Joiner.join(plan.segments(folder), samples, joined);
            String difference = difference(whole, joined, samples);
            note(one, plan, difference.isEmpty() ? "exact" : difference, whole, joined);
            assertThat(difference).isEmpty();
        } catch (UnjoinableException e) {
            note(one, plan, "refused: " + e.getMessage(), whole, whole);
            assertThat(ALL).as("%s", e.getMessage()).isTrue();
        }
        delete(folder);
    }

    @BeforeAll
    static void begin() throws IOException {
        Files.writeString(
                RESULTS,
                "| case | parts made | result | bytes of one encoder's | bytes more |\n|---|---|---|---|---|\n");
    }

    private static void note(Case one, SplitPlan plan, String result, Path whole, Path joined) throws IOException {
        long bytes = Files.size(whole);
        long more = Files.exists(joined) ? Files.size(joined) - bytes : 0;
        Files.writeString(
                RESULTS,
                "| " + String.join(" | ", "" + one, "" + plan.parts().size(), result, "" + bytes, "" + more) + " |\n",
                StandardOpenOption.APPEND);
    }

    /** Empty if both are the same sound, and as long as it was. */
    private static String difference(Path whole, Path joined, long samples) {
        int frame = 4 * channels(joined);
        Sounds.Comparison ffmpeg = Sounds.Comparison.of(Sounds.ffmpeg(whole), Sounds.ffmpeg(joined));
        if (ffmpeg.otherBytes() != samples * frame) {
            return "has " + ffmpeg.otherBytes() / frame + " samples instead of " + samples;
        }
        // FFmpeg's own tag does not say more than 1681 of the up to 1727 samples of padding
        if (ffmpeg.oneBytes() < ffmpeg.otherBytes() || ffmpeg.oneBytes() - ffmpeg.otherBytes() > 46 * frame) {
            return "is as long as " + ffmpeg.otherBytes() / frame + " samples, not " + ffmpeg.oneBytes() / frame;
        }
        if (ffmpeg.differentWords() > 0) {
            return String.format(
                    Locale.ROOT,
                    "%d samples differ, by at most %.4f of full scale",
                    ffmpeg.differentWords(),
                    ffmpeg.most());
        }
        List<String> another = Sounds.anotherDecoder(joined);
        if (another != null
                && Sounds.Comparison.of(Sounds.anotherDecoder(whole), another).differentWords() > 0) {
            return "samples differ in " + another.get(0);
        }
        if (Sounds.isInstalled("mp3val")) {
            String findings = new String(Sounds.output(List.of("mp3val", joined.toString())), StandardCharsets.UTF_8);
            return findings.contains("WARNING") ? findings.strip() : "";
        }
        return "";
    }

    private static int channels(Path mp3) {
        try (Mp3Reader reader = new Mp3Reader(mp3)) {
            return reader.next().isMono() ? 1 : 2;
        } catch (IOException | UnjoinableException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path whole(SplitRun run, Case one) {
        return WHOLES.computeIfAbsent(one.video() + "?" + one.options, key -> {
            try {
                return Files.move(
                        run.whole(), Files.createTempDirectory(home, "whole").resolve("whole.mp3"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static Mp3Options options(String sent) {
        return Mp3Options.of(Stream.of(sent.split("&"))
                .map(option -> option.split("="))
                .map(option -> Map.entry(option[0], option[1]))
                .toList());
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
