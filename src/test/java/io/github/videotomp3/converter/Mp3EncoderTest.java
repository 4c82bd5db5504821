package io.github.videotomp3.converter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.net.httpserver.HttpServer;
import io.github.videotomp3.Clips;
import io.github.videotomp3.job.Mp3Options;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.apache.camel.component.exec.ExecCommand;
import org.apache.camel.component.exec.ExecResult;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every video here goes through the real thing: each ffmpeg that this machine has, on the leash. */
class Mp3EncoderTest {

    private static final FfmpegExecutor EXECUTOR = new FfmpegExecutor(null, 1L << 30, 1L << 30);
    private static final FfmpegBinary BUNDLED = new FfmpegBinary("", Path.of("target", "ffmpeg"), "");
    private static final Mp3Encoder ENCODER = new Mp3Encoder(2, 7, Duration.ofHours(4));

    @TempDir
    private Path dir;

    @AfterAll
    static void stop() {
        EXECUTOR.close();
    }

    @Test
    void convertsAnMp4WhoseIndexComesLast() {
        converts(Clips::mp4);
    }

    @Test
    void convertsAnMp4WhoseIndexComesFirst() {
        converts(Clips::faststart);
    }

    @Test
    void convertsSurroundSound() {
        converts(Clips::surround);
    }

    @Test
    void convertsMatroskaWithOpus() {
        converts(Clips::mkv);
    }

    @Test
    void convertsWebm() {
        converts(Clips::webm);
    }

    @Test
    void convertsAvi() {
        converts(Clips::avi);
    }

    @Test
    void convertsTelephoneSound() {
        converts(Clips::telephone);
    }

    @Test
    void convertsThreeGp() {
        converts(Clips::threeGp);
    }

    @Test
    void convertsQuickTime() {
        converts(Clips::mov);
    }

    @Test
    void convertsAnMpegTransportStream() {
        converts(Clips::ts);
    }

    @Test
    void rejectsAVideoWithoutSound() {
        assertThat(outcomes(Clips.silent(dir, 1))).allSatisfy(outcome -> {
            assertThat(outcome.code()).isEqualTo("no-audio");
            assertThat(outcome.reason()).isEqualTo("The video has no audio track");
        });
    }

    @Test
    void rejectsATextThatIsNamedLikeAVideo() throws Exception {
        Path text = Files.writeString(dir.resolve("text.mp4"), "Dear diary, today I renamed a file.");
        assertThat(outcomes(text)).extracting(Outcome::code).containsOnly("not-a-video");
    }

    @Test
    void rejectsAFileWithoutBytes() throws Exception {
        assertThat(outcomes(Files.createFile(dir.resolve("empty.mp4"))))
                .extracting(Outcome::code)
                .containsOnly("not-a-video");
    }

    @Test
    void rejectsAPicture() {
        assertThat(outcomes(Clips.png(dir))).extracting(Outcome::code).containsOnly("not-a-video");
    }

    @Test
    void rejectsAnMp4ThatLacksItsIndex() {
        assertThat(outcomes(Clips.cut(Clips.mp4(dir, 3), 0.5)))
                .extracting(Outcome::code)
                .containsOnly("damaged");
    }

    @Test
    void deliversWhatIsThereOfAFileThatWasCutShort() {
        List<Path> cut = List.of(Clips.cut(Clips.faststart(dir, 3), 0.6), Clips.cut(Clips.mkv(dir, 3), 0.6));
        for (Path file : cut) {
            assertThat(outcomes(file)).allSatisfy(outcome -> {
                assertThat(outcome.rejected()).isFalse();
                assertThat(outcome.seconds()).isBetween(0.5, 2.9);
                assertThat(outcome.warning()).startsWith("The file was cut short: the MP3 ends after ");
            });
        }
    }

    @Test
    void warnsOfAFileThatIsDamagedInPlaces() throws Exception {
        Path file = Clips.faststart(dir, 3);
        byte[] bytes = Files.readAllBytes(file);
        for (int i = bytes.length / 2; i < bytes.length * 2 / 3; i++) {
            bytes[i] ^= (byte) (i * 31);
        }
        assertThat(outcomes(Files.write(file, bytes))).allSatisfy(outcome -> {
            assertThat(outcome.rejected()).isFalse();
            assertThat(outcome.warning()).startsWith("The video is damaged in places");
        });
    }

    @Test
    void rejectsAVideoThatIsTooLong() {
        Mp3Encoder oneSecond = new Mp3Encoder(2, 7, Duration.ofSeconds(1));
        Path video = Clips.mp4(dir, 3);
        assertThat(binaries()).allSatisfy(ffmpeg -> {
            Outcome outcome = outcome(oneSecond, ffmpeg, video);
            assertThat(outcome.code()).isEqualTo("too-long");
            assertThat(outcome.reason()).contains("longer than 1 second");
        });
    }

    @Test
    void convertsAVideoThatIsJustAsLongAsAllowed() {
        Mp3Encoder threeSeconds = new Mp3Encoder(2, 7, Duration.ofSeconds(3));
        assertThat(outcome(threeSeconds, Clips.ffmpeg(), Clips.mp4(dir, 3)).rejected())
                .isFalse();
    }

    @Test
    void neverFollowsAPlaylist() throws Exception {
        AtomicInteger hits = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            hits.incrementAndGet();
            exchange.sendResponseHeaders(404, -1);
        });
        server.start();
        try {
            String http = "http://127.0.0.1:" + server.getAddress().getPort() + "/clip.ts";
            Path other = Clips.ts(dir, 1);
            for (String target : List.of("file:///etc/passwd", "file://" + other, http)) {
                Path playlist = Files.writeString(
                        dir.resolve("playlist.mp4"),
                        "#EXTM3U\n#EXT-X-TARGETDURATION:10\n" + "#EXTINF:10,\n" + target + "\n#EXT-X-ENDLIST\n");
                assertThat(outcomes(playlist))
                        .as(target)
                        .extracting(Outcome::code)
                        .containsOnly("playlist");
            }
            assertThat(hits).hasValue(0);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void neverFollowsAConcatScript() throws Exception {
        for (FfmpegBinary ffmpeg : binaries()) {
            Clips.mp4(Files.createDirectories(folder(ffmpeg)), 1);
        }
        Path script = Files.writeString(dir.resolve("script.mp4"), "ffconcat version 1.0\nfile clip.mp4\n");
        assertThat(outcomes(script)).extracting(Outcome::code).containsOnly("playlist");
    }

    @Test
    void rejectsAnAudioTrackWithoutAnythingInIt() {
        assertThat(ENCODER.judge(0, "", Duration.ZERO, 326).code()).isEqualTo("empty");
    }

    @Test
    void rejectsAnMp3ThatExceedsTheOutputLimit() {
        FfmpegExecutor narrow = new FfmpegExecutor(null, 0, 4096);
        assertThat(ENCODER.outcome(run(narrow, ENCODER, Clips.ffmpeg(), Clips.mp4(dir, 3)))
                        .code())
                .isEqualTo("too-large");
    }

    @Test
    void takesAVideoThatIsGoneForATransientFailure() {
        assertThatThrownBy(() -> ENCODER.outcome(EXECUTOR.execute(command(ENCODER, Clips.ffmpeg(), dir))))
                .isInstanceOf(TransientFailure.class)
                .hasMessageContaining("No such file or directory");
    }

    @Test
    void takesTroubleOfTheMachineForATransientFailure() {
        Duration second = Duration.ofSeconds(1);
        assertTransient(() -> ENCODER.judge(1, "file:out.mp3: No space left on device\n", second, 9), "No space left");
        assertTransient(() -> ENCODER.judge(0, "file:out.mp3: No space left on device\n", second, 9), "No space left");
        assertTransient(() -> ENCODER.judge(124, "\nTIMED_OUT after 9 ms", second, 9), "timed out");
        assertTransient(() -> ENCODER.judge(143, "\nSTOPPED", second, 9), "stopped");
        assertTransient(() -> ENCODER.judge(255, "", second, 9), "stopped");
        assertTransient(() -> ENCODER.judge(137, "", second, 9), "killed");
        assertTransient(() -> ENCODER.judge(139, "", second, 9), "crashed");
        assertTransient(() -> ENCODER.judge(-1073741819, "", second, 9), "crashed");
    }

    @Test
    void doesNotWarnOfTimestampsThatAreOnlyUnusual() {
        String stderr = "[mp3 @ 0x1] Application provided invalid, non monotonically increasing dts to muxer: 1 >= 1\n"
                + "    Last message repeated 3 times\n";
        assertThat(ENCODER.judge(0, stderr, Duration.ofSeconds(1), 9999).warning())
                .isNull();
    }

    @Test
    void refusesSettingsOutOfRangeByName() {
        Duration hour = Duration.ofHours(1);
        assertThatThrownBy(() -> new Mp3Encoder(10, 7, hour)).hasMessageContaining("converter.quality");
        assertThatThrownBy(() -> new Mp3Encoder(2, -1, hour)).hasMessageContaining("converter.compression-level");
        assertThatThrownBy(() -> new Mp3Encoder(2, 7, Duration.ZERO)).hasMessageContaining("converter.max-length");
    }

    @Test
    void asksForNothingSpecialWhereNothingIsWished() {
        Source plain = new Source(true, Duration.ofSeconds(9), "aac", 44100, -1, null, null, null);

        assertThat(ENCODER.arguments(Mp3Options.NONE, plain, false))
                .isEqualTo(ENCODER.arguments())
                .containsSubsequence("-vn", "-sn", "-dn", "-i", "file:in", "-map", "0:a:0", "-vn", "-sn", "-dn")
                .endsWith(
                        "-map_metadata",
                        "0",
                        "-t",
                        "14401000ms",
                        "-c:a",
                        "libmp3lame",
                        "-q:a",
                        "2",
                        "-compression_level",
                        "7",
                        "-id3v2_version",
                        "3",
                        "-write_xing",
                        "1",
                        "-f",
                        "mp3",
                        "file:out.mp3");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " : ", textBlock = """
            quality=0                     : -c:a libmp3lame -q:a 0
            bitrate=192                   : -c:a libmp3lame -b:a 192k -abr 0
            abr=145                       : -c:a libmp3lame -b:a 145k -abr 1
            sample_rate=22050             : -ar 22050 -c:a libmp3lame -q:a 2
            channels=1                    : -ac 1 -c:a libmp3lame -q:a 2
            start=1.5                     : -ss 1500ms -t 14401000ms -c:a libmp3lame
            end=0:02                      : -t 2000ms -c:a libmp3lame
            start=1.5&end=2               : -ss 1500ms -t 500ms -c:a libmp3lame
            loudness=-16                  : -af aformat=channel_layouts=stereo|mono,volume=5.80dB -c:a libmp3lame
            loudness=-9                   : -af aformat=channel_layouts=stereo|mono,volume=12.80dB,alimiter=limit=0.8414:level=disabled -c:a libmp3lame
            loudness=-23.5&channels=1     : -af aformat=channel_layouts=mono,volume=-1.70dB -ac 1 -c:a libmp3lame
            title=a                       : -i file:in -protocol_whitelist file -f ffmetadata -i file:tags -map 0:a:0 -vn -sn -dn -map_metadata 1 -map_metadata 0
            """)
    void asksForWhatIsWished(String sent, String part) {
        Source source = new Source(true, Duration.ofSeconds(9), "aac", 44100, -1, null, -21.8, -13.0);

        assertThat(String.join(" ", ENCODER.arguments(options(sent), source, false)))
                .contains(" " + part + " ");
    }

    @ParameterizedTest
    @CsvSource({
        "bitrate=64, 8000, 0",
        "bitrate=128, 8000, 16000",
        "bitrate=128, 11025, 22050",
        "bitrate=192, 8000, 32000",
        "abr=310, 22050, 44100",
        "abr=160, 22050, 0",
        "bitrate=320, 12000, 48000",
        "bitrate=320, 96000, 0",
        "quality=0, 8000, 0"
    })
    void raisesTheSampleRateOnlyWhereTheBitrateNeedsIt(String sent, int rate, int raised) {
        List<String> line =
                ENCODER.arguments(options(sent), new Source(true, null, "aac", rate, -1, null, null, null), false);

        int at = line.indexOf("-ar");
        assertThat(at < 0 ? 0 : Integer.parseInt(line.get(at + 1))).isEqualTo(raised);
    }

    @ParameterizedTest
    @CsvSource({"'', true", "title=x, true", "cover=none, true", "quality=2, false", "end=5, false"})
    void copiesAnMp3ThatNobodyWishesOtherwise(String sent, boolean copied) {
        Source source = new Source(true, null, "mp3", 44100, -1, null, null, null);

        assertThat(ENCODER.arguments(options(sent), source, false).contains("copy"))
                .isEqualTo(copied);
    }

    @Test
    void givesTheFirstPartAllThatGoesWithTheSound() {
        Source source = new Source(true, Duration.ofHours(1), "aac", 44100, 2, "png", null, null);
        Mp3Options options = options("title=x&start=3");
        SplitPlan.Part first = ENCODER.plan(options, source, 3).parts().get(0);
        List<String> line = new ArrayList<>(ENCODER.arguments(options, source, true, first));

        int filters = line.indexOf("-af");
        assertThat(line.get(filters + 1))
                .matches("aformat=channel_layouts=stereo\\|mono:sample_rates=8000\\|[|0-9]*:sample_fmts=[|a-z0-9]*,"
                        + "atrim=start=3000ms:duration=14401000ms,atrim=start_sample=0:end_sample="
                        + first.endSample());
        line.remove(filters);
        line.remove(filters);
        line.set(line.size() - 1, "file:out.mp3");
        assertThat(line).isEqualTo(ENCODER.arguments(options, source, true));
    }

    @Test
    void givesTheOtherPartsNothingButTheSound() {
        Source source = new Source(true, Duration.ofHours(1), "aac", 44100, 2, "png", null, null);
        Mp3Options options = options("title=x&bitrate=128&sample_rate=22050&channels=1");
        SplitPlan.Part last = ENCODER.plan(options, source, 3).last();

        assertThat(String.join(" ", ENCODER.arguments(options, source, true, last)))
                .contains(" -i file:in -map 0:a:0 -vn -sn -dn -map_metadata -1 -map_chapters -1 -af ")
                .contains(" -ac 1 -ar 22050 -c:a libmp3lame -b:a 128k -abr 0 -compression_level 7 ")
                .contains("mono:sample_rates=22050:", ",atrim=start_sample=" + last.firstSample() + ",asetpts=N/SR/TB,")
                .endsWith(" -id3v2_version 0 -write_xing 0 -f mp3 file:part-2.mp3");
    }

    @ParameterizedTest
    @CsvSource({
        "'', true",
        "quality=9, true",
        "bitrate=320, true",
        "start=3&end=1:00:00&sample_rate=32000&channels=1&title=x&cover=frame, true",
        "bitrate=64&sample_rate=8000, true",
        "sample_rate=24000, false",
        "abr=145, false",
        "loudness=-16, false",
        "start=3595, false",
        "end=10, false"
    })
    void sharesTheWorkWhereThatChangesNothing(String sent, boolean shared) {
        Source source = new Source(true, Duration.ofHours(1), "aac", 44100, -1, null, -23.0, -3.0);

        assertThat(ENCODER.plan(options(sent), source, 4) != null).isEqualTo(shared);
    }

    @Test
    void sharesNoWorkWhereTooLittleIsKnownOrTheSoundWouldNotStayTheSame() {
        Duration hour = Duration.ofHours(1);

        assertThat(List.of(
                        Source.UNKNOWN,
                        new Source(true, null, "aac", 44100, -1, null, null, null),
                        new Source(true, hour, "aac", 0, -1, null, null, null),
                        new Source(true, hour, null, 0, -1, null, null, null),
                        new Source(true, hour, "mp3", 44100, -1, null, null, null),
                        new Source(true, hour, "aac", 22050, -1, null, null, null)))
                .allMatch(source -> ENCODER.plan(Mp3Options.NONE, source, 4) == null);
    }

    @Test
    void countsInFramesOfTheSampleRateThatLameTakes() {
        Source source = new Source(true, Duration.ofHours(1), "flac", 96000, -1, null, null, null);

        assertThat(ENCODER.plan(Mp3Options.NONE, source, 2))
                .isEqualTo(SplitPlan.of(Duration.ofHours(1), 48000, false, 2));
    }

    @Test
    void leavesSilenceAsItIs() {
        Source silent = new Source(true, null, "aac", 44100, -1, null, -70.0, null);

        assertThat(ENCODER.arguments(options("loudness=-16"), silent, false)).doesNotContain("-af");
    }

    @Test
    void putsThePictureBehindTheTagsAndAfterTheStart() {
        Source source = new Source(true, null, "aac", 44100, 2, "png", null, null);

        assertThat(String.join(" ", ENCODER.arguments(options("title=x&start=3"), source, true)))
                .contains("-i file:tags -protocol_whitelist file -f png_pipe -itsoffset 3020ms -i file:cover ")
                .contains("-map 0:a:0 -map 2:v:0 -c:v copy ");
        assertThat(String.join(" ", ENCODER.picturing(Mp3Options.NONE, source)))
                .contains(" -xerror -err_detect explode ", " -map 0:2 ", " -c:v copy ");
        assertThat(String.join(" ", ENCODER.picturing(options("cover=frame&start=10&end=30"), source)))
                .contains(" -ss 12000ms ", " -map 0:V:0 ", " -c:v mjpeg ");
    }

    @Test
    void writesTagsThatMeanNothingToFfmpeg() {
        assertThat(Mp3Encoder.tags(options("title=a=b;c#d\\e&artist=[CHAPTER]&album=ü")))
                .isEqualTo(";FFMETADATA1\ntitle=a\\=b\\;c\\#d\\\\e\nartist=[CHAPTER]\nalbum=ü\n");
        assertThat(Mp3Encoder.tags(Mp3Options.NONE)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "'', 100, 100",
        "start=40, 100, 60",
        "end=40, 100, 40",
        "end=140, 100, 100",
        "start=40&end=50, 100, 10",
        "start=140, 100, 0",
        "start=40&end=50, , 10",
        "'', 99999, 14401",
        "start=5, ,"
    })
    void expectsALength(String sent, Long video, Long mp3) {
        Source source =
                new Source(true, video == null ? null : Duration.ofSeconds(video), "aac", 44100, -1, null, null, null);

        assertThat(ENCODER.expected(options(sent), source)).isEqualTo(mp3 == null ? null : Duration.ofSeconds(mp3));
    }

    @Test
    void takesADamagedPictureForNoDamageOfTheSound() {
        String stderr = "[mjpeg @ 0x55cff27abf80] No JPEG data found in image\n";

        assertThat(ENCODER.judge(0, stderr, Duration.ofSeconds(1), 9999).warning())
                .isNull();
        assertThat(ENCODER.judge(0, stderr + "NO_COVER\n", Duration.ofSeconds(1), 9999)
                        .warning())
                .startsWith("The MP3 has no cover");
    }

    private static Mp3Options options(String sent) {
        return Mp3Options.of(Stream.of(sent.split("&"))
                .filter(option -> !option.isEmpty())
                .map(option ->
                        Map.entry(option.substring(0, option.indexOf('=')), option.substring(option.indexOf('=') + 1)))
                .toList());
    }

    private void converts(BiFunction<Path, Integer, Path> clip) {
        Path video = clip.apply(dir, 3);
        assertThat(binaries()).allSatisfy(ffmpeg -> {
            Outcome outcome = outcome(ENCODER, ffmpeg, video);
            assertThat(outcome.reason()).isNull();
            assertThat(outcome.warning()).isNull();
            assertThat(outcome.seconds()).isCloseTo(3, within(0.15));
            assertThat(Clips.seconds(folder(ffmpeg).resolve(Mp3Encoder.OUTPUT))).isCloseTo(3, within(0.1));
        });
    }

    private List<Outcome> outcomes(Path video) {
        return binaries().stream()
                .map(ffmpeg -> outcome(ENCODER, ffmpeg, video))
                .toList();
    }

    private Outcome outcome(Mp3Encoder encoder, FfmpegBinary ffmpeg, Path video) {
        return encoder.outcome(run(EXECUTOR, encoder, ffmpeg, video));
    }

    private ExecResult run(FfmpegExecutor executor, Mp3Encoder encoder, FfmpegBinary ffmpeg, Path video) {
        try {
            Path folder = Files.createDirectories(folder(ffmpeg));
            Files.deleteIfExists(folder.resolve(Mp3Encoder.OUTPUT));
            Files.copy(video, folder.resolve(Mp3Encoder.INPUT), StandardCopyOption.REPLACE_EXISTING);
            return executor.execute(command(encoder, ffmpeg, folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ExecCommand command(Mp3Encoder encoder, FfmpegBinary ffmpeg, Path folder) {
        return new ExecCommand(
                ffmpeg.path().toString(),
                encoder.arguments(),
                folder.toString(),
                60_000L,
                Set.of(),
                null,
                null,
                false,
                null);
    }

    private Path folder(FfmpegBinary ffmpeg) {
        return dir.resolve(ffmpeg.origin());
    }

    private static List<FfmpegBinary> binaries() {
        boolean onlyBundled = Clips.ffmpeg().origin().equals(BUNDLED.origin());
        return onlyBundled ? List.of(BUNDLED) : List.of(BUNDLED, Clips.ffmpeg());
    }

    private static void assertTransient(ThrowingCallable judging, String message) {
        assertThatThrownBy(judging).isInstanceOf(TransientFailure.class).hasMessageContaining(message);
    }
}
