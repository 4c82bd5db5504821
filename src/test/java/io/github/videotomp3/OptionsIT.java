package io.github.videotomp3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wished of an MP3 with an upload, seen in the MP3 by programs that have nothing to do with how it was made. */
class OptionsIT {

    private static final List<String> PROGRAMS = List.of("mp3val", "mediainfo", "sox");

    @TempDir
    static Path home;

    private static Service service;
    private static Person ann;

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(
                PROGRAMS.stream().allMatch(OptionsIT::isInstalled),
                "needs mp3val, mediainfo, sox and libsox-fmt-mp3, packages of Debian");
        service = new Service(home);
        service.start();
        ann = Person.register(service.url());
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    @AfterAll
    static void stop() throws Exception {
        if (service != null) {
            service.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 192, 320})
    void keepsAConstantBitrate(int bitrate) throws Exception {
        JsonNode audio = audio(converted(Clips.music(home, 5), "bitrate=" + bitrate));

        assertThat(audio.get("BitRate_Mode").asText()).isEqualTo("CBR");
        assertThat(audio.get("BitRate").asInt()).isEqualTo(bitrate * 1000);
    }

    @Test
    void makesTheMp3SmallerWithEachStepOfQuality() throws Exception {
        Path video = Clips.music(home, 5);

        long best = Files.size(converted(video, "quality=0"));
        long usual = Files.size(converted(video, ""));
        long small = Files.size(converted(video, "quality=7"));

        assertThat(best).isGreaterThan(usual * 110 / 100);
        assertThat(usual).isGreaterThan(small * 130 / 100);
    }

    @Test
    void keepsAnAverageBitrate() throws Exception {
        Path mp3 = converted(Clips.music(home, 20), "abr=120");

        assertThat(Files.size(mp3) * 8 / 20.0).isCloseTo(120_000, within(15_000.0));
        assertThat(new String(Files.readAllBytes(mp3), StandardCharsets.ISO_8859_1))
                .as("the mark of a bitrate that varies")
                .contains("Xing");
    }

    @ParameterizedTest
    @CsvSource({"sample_rate=22050, 22050, 2", "channels=1, 48000, 1", "bitrate=320, 48000, 2", "'', 48000, 2"})
    void hasSampleRateAndChannels(String query, String rate, String channels) throws Exception {
        Path mp3 = converted(Clips.mp4(home, 3), query);

        assertThat(run("soxi", "-r", mp3.toString()).strip()).isEqualTo(rate);
        assertThat(run("soxi", "-c", mp3.toString()).strip()).isEqualTo(channels);
    }

    @Test
    void raisesTelephoneSoundToWhatABitrateNeeds() throws Exception {
        JsonNode audio = audio(converted(Clips.telephone(home, 3), "bitrate=128"));

        assertThat(audio.get("SamplingRate").asInt()).isEqualTo(16000);
        assertThat(audio.get("BitRate").asInt()).isEqualTo(128_000);
    }

    @ParameterizedTest
    @CsvSource({"start=1.5&end=3.5, 1.5, 2", "start=0:01, 1, 5", "end=3, 0, 3", "'', 0, 6"})
    void cutsWithin30Milliseconds(String query, double start, double length) throws Exception {
        for (String name : List.of("beep.mp4", "beep.mkv", "beep.ts")) {
            Path video = Clips.beep(home, name);
            double[] before = tone(Clips.samples(video));

            Path mp3 = converted(video, query);

            double[] after = tone(samples(mp3));
            assertThat(after[0]).as("%s, tone on", name).isCloseTo(before[0] - start, within(0.03));
            double off = Math.min(before[1] - start, length);
            assertThat(after[1]).as("%s, tone off", name).isCloseTo(off, within(0.03));
            assertThat(Clips.seconds(mp3)).as(name).isCloseTo(length, within(0.05));
        }
    }

    /** As sox decodes it: 48 kHz, mono. Encoder and decoder put 1105 samples before the sound, which players skip. */
    private static ShortBuffer samples(Path mp3) throws Exception {
        Path raw = home.resolve("samples.raw");
        run("sox", mp3.toString(), "-t", "raw", "-e", "signed", "-b", "16", "-r", "48000", "-c", "1", raw.toString());
        return ByteBuffer.wrap(Files.readAllBytes(raw))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asShortBuffer()
                .position(1105)
                .slice();
    }

    /** From when to when there is a tone, in seconds. */
    private static double[] tone(ShortBuffer samples) {
        int[] loud = IntStream.range(0, samples.limit())
                .filter(at -> Math.abs(samples.get(at)) > 1000)
                .toArray();
        return new double[] {loud[0] / 48000.0, loud[loud.length - 1] / 48000.0};
    }

    /** A tone of 997 Hz in both channels has as many LUFS as its peak has dBFS, and 3.01 dB less as mean (BS.1770). */
    @ParameterizedTest
    @ValueSource(ints = {-16, -23, -30})
    void bringsTheSoundToALoudness(int lufs) throws Exception {
        Path mp3 = converted(Clips.tone(home, 10), "loudness=" + lufs);

        String statistics = run("sox", mp3.toString(), "-n", "trim", "1", "8", "stat");
        double mean = Double.parseDouble(statistics.replaceAll("(?s).*RMS +amplitude: +([\\d.]+).*", "$1"));
        assertThat(20 * Math.log10(mean)).isCloseTo(lufs - 3.01, within(0.3));
    }

    @Test
    void keepsTagsPictureAndChaptersOfTheVideoOrTakesOthers() throws Exception {
        Path video = Clips.covered(home, 4);

        JsonNode kept = general(converted(video, ""));
        assertThat(kept.get("Title").asText()).isEqualTo("A bell");
        assertThat(kept.get("Performer").asText()).isEqualTo("A bell-ringer");
        assertThat(kept.get("Cover").asText()).isEqualTo("Yes");
        assertThat(kept.get("Cover_Type").asText()).isEqualTo("Cover (front)");
        assertThat(kept.get("Cover_Mime").asText()).isEqualTo("image/jpeg");

        Path other = converted(video, "title=a%3Db%3B%23c%5C+%C3%BC%D0%B6&artist=%5BCHAPTER%5D&album=-i+x&cover=none");
        assertThat(general(other).get("Title").asText()).isEqualTo("a=b;#c\\ üж");
        assertThat(general(other).get("Performer").asText()).isEqualTo("[CHAPTER]");
        assertThat(general(other).get("Album").asText()).isEqualTo("-i x");
        assertThat(general(other).has("Cover")).isFalse();
        assertThat(general(converted(video, "cover=frame&start=1")).get("Cover").asText())
                .isEqualTo("Yes");
    }

    @Test
    void keepsChaptersWhereTheyAreAfterACut() throws Exception {
        assertThat(chapters(converted(Clips.covered(home, 4), ""))).containsExactly("0-2000", "2000-4000");
        assertThat(chapters(converted(Clips.covered(home, 4), "start=1&end=3"))).containsExactly("0-1000", "1000-2000");
    }

    /** Begin and end in ms of each CHAP frame (ID3v2 Chapter Frame Addendum §3.1: id, zero, two times of 32 bits). */
    private static Set<String> chapters(Path mp3) throws IOException {
        byte[] bytes = Files.readAllBytes(mp3);
        Set<String> found = new TreeSet<>();
        for (int at = 0; at < bytes.length - 40; at++) {
            if (new String(bytes, at, 4, StandardCharsets.ISO_8859_1).equals("CHAP")) {
                int times = at + 10;
                while (bytes[times] != 0) {
                    times++;
                }
                ByteBuffer buffer = ByteBuffer.wrap(bytes, times + 1, 8);
                found.add(buffer.getInt() + "-" + buffer.getInt());
            }
        }
        return found;
    }

    @Test
    void copiesAnMp3ThatIsInside() throws Exception {
        Path inside = Clips.mp3(home, 3);

        byte[] made = Files.readAllBytes(converted(Clips.around(inside, home, 3), ""));

        byte[] frames = Files.readAllBytes(inside);
        assertThat(Arrays.copyOfRange(made, made.length - frames.length, made.length))
                .isEqualTo(frames);
    }

    @Test
    void takesOptionsFromFormFieldsAsWell() throws Exception {
        Path video = Clips.mp4(home, 3);
        HttpResponse<String> answer = ann.post(BodyPublishers.concat(
                Person.field("bitrate", "64"),
                Person.field("title", "Aus dem Formular ü"),
                Person.field("artist", ""),
                Person.part("file", "bell.mp4"),
                Person.file(video),
                Person.end()));

        JsonNode general = general(fetched(answer));
        assertThat(general.get("Title").asText()).isEqualTo("Aus dem Formular ü");
        assertThat(general.get("OverallBitRate_Mode").asText()).isEqualTo("CBR");
    }

    @Test
    void saysThatTheVideoEndsBeforeTheMp3WouldBegin() {
        String id = Person.id(ann.upload(Clips.mp4(home, 3), "start=10"));

        assertThat(ann.await(id, "rejected").get("reason").asText()).contains("ends before the MP3 begins");
    }

    /** The MP3, which each test sees first through the eyes of a program that looks for broken frames. */
    private static Path converted(Path video, String query) throws Exception {
        return fetched(ann.upload(video, query));
    }

    private static Path fetched(HttpResponse<String> accepted) throws Exception {
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        String id = Person.id(accepted);
        JsonNode job = ann.await(id, "done");
        assertThat(job.has("warning")).as(job.toString()).isFalse();
        assertThat(job.get("progress").asInt()).isEqualTo(100);
        Path mp3 = Files.write(home.resolve(id + ".mp3"), ann.download(id).body());
        assertThat(run("mp3val", mp3.toString())).doesNotContain("WARNING", "ERROR");
        return mp3;
    }

    private static JsonNode general(Path mp3) throws Exception {
        return track(mp3, "General");
    }

    private static JsonNode audio(Path mp3) throws Exception {
        return track(mp3, "Audio");
    }

    private static JsonNode track(Path mp3, String type) throws Exception {
        JsonNode tracks = Person.JSON
                .readTree(run("mediainfo", "--Output=JSON", mp3.toString()))
                .get("media")
                .get("track");
        for (JsonNode track : tracks) {
            if (track.get("@type").asText().equals(type)) {
                return track;
            }
        }
        throw new AssertionError("no " + type + " in " + tracks);
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
