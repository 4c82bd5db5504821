package io.github.videotomp3.converter;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The first frame of an MP3, which holds no sound: how many frames and bytes there are and where (Xing), and what
 * belongs to the sound of the first and the last of them (LAME, "Mp3 Info Tag revision 1").
 *
 * <p>It counts the frames that are to follow. What it does not count stays as it was in the template.
 */
final class XingTag {

    // bytes from the end of the side information; in Xing all four fields are there: flags 0x0F
    private static final int FLAGS = 4;
    private static final int FRAMES = 8;
    private static final int BYTES = 12;
    private static final int TOC = 16;
    private static final int DELAYS = 141;
    private static final int MUSIC_LENGTH = 148;
    private static final int MUSIC_CRC = 152;
    private static final int TAG_CRC = 154;
    private static final int END = 156;

    private static final int ALL_FIELDS = 0x0F;
    private static final int TOC_ENTRIES = 100;

    /** Samples: LAME lets at least so many follow the sound, and less than a frame more (lame.c, lame_encode_flush). */
    private static final int LEAST_PADDING = 576;

    /** By how many bytes later, and by byte: what a byte does to the CRC. */
    private static final int[][] CRC_16 = crc16Tables(4);

    private final Mp3Frame template;

    /** Bytes up to the end of every step-th frame. */
    private final long[] ends = new long[4 * TOC_ENTRIES];

    private int entries;
    private int step = 1;

    private Mp3Frame first;
    private long frames;
    private long bytes;
    private int crc;
    private boolean variable;

    /**
     * @param template with a Xing or Info tag, such as FFmpeg's libavformat writes
     * @throws UnjoinableException if it has none
     */
    XingTag(Mp3Frame template) throws UnjoinableException {
        int at = template.mainData();
        boolean tag = template.begins("Xing") || template.begins("Info");
        if (!tag
                || template.length() < at + END
                || ByteBuffer.wrap(template.bytes()).getInt(at + FLAGS) != ALL_FIELDS) {
            throw new UnjoinableException("The first segment does not begin with a Xing tag");
        }
        this.template = template;
        bytes = template.length();
    }

    /** How many were counted. */
    long frames() {
        return frames;
    }

    void add(Mp3Frame frame) {
        if (first == null) {
            first = frame;
        }
        variable |= frame.bitrate() != first.bitrate();
        frames++;
        bytes += frame.length();
        crc = crc16(crc, frame.bytes(), frame.length());
        if (frames % step == 0) {
            ends[entries++] = bytes;
            if (entries == ends.length) {
                thinOut();
            }
        }
    }

    /**
     * The frame with the tag.
     *
     * @param samples of sound, per channel
     * @throws UnjoinableException if an encoder would not have made so many frames of so many samples
     */
    byte[] frame(long samples) throws UnjoinableException {
        byte[] frame = template.bytes().clone();
        int at = template.mainData();
        ByteBuffer tag = ByteBuffer.wrap(frame, at, END).slice();
        // two numbers of 12 bits: samples to skip at the beginning, and at the end
        int delay = (tag.getShort(DELAYS) & 0xFFFF) >> 4;
        long padding = frames * template.samples() - delay - samples;
        if (padding < LEAST_PADDING || padding >= LEAST_PADDING + template.samples()) {
            throw new UnjoinableException(frames + " frames are not what " + samples + " samples become");
        }
        tag.put(0, (variable ? "Xing" : "Info").getBytes(StandardCharsets.US_ASCII));
        tag.putInt(FRAMES, (int) frames);
        tag.putInt(BYTES, (int) bytes);
        for (int i = 1; i < TOC_ENTRIES; i++) {
            tag.put(TOC + i, (byte) Math.min(255, 256 * ends[i * entries / TOC_ENTRIES] / bytes));
        }
        tag.put(DELAYS + 1, (byte) (delay << 4 | padding >> 8));
        tag.put(DELAYS + 2, (byte) padding);
        tag.putInt(MUSIC_LENGTH, (int) bytes);
        tag.putShort(MUSIC_CRC, (short) crc);
        // of all before it, as LAME has it; FFmpeg takes 190 bytes, which is the same in MPEG-1 with two channels
        tag.putShort(TAG_CRC, (short) crc16(0, frame, at + TAG_CRC));
        return frame;
    }

    private void thinOut() {
        entries /= 2;
        for (int i = 0; i < entries; i++) {
            ends[i] = ends[2 * i + 1];
        }
        step *= 2;
    }

    /** Four bytes at a time: of joining, a byte at a time took more than half. */
    private static int crc16(int start, byte[] bytes, int length) {
        int crc = start;
        int i = 0;
        for (; i + 4 <= length; i += 4) {
            crc ^= bytes[i] & 0xFF | (bytes[i + 1] & 0xFF) << 8;
            crc = CRC_16[3][crc & 0xFF]
                    ^ CRC_16[2][crc >> 8]
                    ^ CRC_16[1][bytes[i + 2] & 0xFF]
                    ^ CRC_16[0][bytes[i + 3] & 0xFF];
        }
        for (; i < length; i++) {
            crc = crc >> 8 ^ CRC_16[0][(crc ^ bytes[i]) & 0xFF];
        }
        return crc;
    }

    /** CRC-16/ARC: x^16 + x^15 + x^2 + 1, lowest bit first, from 0. */
    private static int[][] crc16Tables(int count) {
        int[][] tables = new int[count][256];
        for (int i = 0; i < 256; i++) {
            int crc = i;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc >> 1 ^ (crc & 1) * 0xA001;
            }
            tables[0][i] = crc;
        }
        for (int later = 1; later < count; later++) {
            for (int i = 0; i < 256; i++) {
                int crc = tables[later - 1][i];
                tables[later][i] = crc >> 8 ^ tables[0][crc & 0xFF];
            }
        }
        return tables;
    }
}
