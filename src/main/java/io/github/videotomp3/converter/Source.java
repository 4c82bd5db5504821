package io.github.videotomp3.converter;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What ffmpeg itself says of a video when it opens it, and of its loudness when it has measured it: no further program
 * has to look into the file.
 *
 * @param described whether ffmpeg has said all it says of a video
 * @param length of the whole video; null if it does not say
 * @param codec of the first audio track, such as {@code aac} or {@code mp3}; null if there is none
 * @param sampleRate of that track in Hz; 0 if unknown
 * @param picture the stream that is an attached picture, counted from 0; -1 if there is none
 * @param pictureCodec such as {@code mjpeg} or {@code png}; null if there is none
 * @param loudness integrated loudness in LUFS (ITU-R BS.1770); null if it was not measured
 * @param peak true peak in dBTP; null if it was not measured
 */
public record Source(
        boolean described,
        Duration length,
        String codec,
        int sampleRate,
        int picture,
        String pictureCodec,
        Double loudness,
        Double peak) {

    /** Nothing is known yet. */
    public static final Source UNKNOWN = new Source(false, null, null, 0, -1, null, null, null);

    // two blanks before them: what a stranger has written into tags stands farther to the right
    private static final Pattern LENGTH = Pattern.compile(" {2}Duration: (\\d{1,6}):(\\d\\d):(\\d\\d)\\.(\\d\\d),.*");
    private static final Pattern STREAM = Pattern.compile(" {2}Stream #0:(\\d{1,4})[^:]*: (Audio|Video): (\\w+)(.*)");
    private static final Pattern HERTZ = Pattern.compile(", (\\d{1,9}) Hz");
    private static final Pattern LOUDNESS = Pattern.compile(" {4}I: +(-?\\d+\\.\\d) LUFS");
    private static final Pattern PEAK = Pattern.compile(" {4}Peak: +(-?\\d+\\.\\d) dBFS");
    private static final String END_OF_DESCRIPTION = "Stream mapping:";

    /** What is known after one more line that ffmpeg writes at its level info. */
    Source with(String line) {
        if (described) {
            return measured(line);
        }
        if (line.equals(END_OF_DESCRIPTION)) {
            return new Source(true, length, codec, sampleRate, picture, pictureCodec, null, null);
        }
        Matcher duration = LENGTH.matcher(line);
        if (length == null && duration.matches()) {
            Duration whole = Duration.ofHours(Long.parseLong(duration.group(1)))
                    .plusMinutes(Long.parseLong(duration.group(2)))
                    .plusSeconds(Long.parseLong(duration.group(3)))
                    .plusMillis(Long.parseLong(duration.group(4)) * 10);
            return new Source(false, whole, codec, sampleRate, picture, pictureCodec, null, null);
        }
        Matcher stream = STREAM.matcher(line);
        return stream.matches()
                ? with(Integer.parseInt(stream.group(1)), stream.group(2), stream.group(3), stream.group(4))
                : this;
    }

    private Source with(int stream, String type, String name, String rest) {
        if (codec == null && type.equals("Audio")) {
            Matcher hertz = HERTZ.matcher(rest);
            int rate = hertz.find() ? Integer.parseInt(hertz.group(1)) : 0;
            return new Source(false, length, name, rate, picture, pictureCodec, null, null);
        }
        return picture < 0 && type.equals("Video") && rest.endsWith("(attached pic)")
                ? new Source(false, length, codec, sampleRate, stream, name, null, null)
                : this;
    }

    /** The same without what is wished only where it works: a picture to keep, and an MP3 to copy. */
    Source soundOnly() {
        return new Source(described, length, null, sampleRate, -1, null, loudness, peak);
    }

    private Source measured(String line) {
        Matcher lufs = LOUDNESS.matcher(line);
        Matcher dbtp = PEAK.matcher(line);
        if (lufs.matches()) {
            return new Source(
                    true, length, codec, sampleRate, picture, pictureCodec, Double.valueOf(lufs.group(1)), peak);
        }
        return dbtp.matches()
                ? new Source(
                        true, length, codec, sampleRate, picture, pictureCodec, loudness, Double.valueOf(dbtp.group(1)))
                : this;
    }
}
