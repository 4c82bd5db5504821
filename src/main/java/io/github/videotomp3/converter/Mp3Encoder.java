package io.github.videotomp3.converter;

import io.github.videotomp3.job.Mp3Options;
import io.github.videotomp3.job.Mp3Options.Cover;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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

    /** Name of a picture in the work folder. */
    static final String COVER = "cover";

    /** Name of a file with tags in the work folder. */
    static final String TAGS = "tags";

    /** Stands at the end of stderr where a picture was wanted that there is not, or that is damaged. */
    static final String NO_COVER = "NO_COVER";

    /** The pictures that every player shows, by codec, and what ffmpeg calls files of them; others become JPEG. */
    private static final Map<String, String> COVER_FORMATS = Map.of("mjpeg", "jpeg", "png", "png");

    /** dBTP that loud sound is held below: EBU R 128 says -1, and the MP3 encoder adds a little. */
    private static final double PEAK = -1.5;

    /** LUFS: the absolute gate of ITU-R BS.1770, below which nothing is measured. */
    private static final double SILENCE = -70;

    /** Containers with frames in them; whatever points at other files (HLS, DASH, concat, SDP) must stay out. */
    private static final String CONTAINERS = "mov,matroska,avi,mpegts,mpeg,flv,asf,ogg,wav,w64,aiff,mp3,flac,aac,ac3,"
            + "eac3,dts,amr,mxf,rm,nut,dv,mpegvideo,caf,au";

    /** Hz: the lowest sample rate of ISO/IEC 11172-3; those below are of ISO/IEC 13818-3 (MPEG-2) and of nobody (2.5). */
    private static final int MPEG_1 = 32_000;

    private static final Duration LONGEST = Duration.ofDays(7);

    /** The last frame of an MP3 is padded, so an MP3 may be a little longer than its source. */
    private static final Duration PADDING = Duration.ofMillis(500);

    private static final Pattern SERVER_TROUBLE = Pattern.compile("No space left on device|Disk quota exceeded"
            + "|Read-only file system|Too many open files|Cannot allocate memory|Permission denied");
    private static final Pattern PLAYLIST = Pattern.compile("\\[(in#0/)?(hls|applehttp|dash|concat|sdp|imf)\\b");
    private static final Pattern NO_DECODER = Pattern.compile("Decoder \\(codec .*\\) not found|no decoder found");
    private static final Pattern CUT_SHORT = Pattern.compile("File ended prematurely|partial file");
    private static final Pattern HARMLESS =
            // a picture is looked at when a file is opened; it is no sound that is missing
            Pattern.compile("(?m)^.*(non monotonically increasing dts|Last message repeated"
                    + "|\\[(mjpeg|png|bmp|gif|webp|tiff) @ |" + NO_COVER + ").*$");

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

    /** What ffmpeg is asked for a video of which nothing is known, and of whose MP3 nobody wishes anything. */
    public List<String> arguments() {
        return arguments(Mp3Options.NONE, Source.UNKNOWN, false);
    }

    /**
     * Arguments for an ffmpeg in the work folder: it reads {@link #INPUT} and writes {@link #OUTPUT}.
     *
     * @param source what is known of the video so far
     * @param cover whether {@link #COVER} is there to be put into the MP3
     */
    List<String> arguments(Mp3Options options, Source source, boolean cover) {
        return arguments(options, source, cover, List.of(), OUTPUT);
    }

    /**
     * Arguments for an ffmpeg in the work folder that encodes one part of the sound: it reads {@link #INPUT} and writes
     * {@link SplitPlan.Part#file()}. The first part gets what goes with the sound: tags, chapters, cover and Xing frame.
     *
     * @param source as it was for {@link #plan}
     * @param cover whether {@link #COVER} is there to be put into the MP3
     */
    List<String> arguments(Mp3Options options, Source source, boolean cover, SplitPlan.Part part) {
        List<String> filters = List.of("-af", sameAsWhole(options, source) + "," + part.filters());
        if (part.isFirst()) {
            return arguments(options, source, cover, filters, part.file());
        }
        List<String> line = begin();
        line.addAll(List.of("-vn", "-sn", "-dn", "-i", "file:" + INPUT, "-map", "0:a:0", "-vn", "-sn", "-dn"));
        line.addAll(List.of("-map_metadata", "-1", "-map_chapters", "-1"));
        line.addAll(filters);
        line.addAll(sound(options, source));
        line.addAll(List.of("-id3v2_version", "0", "-write_xing", "0", "-f", "mp3", "file:" + part.file()));
        return List.copyOf(line);
    }

    private List<String> arguments(
            Mp3Options options, Source source, boolean cover, List<String> filters, String output) {
        List<String> line = begin();
        line.addAll(List.of("-vn", "-sn", "-dn", "-i", "file:" + INPUT));
        int input = 0;
        if (tags(options) != null) {
            input++;
            line.addAll(List.of("-protocol_whitelist", "file", "-f", "ffmetadata", "-i", "file:" + TAGS));
        }
        if (cover) {
            line.addAll(List.of("-protocol_whitelist", "file", "-f", coverFormat(options, source) + "_pipe"));
            if (options.start() != null) {
                // ffmpeg leaves out what comes before the start, the picture as well
                line.addAll(List.of("-itsoffset", millis(options.start().plusMillis(20))));
            }
            line.addAll(List.of("-i", "file:" + COVER));
        }
        line.addAll(List.of("-map", "0:a:0"));
        line.addAll(
                cover
                        ? List.of(
                                "-map",
                                (input + 1) + ":v:0",
                                "-c:v",
                                "copy",
                                "-metadata:s:v:0",
                                "comment=Cover (front)") // becomes the picture type of ID3v2
                        : List.of("-vn"));
        line.addAll(List.of("-sn", "-dn"));
        if (input > 0) {
            line.addAll(List.of("-map_metadata", "1")); // the first one that has a tag wins
        }
        line.addAll(List.of("-map_metadata", "0"));
        line.addAll(cut(options));
        line.addAll(filters);
        if (copies(options, source)) {
            line.addAll(List.of("-c:a", "copy"));
        } else {
            line.addAll(sound(options, source));
        }
        line.addAll(List.of("-id3v2_version", "3", "-write_xing", "1", "-f", "mp3", "file:" + output));
        return List.copyOf(line);
    }

    /**
     * How to share the encoding among several ffmpegs, each run with {@link #arguments(Mp3Options, Source, boolean,
     * SplitPlan.Part)}.
     *
     * <p>All options work so but two. With {@code loudness}, every part would have to filter all the sound before it. With
     * {@code abr}, LAME lets a full bit reservoir decide over the sound but never comes to the state of an encoder that
     * began earlier, so that a few frames in ten thousand would differ; so it does with a variable bitrate at the sample rates
     * of MPEG-2 and 2.5, where a frame has less room. An MP3 that is only copied is not split, nor is a
     * video that does not say how long it is or what its sample rate is.
     *
     * @param source described
     * @param most   parts
     * @return null if it has to be one
     */
    public SplitPlan plan(Mp3Options options, Source source, int most) {
        if (!splits(options, source)) {
            return null;
        }
        boolean constant = options.bitrate() != null;
        return SplitPlan.of(expected(options, source), encodedSampleRate(options, source), constant, most);
    }

    /** Whether it may be shared at all, if it is long enough; see {@link #plan}. */
    static boolean splits(Mp3Options options, Source source) {
        return options.loudness() == null
                && options.abr() == null
                && !copies(options, source)
                && source.length() != null
                && source.codec() != null
                && source.sampleRate() > 0
                && (options.bitrate() != null || encodedSampleRate(options, source) >= MPEG_1);
    }

    /**
     * Converts the sound as ffmpeg itself does before it encodes, to the first of what LAME takes that is best: so parts
     * are cut from the very samples that would be encoded in one go. The cut of the whole comes between, for the same
     * reason.
     */
    private String sameAsWhole(Mp3Options options, Source source) {
        int rate = sampleRate(options, source);
        String rates = rate > 0
                ? Integer.toString(rate)
                : Mp3Options.sampleRates().stream().map(String::valueOf).collect(Collectors.joining("|"));
        String start = options.start() == null ? "" : "start=" + millis(options.start()) + ":";
        return channels(options) + ":sample_rates=" + rates + ":sample_fmts=s32p|fltp|s16p,atrim=" + start + "duration="
                + millis(length(options));
    }

    /** Arguments for an ffmpeg that writes nothing but how loud the video is, at its level info. */
    List<String> measuring(Mp3Options options) {
        List<String> line = begin();
        line.addAll(List.of("-vn", "-sn", "-dn", "-i", "file:" + INPUT, "-map", "0:a:0"));
        line.addAll(cut(options));
        line.addAll(List.of("-af", channels(options) + ",ebur128=peak=true:framelog=verbose", "-f", "null", "-"));
        return List.copyOf(line);
    }

    /** Arguments for an ffmpeg that writes {@link #COVER}, and fails if the picture is damaged. */
    List<String> picturing(Mp3Options options, Source source) {
        List<String> line = begin();
        line.addAll(List.of("-an", "-sn", "-dn", "-xerror", "-err_detect", "explode"));
        if (options.cover() == Cover.FRAME) {
            Duration start = options.start() == null ? Duration.ZERO : options.start();
            Duration length = expected(options, source);
            Duration frame = length == null ? start : start.plus(length.dividedBy(10));
            line.addAll(List.of("-ss", millis(frame), "-i", "file:" + INPUT, "-map", "0:V:0"));
            line.addAll(List.of("-vf", "thumbnail=n=30,scale=w=min(1000\\,iw):h=-2", "-frames:v", "1"));
        } else {
            line.addAll(List.of("-i", "file:" + INPUT, "-map", "0:" + source.picture(), "-f", "null", "-"));
            line.addAll(List.of("-map", "0:" + source.picture(), "-frames:v", "1"));
        }
        boolean asItIs = options.cover() == Cover.KEEP && COVER_FORMATS.containsKey(source.pictureCodec());
        line.addAll(asItIs ? List.of("-c:v", "copy") : List.of("-c:v", "mjpeg", "-q:v", "3"));
        line.addAll(List.of("-f", "image2", "-update", "1", "file:" + COVER));
        return List.copyOf(line);
    }

    /** Whether the MP3 should get a picture. */
    static boolean wantsCover(Mp3Options options, Source source) {
        return options.cover() == Cover.FRAME || options.cover() == Cover.KEEP && source.picture() >= 0;
    }

    /** Whether the audio track is an MP3 already, which nobody wishes otherwise. */
    static boolean copies(Mp3Options options, Source source) {
        return "mp3".equals(source.codec()) && !options.changeSound();
    }

    /** The contents of {@link #TAGS} (ffmpeg-formats, Metadata); null if no tag was asked for. */
    static String tags(Mp3Options options) {
        StringBuilder tags = new StringBuilder();
        tag(tags, "title", options.title());
        tag(tags, "artist", options.artist());
        tag(tags, "album", options.album());
        return tags.isEmpty() ? null : ";FFMETADATA1\n" + tags;
    }

    private static void tag(StringBuilder tags, String name, String value) {
        if (value != null) {
            tags.append(name)
                    .append('=')
                    .append(value.replaceAll("[=;#\\\\\n]", "\\\\$0"))
                    .append('\n');
        }
    }

    /** How long the MP3 will be, if the video is as long as it says; null if it does not say. */
    Duration expected(Mp3Options options, Source source) {
        Duration end = source.length();
        if (options.end() != null && (end == null || options.end().compareTo(end) < 0)) {
            end = options.end();
        }
        if (end == null) {
            return null;
        }
        Duration length = options.start() == null ? end : end.minus(options.start());
        return length.isNegative() ? Duration.ZERO : length.compareTo(longest()) > 0 ? longest() : length;
    }

    private static List<String> begin() {
        return new ArrayList<>(List.of(
                "-nostdin",
                "-hide_banner",
                "-nostats",
                "-loglevel",
                "level+info",
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
                "64"));
    }

    private List<String> cut(Mp3Options options) {
        List<String> cut = new ArrayList<>();
        if (options.start() != null) {
            cut.addAll(List.of("-ss", millis(options.start())));
        }
        cut.addAll(List.of("-t", millis(length(options))));
        return cut;
    }

    /** The longest that the MP3 may be. */
    private Duration length(Mp3Options options) {
        if (options.end() == null) {
            return longest();
        }
        Duration wished =
                options.start() == null ? options.end() : options.end().minus(options.start());
        return wished.compareTo(longest()) < 0 ? wished : longest();
    }

    /** ffmpeg stops here without a word: the second more tells too long from just right. */
    private Duration longest() {
        return maxLength.plusSeconds(1);
    }

    private List<String> sound(Mp3Options options, Source source) {
        List<String> sound = new ArrayList<>();
        if (options.loudness() != null && source.loudness() != null && source.loudness() > SILENCE) {
            double gain = options.loudness() - source.loudness();
            String filters = channels(options) + String.format(Locale.ROOT, ",volume=%.2fdB", gain);
            if (source.peak() == null || source.peak() + gain > PEAK) {
                filters += String.format(Locale.ROOT, ",alimiter=limit=%.4f:level=disabled", Math.pow(10, PEAK / 20));
            }
            sound.addAll(List.of("-af", filters));
        }
        if (options.channels() != null) {
            sound.addAll(List.of("-ac", options.channels().toString()));
        }
        int rate = sampleRate(options, source);
        if (rate > 0) {
            sound.addAll(List.of("-ar", Integer.toString(rate)));
        }
        sound.addAll(List.of("-c:a", "libmp3lame"));
        if (options.kilobits() > 0) {
            sound.addAll(List.of("-b:a", options.kilobits() + "k", "-abr", options.abr() == null ? "0" : "1"));
        } else {
            sound.addAll(List.of("-q:a", String.valueOf(options.quality() == null ? quality : options.quality())));
        }
        sound.addAll(List.of("-compression_level", Integer.toString(compressionLevel)));
        return sound;
    }

    /** Loudness depends on the channels, so they are mixed before it is measured and changed. */
    private static String channels(Mp3Options options) {
        String layouts = options.channels() == null ? "stereo|mono" : options.channels() == 1 ? "mono" : "stereo";
        return "aformat=channel_layouts=" + layouts;
    }

    /** Hz; 0 if the video's own will do. Sound of few samples is raised to what the wished bitrate needs. */
    private static int sampleRate(Mp3Options options, Source source) {
        if (options.sampleRate() != null) {
            return options.sampleRate();
        }
        int least = Mp3Options.lowestSampleRate(options.kilobits());
        if (source.sampleRate() == 0 || source.sampleRate() >= least) {
            return 0;
        }
        List<Integer> enough =
                Mp3Options.sampleRates().stream().filter(rate -> rate >= least).toList();
        return enough.stream()
                .filter(rate -> rate % source.sampleRate() == 0)
                .findFirst()
                .orElse(enough.get(0));
    }

    /** Hz; ffmpeg takes the one next to the video's own where LAME does not know that. */
    static int encodedSampleRate(Mp3Options options, Source source) {
        int rate = sampleRate(options, source);
        return rate > 0
                ? rate
                : Mp3Options.sampleRates().stream()
                        .min(Comparator.comparingInt(known -> Math.abs(known - source.sampleRate())))
                        .orElseThrow();
    }

    private static String coverFormat(Mp3Options options, Source source) {
        return options.cover() == Cover.FRAME ? "jpeg" : COVER_FORMATS.getOrDefault(source.pictureCodec(), "jpeg");
    }

    private static String millis(Duration duration) {
        return duration.toMillis() + "ms";
    }

    /**
     * Judges what {@link FfmpegExecutor} returned for {@link #arguments(Mp3Options, Source, boolean)}.
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
            return new Outcome(
                    "The audio track of the video is empty, or ends before the MP3 begins", "empty", null, 0);
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
        if (stderr.contains(NO_COVER)) {
            return "The MP3 has no cover: the video has no picture for it, or the picture is damaged";
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
