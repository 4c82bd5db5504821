package io.github.videotomp3.converter;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A frame of MPEG audio layer III: ISO/IEC 11172-3 (MPEG-1), ISO/IEC 13818-3 (MPEG-2, half the sample rates), and
 * MPEG-2.5 (a quarter), which no standard knows. The clauses named here are the same in both standards.
 *
 * <p>What a frame's sound is made of, its main data, may begin in the frames before it: that is the bit reservoir.
 */
final class Mp3Frame {

    static final int HEADER = 4;

    /** Bytes: main_data_begin has 9 bits in MPEG-1, and 8 in MPEG-2 (§2.4.1.7). */
    static final int RESERVOIR = 511;

    /** kbit/s by bitrate_index; 0 is free format, 15 is forbidden (§2.4.2.3). */
    private static final int[] MPEG_1_BITRATES = {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320};

    private static final int[] MPEG_2_BITRATES = {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160};

    /** Hz by ID and sampling_frequency (§2.4.2.3). */
    private static final int[][] SAMPLE_RATES = {{11025, 12000, 8000}, {}, {22050, 24000, 16000}, {44100, 48000, 32000}
    };

    private static final int MPEG_1 = 3;
    private static final int LAYER_3 = 1;
    private static final int MONO = 3;

    /** Of the header: syncword, ID, layer, protection_bit, sampling_frequency and emphasis. */
    private static final int SAME_IN_ALL = 0xFFFF0C03;

    /** Of the header: all but bitrate_index and padding_bit. */
    private static final int SOUND = 0xFFFF0DFF;

    /** Half of the 576 lines of a granule (§2.4.2.7). */
    private static final int MOST_BIG_VALUES = 288;

    private final byte[] bytes;
    private final byte[] reservoir;
    private final int header;
    private final int sideInformation;
    private final int mainDataBits;

    /**
     * @param bytes  header, side information, and what of main data stands before the next header
     * @param before main data before this frame that no frame has used
     * @throws UnjoinableException if the frame is damaged, or its main data is not all there
     */
    Mp3Frame(byte[] bytes, byte[] before) throws UnjoinableException {
        this.bytes = bytes;
        header = header(bytes);
        sideInformation = isMpeg1() ? isMono() ? 17 : 32 : isMono() ? 9 : 17;
        int begin = bits(HEADER * 8, isMpeg1() ? 9 : 8);
        mainDataBits = readSideInformation();
        if (begin > before.length || mainDataBytes() > begin + bytes.length - mainData()) {
            throw new UnjoinableException("The main data of a frame is not all there");
        }
        reservoir = Arrays.copyOfRange(before, before.length - begin, before.length);
    }

    /**
     * The bytes from a header to the next (§2.4.3.1, slots of one byte).
     *
     * @throws UnjoinableException if this is no header of layer III, or one with a free bitrate or a CRC, as LAME writes
     *     none unless it is asked to
     */
    static int length(byte[] frame) throws UnjoinableException {
        int header = header(frame);
        int id = header >>> 19 & 3;
        int bitrate = header >>> 12 & 15;
        int rate = header >>> 10 & 3;
        boolean valid = header >>> 21 == 0x7FF // syncword
                && (header >>> 17 & 3) == LAYER_3
                && (header >>> 16 & 1) == 1 // protection_bit: no CRC
                && rate < SAMPLE_RATES[id].length
                && bitrate > 0
                && bitrate < MPEG_1_BITRATES.length;
        if (!valid) {
            throw new UnjoinableException("There is no header where a frame should begin");
        }
        int bitsPerSecond = 1000 * (id == MPEG_1 ? MPEG_1_BITRATES : MPEG_2_BITRATES)[bitrate];
        return samples(id) / 8 * bitsPerSecond / SAMPLE_RATES[id][rate] + (header >>> 9 & 1);
    }

    /** Samples per channel. */
    int samples() {
        return samples(header >>> 19 & 3);
    }

    /** bitrate_index: equal numbers are equal bitrates. */
    int bitrate() {
        return header >>> 12 & 15;
    }

    int length() {
        return bytes.length;
    }

    /** The frame itself, not a copy. */
    byte[] bytes() {
        return bytes;
    }

    /** Where in the frame its part of main data begins. */
    int mainData() {
        return HEADER + sideInformation;
    }

    /** Main data before this frame that this frame or one after it may use: main_data_begin bytes. */
    byte[] reservoir() {
        return reservoir;
    }

    /** Main data up to the end of this frame that this frame does not use: what the next one may. */
    byte[] spare() {
        int own = bytes.length - mainData();
        int spare = Math.min(RESERVOIR, reservoir.length + own - mainDataBytes());
        if (spare <= own) {
            return Arrays.copyOfRange(bytes, bytes.length - spare, bytes.length);
        }
        byte[] all = allMainData();
        return Arrays.copyOfRange(all, all.length - spare, all.length);
    }

    /** Whether the frame, if it is no sound at all, has these letters where its main data should be. */
    boolean begins(String letters) {
        byte[] wanted = letters.getBytes(StandardCharsets.US_ASCII);
        int end = Math.min(bytes.length, mainData() + wanted.length);
        return Arrays.equals(bytes, mainData(), end, wanted, 0, wanted.length);
    }

    /** Whether both may be frames of one file. */
    boolean fits(Mp3Frame other) {
        return (header & SAME_IN_ALL) == (other.header & SAME_IN_ALL) && isMono() == other.isMono();
    }

    /** Whether a decoder makes the same of both, given the same frames before them. */
    boolean soundsLike(Mp3Frame other) {
        return (header & SOUND) == (other.header & SOUND) && Arrays.equals(sound(), other.sound());
    }

    /** Whether both encoders wrote this frame in the same way, so that they go on in the same way. */
    boolean isSameAs(Mp3Frame other) {
        return reservoir.length == other.reservoir.length && header == other.header && soundsLike(other);
    }

    /** Side information without main_data_begin, and main data without the bits that fill its last byte. */
    private byte[] sound() {
        byte[] sound = Arrays.copyOfRange(bytes, HEADER, mainData() + mainDataBytes());
        System.arraycopy(allMainData(), 0, sound, sideInformation, mainDataBytes());
        sound[0] = 0;
        if (isMpeg1()) {
            sound[1] &= 0x7F;
        }
        if (mainDataBits % 8 > 0) {
            sound[sound.length - 1] &= (byte) (0xFF00 >> mainDataBits % 8);
        }
        return sound;
    }

    private byte[] allMainData() {
        byte[] all = Arrays.copyOf(reservoir, reservoir.length + bytes.length - mainData());
        System.arraycopy(bytes, mainData(), all, reservoir.length, bytes.length - mainData());
        return all;
    }

    private int mainDataBytes() {
        return (mainDataBits + 7) / 8;
    }

    /** Bits of main data: the sum of part2_3_length over granules and channels (§2.4.1.7). */
    private int readSideInformation() throws UnjoinableException {
        int channels = isMono() ? 1 : 2;
        // main_data_begin, private_bits and, in MPEG-1, scfsi come first
        int at = HEADER * 8 + (isMpeg1() ? isMono() ? 9 + 5 + 4 : 9 + 3 + 8 : 8 + channels);
        int granules = isMpeg1() ? 2 : 1;
        int sum = 0;
        for (int i = 0; i < granules * channels; i++) {
            sum += bits(at, 12);
            int scalefactors = isMpeg1() ? 4 : 9; // scalefac_compress
            int windowSwitching = at + 12 + 9 + 8 + scalefactors;
            boolean normalBlock = bits(windowSwitching + 1, 2) == 0;
            if (bits(at + 12, 9) > MOST_BIG_VALUES || bits(windowSwitching, 1) == 1 && normalBlock) {
                throw new UnjoinableException("The side information of a frame is damaged");
            }
            at += isMpeg1() ? 59 : 63;
        }
        return sum;
    }

    private boolean isMpeg1() {
        return (header >>> 19 & 3) == MPEG_1;
    }

    boolean isMono() {
        return (header >>> 6 & 3) == MONO;
    }

    /** Samples per channel of any frame at this sample rate, in Hz: MPEG-1 begins at 32 kHz. */
    static int samplesAt(int sampleRate) {
        return samples(sampleRate < 32000 ? 0 : MPEG_1);
    }

    private static int samples(int id) {
        return id == MPEG_1 ? 1152 : 576;
    }

    private static int header(byte[] frame) {
        return (frame[0] & 0xFF) << 24 | (frame[1] & 0xFF) << 16 | (frame[2] & 0xFF) << 8 | frame[3] & 0xFF;
    }

    /** At most 16 of them, which three bytes hold wherever they begin; every frame has more behind its side information. */
    private int bits(int from, int count) {
        int at = from / 8;
        int three = (bytes[at] & 0xFF) << 16 | (bytes[at + 1] & 0xFF) << 8 | bytes[at + 2] & 0xFF;
        return three << 8 + from % 8 >>> 32 - count;
    }
}
