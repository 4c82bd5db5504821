package io.github.videotomp3.job;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What somebody wishes of an MP3. Whatever is null was not asked for: then the converter's settings decide, and sound,
 * tags, chapters and cover stay as they are in the video.
 *
 * @param quality 0 (best) to 9: variable bitrate, LAME's presets V0 to V9
 * @param bitrate constant bitrate in kbit/s, one of those of MPEG audio layer III (ISO/IEC 11172-3 §2.4.2.3, 13818-3)
 * @param abr average bitrate in kbit/s, 8 to 310, what LAME takes
 * @param sampleRate in Hz, one of those of MPEG-1, MPEG-2 and MPEG-2.5
 * @param channels 1 (mono) or 2 (stereo)
 * @param start where the MP3 begins in the video, more than 0
 * @param end where it ends in the video, later than {@code start}; the video's own end if that comes first
 * @param loudness integrated loudness to bring the sound to, in LUFS, -31 to -9 (EBU R 128: -23)
 * @param title tag, 1 to 200 characters, as are {@code artist} and {@code album}
 */
public record Mp3Options(
        Integer quality,
        Integer bitrate,
        Integer abr,
        Integer sampleRate,
        Integer channels,
        Duration start,
        Duration end,
        Double loudness,
        String title,
        String artist,
        String album,
        Cover cover) {

    /** Which picture the MP3 gets. */
    public enum Cover {
        /** The one that is attached to the video, if there is one. */
        KEEP,
        /** A frame of the video. */
        FRAME,
        NONE
    }

    private static final List<Integer> MPEG_1 = List.of(32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320);
    private static final List<Integer> MPEG_2 = List.of(8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160);
    private static final List<Integer> SAMPLE_RATES =
            List.of(8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000);

    /** LAME goes no higher with the sample rates of MPEG-2.5. */
    private static final int MOST_OF_MPEG_2_5 = 64;

    private static final Pattern TIME =
            Pattern.compile("(\\d{1,6}(?:\\.\\d{1,3})?)|(?:(\\d{1,3}):)?([0-5]?\\d):([0-5]\\d(?:\\.\\d{1,3})?)");
    private static final Duration LATEST = Duration.ofDays(7);
    private static final int LONGEST_TAG = 200;
    private static final int LONGEST_QUOTE = 40;

    /** Nothing was asked for. */
    public static final Mp3Options NONE = of(List.of());

    private enum Field {
        QUALITY("a whole number from 0 (best) to 9", text -> whole(text, 0, 9)),
        BITRATE(oneOf(allBitrates()) + " (kbit/s)", text -> among(text, allBitrates())),
        ABR("a whole number from 8 to 310 (kbit/s)", text -> whole(text, 8, 310)),
        SAMPLE_RATE(oneOf(SAMPLE_RATES) + " (Hz)", text -> among(text, SAMPLE_RATES)),
        CHANNELS("1 (mono) or 2 (stereo)", text -> whole(text, 1, 2)),
        START("seconds, or h:mm:ss, up to 7 days", Mp3Options::time),
        END("seconds, or h:mm:ss, more than 0 and up to 7 days", text -> later(time(text))),
        LOUDNESS("a number from -31 to -9 (LUFS)", Mp3Options::loudness),
        TITLE("at most 200 characters without control characters", Mp3Options::tag),
        ARTIST(TITLE.allowed, Mp3Options::tag),
        ALBUM(TITLE.allowed, Mp3Options::tag),
        COVER("one of keep, frame, none", Mp3Options::cover);

        private final String allowed;
        private final Function<String, Object> reader;

        Field(String allowed, Function<String, Object> reader) {
            this.allowed = allowed;
            this.reader = reader;
        }

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Field of(String key) {
            return Stream.of(values())
                    .filter(field -> field.key().equals(key))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("There is no option " + quoted(key)
                            + "; there are "
                            + Stream.of(values()).map(Field::key).collect(Collectors.joining(", "))
                            + "."));
        }

        Object read(String text) {
            Object value = reader.apply(text);
            if (value == null) {
                throw new IllegalArgumentException(key() + " must be " + allowed + ", not " + quoted(text) + ".");
            }
            return value;
        }
    }

    /** @throws IllegalArgumentException if options exclude each other, with a sentence for whoever sent them */
    public Mp3Options {
        List<String> rates = new ArrayList<>();
        named(Field.QUALITY, quality, rates);
        named(Field.BITRATE, bitrate, rates);
        named(Field.ABR, abr, rates);
        if (rates.size() > 1) {
            throw new IllegalArgumentException(
                    String.join(" and ", rates) + " exclude each other; send one of quality, bitrate and abr.");
        }
        if (bitrate != null && !bitrates(sampleRate).contains(bitrate)) {
            throw new IllegalArgumentException("bitrate must be " + oneOf(bitrates(sampleRate)) + " (kbit/s) "
                    + with(sampleRate) + ", not \"" + bitrate + "\".");
        }
        if (abr != null && (abr < least(sampleRate) || abr > most(sampleRate))) {
            throw new IllegalArgumentException("abr must be a whole number from " + least(sampleRate) + " to "
                    + most(sampleRate) + " (kbit/s) " + with(sampleRate) + ", not \"" + abr + "\".");
        }
        start = Duration.ZERO.equals(start) ? null : start;
        if (start != null && end != null && end.compareTo(start) <= 0) {
            throw new IllegalArgumentException("end must be later than start, but start is " + seconds(start)
                    + " s and end is " + seconds(end) + " s.");
        }
        cover = cover == null ? Cover.KEEP : cover;
    }

    /**
     * Reads options as people and programs send them; an empty value is as good as none.
     *
     * @param sent names and texts
     * @throws IllegalArgumentException with a sentence for whoever sent them, that names the option, what was sent and what
     *     is allowed
     */
    public static Mp3Options of(Collection<? extends Map.Entry<String, String>> sent) {
        Map<Field, Object> values = new EnumMap<>(Field.class);
        for (Map.Entry<String, String> option : sent) {
            Field field = Field.of(option.getKey());
            String text = option.getValue() == null ? "" : option.getValue().strip();
            if (!text.isEmpty() && values.put(field, field.read(text)) != null) {
                throw new IllegalArgumentException(field.key() + " was sent twice.");
            }
        }
        return new Mp3Options(
                (Integer) values.get(Field.QUALITY),
                (Integer) values.get(Field.BITRATE),
                (Integer) values.get(Field.ABR),
                (Integer) values.get(Field.SAMPLE_RATE),
                (Integer) values.get(Field.CHANNELS),
                (Duration) values.get(Field.START),
                (Duration) values.get(Field.END),
                (Double) values.get(Field.LOUDNESS),
                (String) values.get(Field.TITLE),
                (String) values.get(Field.ARTIST),
                (String) values.get(Field.ALBUM),
                (Cover) values.get(Field.COVER));
    }

    /** What {@link #asMap()} gave. */
    static Mp3Options of(Map<String, Object> stored) {
        return stored == null
                ? NONE
                : of(stored.entrySet().stream()
                        .map(option -> Map.entry(option.getKey(), String.valueOf(option.getValue())))
                        .toList());
    }

    /** What was asked for, under the names that people send it by; times in seconds. */
    public Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        put(map, Field.QUALITY, quality);
        put(map, Field.BITRATE, bitrate);
        put(map, Field.ABR, abr);
        put(map, Field.SAMPLE_RATE, sampleRate);
        put(map, Field.CHANNELS, channels);
        put(map, Field.START, start == null ? null : start.toMillis() / 1000.0);
        put(map, Field.END, end == null ? null : end.toMillis() / 1000.0);
        put(map, Field.LOUDNESS, loudness);
        put(map, Field.TITLE, title);
        put(map, Field.ARTIST, artist);
        put(map, Field.ALBUM, album);
        put(map, Field.COVER, cover == Cover.KEEP ? null : cover.name().toLowerCase(Locale.ROOT));
        return map;
    }

    /** Whether the sound has to become another than it is in the video. */
    public boolean changeSound() {
        return Stream.of(quality, bitrate, abr, sampleRate, channels, start, end, loudness)
                .anyMatch(option -> option != null);
    }

    /** The constant or average bitrate in kbit/s; 0 if neither was asked for. */
    public int kilobits() {
        return bitrate != null ? bitrate : abr != null ? abr : 0;
    }

    /** The lowest sample rate in Hz at which an MP3 can have so many kbit/s. */
    public static int lowestSampleRate(int kilobits) {
        return kilobits > MPEG_2.get(MPEG_2.size() - 1) ? 32000 : kilobits > MOST_OF_MPEG_2_5 ? 16000 : 8000;
    }

    /** The sample rates in Hz that an MP3 can have, the lowest first. */
    public static List<Integer> sampleRates() {
        return SAMPLE_RATES;
    }

    private static void named(Field field, Object value, List<String> names) {
        if (value != null) {
            names.add(field.key());
        }
    }

    private static void put(Map<String, Object> map, Field field, Object value) {
        if (value != null) {
            map.put(field.key(), value);
        }
    }

    private static List<Integer> allBitrates() {
        return Stream.concat(MPEG_2.stream(), MPEG_1.stream())
                .distinct()
                .sorted()
                .toList();
    }

    private static List<Integer> bitrates(Integer sampleRate) {
        if (sampleRate == null || sampleRate >= 32000) {
            return MPEG_1;
        }
        return sampleRate >= 16000
                ? MPEG_2
                : MPEG_2.stream().filter(rate -> rate <= MOST_OF_MPEG_2_5).toList();
    }

    private static int least(Integer sampleRate) {
        return bitrates(sampleRate).get(0);
    }

    private static int most(Integer sampleRate) {
        List<Integer> rates = bitrates(sampleRate);
        return Math.min(310, rates.get(rates.size() - 1));
    }

    private static String with(Integer sampleRate) {
        return sampleRate == null ? "without a sample_rate" : "with a sample_rate of " + sampleRate + " Hz";
    }

    private static Integer whole(String text, int least, int most) {
        Integer number = text.matches("\\d{1,6}") ? Integer.valueOf(text) : null;
        return number == null || number < least || number > most ? null : number;
    }

    private static Integer among(String text, List<Integer> allowed) {
        Integer number = whole(text, 0, Integer.MAX_VALUE);
        return number != null && allowed.contains(number) ? number : null;
    }

    private static Duration time(String text) {
        Matcher parts = TIME.matcher(text);
        if (!parts.matches()) {
            return null;
        }
        Duration time = parts.group(1) != null
                ? seconds(parts.group(1))
                : seconds(parts.group(4))
                        .plusMinutes(Long.parseLong(parts.group(3)))
                        .plusHours(parts.group(2) == null ? 0 : Long.parseLong(parts.group(2)));
        return time.compareTo(LATEST) > 0 ? null : time;
    }

    private static Duration seconds(String text) {
        return Duration.ofMillis(new BigDecimal(text).movePointRight(3).longValueExact());
    }

    private static String seconds(Duration time) {
        return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString();
    }

    private static Duration later(Duration time) {
        return time == null || time.isZero() ? null : time;
    }

    private static Double loudness(String text) {
        Double value = text.matches("-\\d{1,2}(\\.\\d{1,2})?") ? Double.valueOf(text) : null;
        return value == null || value < -31 || value > -9 ? null : value;
    }

    private static String tag(String text) {
        boolean fits = text.codePointCount(0, text.length()) <= LONGEST_TAG;
        return fits && text.chars().noneMatch(Character::isISOControl) ? text : null;
    }

    private static Cover cover(String text) {
        return Stream.of(Cover.values())
                .filter(cover -> cover.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElse(null);
    }

    private static String oneOf(List<Integer> numbers) {
        return "one of " + numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private static String quoted(String text) {
        String shown = text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "…";
        return '"' + shown.replaceAll("\\p{Cntrl}", "?") + '"';
    }
}
