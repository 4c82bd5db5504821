package io.github.videotomp3.converter;

import java.util.List;

/**
 * Where the output of one LAME encoder may go over into that of another, which began later with the same sound.
 *
 * <p>Its psychoacoustics forget: after a few frames both make the same sound of a frame. What they remember for longer
 * is how full the bit reservoir is. With a constant bitrate that decides over the sound, so both must be in the same
 * state. With a variable one it does not, only there must be room for what the later encoder had in its reservoir.
 */
final class Seam {

    /** Frames that a new encoder needs to find its way; what it makes of them is not looked at. */
    private static final int WARM_UP = 4;

    /** Frames at the end of an encoder's output for which it could not look ahead. */
    private static final int LOOK_AHEAD = 4;

    /** Frames in which the two must not differ before one takes the other's place for good. */
    private static final int PROOF = 16;

    /** Frames before the seam that are the same as well: a decoder's own memory (overlap-add) is one granule. */
    private static final int LEAD = 2;

    private Seam() {}

    /**
     * The first frame to take from the later encoder.
     *
     * @param earlier frames of the one encoder, to its last
     * @param later   frames of the other, from its first, for the same sound one by one
     * @return from 0; -1 if there is no seam that could not be told
     */
    static int find(List<Mp3Frame> earlier, List<Mp3Frame> later) {
        int end = earlier.size() - LOOK_AHEAD;
        int alike = end;
        while (alike > WARM_UP && earlier.get(alike - 1).soundsLike(later.get(alike - 1))) {
            alike--;
        }
        int same = end;
        while (same > alike && earlier.get(same - 1).isSameAs(later.get(same - 1))) {
            same--;
        }
        if (end - same >= PROOF) {
            return same + LEAD;
        }
        if (isConstant(earlier) && isConstant(later)) {
            return -1;
        }
        for (int i = alike + LEAD; i <= end - PROOF; i++) {
            if (earlier.get(i).reservoir().length >= later.get(i).reservoir().length) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isConstant(List<Mp3Frame> frames) {
        return frames.stream().mapToInt(Mp3Frame::bitrate).distinct().count() == 1;
    }
}
