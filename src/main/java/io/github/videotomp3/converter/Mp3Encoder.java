package io.github.videotomp3.converter;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.camel.component.exec.ExecResult;

/**
 * Says how ffmpeg makes an MP3 of a video, and what it means when it has finished.
 *
 * @param quality          0 (best) to 9: the LAME preset V0 to V9; a V2 has about 190 kbit/s
 * @param compressionLevel 0 (most careful) to 9 (quickest): how hard LAME tries; 7 takes 0.6 times as long as 2
 * @param maxLength        longest MP3, from 1 second to 7 days
 */
public record Mp3Encoder(int quality, int compressionLevel, Duration maxLength) {

    /** Name of the video in the work folder. */
    public static final String INPUT = "in";

    /** Name of the MP3 in the work folder. */
    public static final String OUTPUT = "out.mp3";

    /** Containers with frames in them; whatever points at other files (HLS, DASH, concat, SDP) must stay out. */
    private static final String CONTAINERS = "mov,matroska,avi,mpegts,mpeg,flv,asf,ogg,wav,w64,aiff,mp3,flac,aac,ac3,"
            + "eac3,dts,amr,mxf,rm,nut,dv,mpegvideo,caf,au";

    private static final Duration LONGEST = Duration.ofDays(7);

    /** The last frame of an MP3 is padded, so an MP3 may be a little longer than its source. */
    private static final Duration PADDING = Duration.ofMillis(500);

    private static final Pattern SERVER_TROUBLE = Pattern.compile("No space left on device|Disk quota exceeded"
            + "|Read-only file system|Too many open files|Cannot allocate memory|Permission denied");
    private static final Pattern PLAYLIST = Pattern.compile("\\[(in#0/)?(hls|applehttp|dash|concat|sdp|imf)\\b");
    private static final Pattern NO_DECODER = Pattern.compile("Decoder \\(codec .*\\) not found|no decoder found");
    private static final Pattern CUT_SHORT = Pattern.compile("File ended prematurely|partial file");
    private static final Pattern HARMLESS =
            Pattern.compile("(?m)^.*(non monotonically increasing dts" + "|Last message repeated).*$");

    /** Signals count from 128; the kernel ends with SIGXFSZ what exceeds its output limit. */
    private static final int FIRST_SIGNAL = 129;

    private static final int LAST_SIGNAL = 159;
    private static final int OUTPUT_LIMIT_EXCEEDED = 153;

    /** What ffmpeg answers when it was asked to stop. */
    private static final int STOPPED = 255;

    public Mp3Encoder {
        requireRange("converter.quality", quality);
        requireRange("converter.compression-level", compressionLevel);
        if (maxLength.compareTo(Duration.ofSeconds(1)) < 0 || maxLength.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "converter.max-length must be from 1 second to 7 days, but is " + maxLength);
        }
    }

    /** Arguments for an ffmpeg in the work folder: it reads {@link #INPUT} and writes {@link #OUTPUT}. */
    public List<String> arguments() {
        return List.of(
                "-nostdin",
                "-hide_banner",
                "-nostats",
                "-loglevel",
                "error",
                "-y",
                "-progress",
                "pipe:1",
                "-stats_period",
                "0.5",
                "-protocol_whitelist",
                "file",
                "-format_whitelist",
                CONTAINERS,
                "-max_streams",
                "64",
                "-vn",
                "-sn",
                "-dn",
                "-i",
                "file:" + INPUT,
                "-map",
                "0:a:0",
                "-vn",
                "-sn",
                "-dn",
                "-map_chapters",
                "-1",
                "-map_metadata",
                "0",
                // ffmpeg stops here without a word: the second more tells too long from just right
                "-t",
                maxLength.plusSeconds(1).toMillis() + "ms",
                "-c:a",
                "libmp3lame",
                "-q:a",
                Integer.toString(quality),
                "-compression_level",
                Integer.toString(compressionLevel),
                "-id3v2_version",
                "3",
                "-write_xing",
                "1",
                "-f",
                "mp3",
                "file:" + OUTPUT);
    }

    /**
     * Judges what {@link FfmpegExecutor} returned for {@link #arguments()}.
     *
     * @throws TransientFailure if the fault is not the video's, so that trying again may help
     */
    public Outcome outcome(ExecResult result) {
        try (InputStream stdout = result.getStdout();
                InputStream stderr = result.getStderr()) {
            long micros = Long.parseLong(text(stdout));
            Path output = Path.of(result.getCommand().getWorkingDir(), OUTPUT);
            return judge(
                    result.getExitValue(),
                    text(stderr),
                    Duration.of(micros, ChronoUnit.MICROS),
                    Files.exists(output) ? Files.size(output) : 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Judges a run of ffmpeg by its text rather than by its exit value, which differs from version to version.
     *
     * @param outTime     how much audio was written
     * @param outputBytes size of {@link #OUTPUT}; 0 if there is none
     * @throws TransientFailure if the fault is not the video's, so that trying again may help
     */
    public Outcome judge(int exitValue, String stderr, Duration outTime, long outputBytes) {
        throwIfTransient(exitValue, stderr);
        double seconds = outTime.toMillis() / 1000.0;
        if (exitValue != 0) {
            return rejection(exitValue, stderr, outTime);
        }
        if (outTime.compareTo(maxLength.plus(PADDING)) > 0) {
            return new Outcome(
                    "The video is longer than " + inWords(maxLength) + ", which is the limit",
                    "too-long",
                    null,
                    seconds);
        }
        if (outTime.isZero() || outputBytes == 0) {
            return new Outcome("The audio track of the video is empty", "empty", null, 0);
        }
        return new Outcome(null, null, warning(stderr, outTime), seconds);
    }

    private static void throwIfTransient(int exitValue, String stderr) {
        if (exitValue == FfmpegExecutor.TIMED_OUT_EXIT || stderr.contains(FfmpegExecutor.TIMED_OUT)) {
            throw new TransientFailure("ffmpeg timed out" + lastLine(stderr));
        }
        if (exitValue == FfmpegExecutor.STOPPED_EXIT || exitValue == STOPPED) {
            throw new TransientFailure("ffmpeg was stopped" + lastLine(stderr));
        }
        if (exitValue == 126 || exitValue == 127) {
            throw new TransientFailure("ffmpeg could not be started" + lastLine(stderr));
        }
        if (exitValue != OUTPUT_LIMIT_EXCEEDED
                && (exitValue < 0 || exitValue >= FIRST_SIGNAL && exitValue <= LAST_SIGNAL)) {
            throw new TransientFailure(
                    "ffmpeg crashed or was killed (exit value " + exitValue + ")" + lastLine(stderr));
        }
        if (SERVER_TROUBLE.matcher(stderr).find() || exitValue != 0 && stderr.contains("No such file or directory")) {
            throw new TransientFailure("ffmpeg met trouble of this machine" + lastLine(stderr));
        }
    }

    private static Outcome rejection(int exitValue, String stderr, Duration outTime) {
        String reason;
        String code;
        if (exitValue == OUTPUT_LIMIT_EXCEEDED) {
            reason = "The MP3 would become larger than is allowed here";
            code = "too-large";
        } else if (stderr.contains("matches no streams")) {
            reason = "The video has no audio track";
            code = "no-audio";
        } else if (PLAYLIST.matcher(stderr).find()) {
            reason = "The file is a playlist that points at other files, not a video";
            code = "playlist";
        } else if (stderr.contains("not on whitelist")) {
            reason = "The file is not a video in a format that can be converted";
            code = "not-a-video";
        } else if (stderr.contains("moov atom not found")) {
            reason = "The file is incomplete: it stops before the index at its end";
            code = "damaged";
        } else if (NO_DECODER.matcher(stderr).find()) {
            reason = "The audio track of the video is in a format that cannot be converted";
            code = "unsupported";
        } else if (outTime.isZero() && stderr.contains("Invalid data found when processing input")) {
            reason = "The file is not a video, or is damaged from its beginning";
            code = "not-a-video";
        } else {
            reason = "The video is damaged";
            code = "damaged";
        }
        return new Outcome(reason, code, null, 0);
    }

    private static String warning(String stderr, Duration outTime) {
        if (CUT_SHORT.matcher(stderr).find()) {
            return "The file was cut short: the MP3 ends after " + inWords(outTime);
        }
        if (!HARMLESS.matcher(stderr).replaceAll("").isBlank()) {
            return "The video is damaged in places: parts of the MP3 may be silent or missing";
        }
        return null;
    }

    private static String inWords(Duration duration) {
        if (duration.toMinutes() < 2) {
            return String.format(Locale.ROOT, "%.1f seconds", duration.toMillis() / 1000.0)
                    .replace(".0 ", " ");
        }
        return duration.toHours() < 2
                ? duration.toMinutes() + " minutes"
                : duration.toHours() + " hours"
                        + (duration.toMinutesPart() == 0 ? "" : " and " + duration.toMinutesPart() + " minutes");
    }

    private static String lastLine(String stderr) {
        String text = stderr.strip();
        return text.isEmpty() ? "" : ": " + text.substring(text.lastIndexOf('\n') + 1);
    }

    private static String text(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static void requireRange(String setting, int value) {
        if (value < 0 || value > 9) {
            throw new IllegalArgumentException(setting + " must be from 0 to 9, but is " + value);
        }
    }
}
