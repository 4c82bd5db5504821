package io.github.videotomp3.converter;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How to share the encoding of one sound among several encoders, so that {@link Mp3Joiner} can join what they make.
 *
 * <p>Each of them decodes the sound from its beginning, because no container's seeking is exact to the sample; so the
 * later a part is, the shorter, and all take the same time.
 *
 * @param parts two or more, in order
 */
public record SplitPlan(List<Part> parts) {

    /**
     * What one encoder gets, overlaps included.
     *
     * @param index       from 0
     * @param firstFrame  the number of its first frame in the whole
     * @param firstSample the sample of the whole, at the sample rate of the MP3, that it begins with
     * @param endSample   the first one that it does not get; {@link #OPEN} for the last part
     * @param countedFrom the sample of the whole from which on the last part's are counted; {@link #OPEN} for the others
     */
    public record Part(int index, long firstFrame, long firstSample, long endSample, long countedFrom) {

        /** Up to the end of the sound, wherever that is. */
        public static final long OPEN = Long.MAX_VALUE;

        private static final Pattern SAMPLES = Pattern.compile("Number of samples: ([1-9]\\d{0,15})");

        public boolean isFirst() {
            return index == 0;
        }

        public boolean isLast() {
            return endSample == OPEN;
        }

        /** Name of what this part becomes, in the work folder. */
        public String file() {
            return "part-" + index + ".mp3";
        }

        /** FFmpeg's filters that cut this part out of the whole; the last part's also count, at level info. */
        String filters() {
            String cut = "atrim=start_sample=" + firstSample + (isLast() ? "" : ":end_sample=" + endSample);
            // those of the first part stay, for the chapters and the cover are timed by them
            String times = isFirst() ? "" : ",asetpts=N/SR/TB";
            return cut + times + (isLast() ? counting() : "");
        }

        /** It reckons up much more than is asked of it, and so it gets one channel of the end only; the sound goes past it. */
        private String counting() {
            return ",asplit[sound],atrim=start_sample=" + (countedFrom - firstSample)
                    + ",pan=mono|c0=c0,astats=measure_perchannel=none:measure_overall=Number_of_samples,anullsink;[sound]anull";
        }

        /**
         * Samples of the whole, per channel, if this is where the last part's ffmpeg says how many it got. It says so once,
         * at its end, and not at all if the sound is much shorter than was planned; what its Xing tag would say is less
         * where the last frames hold little.
         */
        public OptionalLong total(String line) {
            Matcher samples = SAMPLES.matcher(line);
            return samples.matches()
                    ? OptionalLong.of(countedFrom + Long.parseLong(samples.group(1)))
                    : OptionalLong.empty();
        }
    }

    /** Frames; at 44.1 kHz, 22.05 kHz and 11.025 kHz a constant bitrate pads frames in a pattern that long. */
    private static final int PADDING_PATTERN = 49;

    /** Frames on each side of a boundary, in which two encoders come to agree. */
    private static final int OVERLAP = 2 * PADDING_PATTERN;

    /** The same for a constant bitrate, where they have to agree on how full the bit reservoir is, too. */
    private static final int LONG_OVERLAP = 8 * PADDING_PATTERN;

    /**
     * Of the time to decode and encode, the part that goes into encoding: 5.9 s of 6.6 s for 20 minutes of AAC, by FFmpeg
     * and LAME 3.100 at -q:a 2 -compression_level 7.
     */
    private static final double ENCODING = 0.894;

    /** Of the last part, what may be missing at its end, so that it is counted; that takes 0.2 times as long as to encode. */
    private static final double COUNTED = 0.03;

    /** Frames that may be missing in any case: 10 s at 44.1 kHz. */
    private static final int LEAST_COUNTED = 400;

    public SplitPlan {
        parts = List.copyOf(parts);
    }

    /** Counts the samples, see {@link Part#total(String)}. */
    public Part last() {
        return parts.get(parts.size() - 1);
    }

    /** What the parts have become, in this folder. */
    public List<Mp3Segment> segments(Path folder) {
        return parts.stream()
                .map(part -> new Mp3Segment(folder.resolve(part.file()), part.firstFrame()))
                .toList();
    }

    /**
     * Plans as many parts as asked for, or fewer if they would become too short.
     *
     * @param length     of the sound; need not be exact
     * @param sampleRate of the MP3 in Hz
     * @param constant   whether the bitrate is constant, not variable
     * @param most       parts
     * @return null if the sound is too short for two parts
     */
    public static SplitPlan of(Duration length, int sampleRate, boolean constant, int most) {
        int overlap = constant ? LONG_OVERLAP : OVERLAP;
        int samples = Mp3Frame.samplesAt(sampleRate);
        long frames = length.toMillis() * sampleRate / 1000 / samples;
        for (int count = most; count > 1; count--) {
            List<Long> ends = ends(frames, count);
            if (frames - ends.get(count - 2) >= 2 * overlap + Mp3Joiner.REACH) {
                return new SplitPlan(parts(ends, frames, overlap, samples));
            }
        }
        return null;
    }

    /** Frames at which parts end, but the last: with each encoder the work done before is the others' wait. */
    private static List<Long> ends(long frames, int count) {
        List<Long> ends = new ArrayList<>();
        for (int i = 1; i < count; i++) {
            double share = (1 - Math.pow(ENCODING, i)) / (1 - Math.pow(ENCODING, count));
            ends.add((long) (share * frames) / PADDING_PATTERN * PADDING_PATTERN);
        }
        return ends;
    }

    private static List<Part> parts(List<Long> ends, long frames, int overlap, int samples) {
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i <= ends.size(); i++) {
            long first = i == 0 ? 0 : ends.get(i - 1) - overlap;
            boolean last = i == ends.size();
            long end = last ? Part.OPEN : (ends.get(i) + overlap) * samples;
            long counted = last ? countedFrom(first, frames) * samples : Part.OPEN;
            parts.add(new Part(i, first, first * samples, end, counted));
        }
        return parts;
    }

    private static long countedFrom(long first, long end) {
        return Math.max(first, end - Math.max(LEAST_COUNTED, (long) (COUNTED * (end - first))));
    }
}
