package io.github.videotomp3.converter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.videotomp3.job.Mp3Options;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small MP3s; {@link SplitIT} has those of all kinds, and {@link Mp3JoinerFuzzTest} those that are broken. */
class Mp3JoinerTest {

    private static final int SECONDS = 45;
    private static final int RATE = 32000;
    private static final Mp3Encoder ENCODER = new Mp3Encoder(4, 7, Duration.ofHours(1));

    @TempDir
    private static Path music;

    @TempDir
    private Path dir;

    private static List<Mp3Segment> segments;
    private static Path whole;
    private static long samples;

    @BeforeAll
    static void encode() throws IOException {
        Mp3Options options = Mp3Options.of(List.of(Map.entry("title", "Bells")));
        SplitRun run = new SplitRun(ENCODER, music, video(music, "music"), options);
        SplitPlan plan = run.plan(3);
        samples = run.encode(plan);
        segments = plan.segments(music);
        whole = run.whole();
    }

    @Test
    void makesTheSoundOfOneEncoder() throws Exception {
        Path joined = join(segments, samples);

        assertThat(segments).hasSize(3);
        assertThat(samples).isEqualTo(RATE * SECONDS);
        assertThat(Sounds.Comparison.of(Sounds.ffmpeg(whole), Sounds.ffmpeg(joined)))
                .isEqualTo(new Sounds.Comparison(4 * samples, 4 * samples, 0, 0));
    }

    @Test
    void keepsTheTagsOfTheFirstSegment() throws Exception {
        byte[] id3 = Arrays.copyOf(Files.readAllBytes(whole), id3Bytes(whole));

        assertThat(new String(id3, StandardCharsets.ISO_8859_1)).contains("Bells");
        assertThat(Files.readAllBytes(join(segments, samples))).startsWith(id3);
    }

    @Test
    void saysHowManyFramesAndBytesThereAreAndHowMuchIsPadding() throws Exception {
        Path joined = join(segments, samples);
        ByteBuffer tag = tag(joined);
        ByteBuffer tagOfWhole = tag(whole);

        assertThat(tag.getInt(8)).isEqualTo(tagOfWhole.getInt(8));
        assertThat(tag.getInt(12)).isEqualTo((int) Files.size(joined) - id3Bytes(joined));
        assertThat(tag.getInt(140)).isEqualTo(tagOfWhole.getInt(140));
    }

    @Test
    void makesTheSameFileWhereTheReservoirIsTheSame() throws Exception {
        Path video = Sounds.video(dir.resolve("silence.flac"), "silence", 44100, 2, SECONDS, "flac");
        SplitRun run = new SplitRun(ENCODER, dir, video, Mp3Options.NONE);
        SplitPlan plan = run.plan(3);
        long silent = run.encode(plan);
        Path silence = Files.move(run.whole(), dir.resolve("whole.mp3"));

        assertThat(join(plan.segments(dir), silent)).hasSameBinaryContentAs(silence);
    }

    @Test
    void refusesSegmentsThatDoNotOverlap() {
        refuses(List.of(segments.get(0), segments.get(2)), samples);
    }

    @Test
    void refusesSegmentsOfAnotherSound() throws Exception {
        SplitRun run = new SplitRun(ENCODER, dir, video(dir, "noise"), Mp3Options.NONE);
        SplitPlan plan = run.plan(3);
        run.encode(plan);

        refuses(List.of(segments.get(0), plan.segments(dir).get(1), segments.get(2)), samples);
    }

    @Test
    void refusesANumberOfSamplesThatDoesNotBelongToTheFrames() {
        refuses(segments, samples - 1152);
        refuses(segments, samples + 1152);
        refuses(segments, -1);
    }

    @Test
    void refusesAFirstSegmentWithoutATag() {
        refuses(segments.subList(1, 3), samples);
    }

    @Test
    void refusesAnEmptyFile() throws Exception {
        Mp3Segment last = segments.get(2);
        Path empty = Files.createFile(dir.resolve("empty.mp3"));

        refuses(List.of(segments.get(0), segments.get(1), new Mp3Segment(empty, last.firstFrame())), samples);
        refuses(List.of(new Mp3Segment(empty, 0)), samples);
    }

    @Test
    void saysWhichFileIsNotThere() {
        Mp3Segment missing =
                new Mp3Segment(dir.resolve("missing.mp3"), segments.get(1).firstFrame());

        assertThatThrownBy(() -> join(List.of(segments.get(0), missing), samples))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("missing.mp3");
        assertThat(dir.resolve("joined.mp3")).doesNotExist();
    }

    private void refuses(List<Mp3Segment> wrong, long count) {
        assertThatThrownBy(() -> join(wrong, count)).isInstanceOf(UnjoinableException.class);
        assertThat(dir.resolve("joined.mp3")).doesNotExist();
    }

    private Path join(List<Mp3Segment> some, long count) throws IOException, UnjoinableException {
        Path joined = dir.resolve("joined.mp3");
        Mp3Joiner.join(some, count, joined);
        return joined;
    }

    private static Path video(Path folder, String sound) {
        return Sounds.video(folder.resolve(sound + ".flac"), sound, RATE, 1, SECONDS, "flac");
    }

    private static ByteBuffer tag(Path mp3) throws Exception {
        try (Mp3Reader reader = new Mp3Reader(mp3)) {
            Mp3Frame frame = reader.next();
            return ByteBuffer.wrap(frame.bytes()).position(frame.mainData()).slice();
        }
    }

    private static int id3Bytes(Path mp3) throws Exception {
        try (Mp3Reader reader = new Mp3Reader(mp3)) {
            return (int) reader.id3Bytes();
        }
    }
}
