package io.github.videotomp3.converter;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Joins MP3 segments that several LAME encoders made of one sound into the MP3 that one encoder would have made: decoded
 * it is the same, sample for sample, and its Xing tag is right.
 *
 * <p>Neighbouring segments must overlap. Frames are only moved, and never encoded again; where one segment goes over into
 * the next, the spare bytes of the one's last frames take up what the other's first frame expects in its bit reservoir.
 * Memory holds the frames of one overlap, however long the sound.
 */
public final class Mp3Joiner {

    /**
     * Frames before an overlap whose main data a seam may still touch: so many of the smallest frames with spare bytes
     * (MPEG-2, stereo, 8 kbit/s: 3 bytes) fill the largest reservoir that such frames can point to (255 bytes).
     */
    static final int REACH = 85;

    /** Frames: longer overlaps would cost memory, and serve nobody. */
    private static final int LONGEST_OVERLAP = 2000;

    private static final int BUFFER = 1 << 16;

    private final OutputStream out;
    private final XingTag tag;
    private final Mp3Frame template;

    private Mp3Joiner(OutputStream out, Mp3Frame template) throws UnjoinableException {
        this.out = out;
        this.tag = new XingTag(template);
        this.template = template;
    }

    /**
     * Writes an MP3; there is none after an exception.
     *
     * @param segments in order; the first begins at frame 0, with the ID3v2 tag and Xing frame that the MP3 is to have
     * @param samples  in the whole sound, per channel
     * @throws UnjoinableException if segments are damaged, too short, or differ where they overlap
     * @throws IOException         if a segment cannot be read, or the output not be written
     */
    public static void join(List<Mp3Segment> segments, long samples, Path output)
            throws IOException, UnjoinableException {
        boolean joined = false;
        Path first = segments.get(0).file();
        try (Mp3Reader reader = new Mp3Reader(first);
                FileChannel channel = FileChannel.open(
                        output,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            copy(first, reader.id3Bytes(), channel);
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
            Mp3Frame template = required(reader.next());
            out.write(template.bytes());
            Mp3Joiner joiner = new Mp3Joiner(out, template);
            joiner.write(reader, segments.subList(1, segments.size()));
            out.flush();
            channel.write(ByteBuffer.wrap(joiner.tag.frame(samples)), reader.id3Bytes());
            joined = true;
        } finally {
            if (!joined) {
                Files.deleteIfExists(output);
            }
        }
    }

    /** Writes what is left of a segment, and those that follow it. */
    private void write(Mp3Reader reader, List<Mp3Segment> following) throws IOException, UnjoinableException {
        if (following.isEmpty()) {
            for (Mp3Frame frame = reader.next(); frame != null; frame = reader.next()) {
                write(frame);
            }
            return;
        }
        Mp3Segment next = following.get(0);
        try (Mp3Reader later = new Mp3Reader(next.file())) {
            writeToSeam(reader, later, next.firstFrame());
            write(later, following.subList(1, following.size()));
        }
    }

    /** Writes the one up to the seam, and leaves the other where it goes on. */
    private void writeToSeam(Mp3Reader earlier, Mp3Reader later, long firstFrame)
            throws IOException, UnjoinableException {
        while (tag.frames() < firstFrame - REACH) {
            write(required(earlier.next()));
        }
        List<Mp3Frame> end = earlier.next(LONGEST_OVERLAP + REACH);
        int before = (int) (firstFrame - tag.frames());
        if (before < 0 || before > end.size() || earlier.next() != null) {
            throw new UnjoinableException("Segments overlap not at all, or too much");
        }
        List<Mp3Frame> beginning = later.next(end.size() - before);
        int seam = beginning.size() < end.size() - before ? -1 : Seam.find(end.subList(before, end.size()), beginning);
        if (seam < 0) {
            throw new UnjoinableException("Segments differ around frame " + firstFrame);
        }
        List<Mp3Frame> kept = end.subList(0, before + seam);
        fill(kept, beginning.get(seam).reservoir());
        for (Mp3Frame frame : kept) {
            write(frame);
        }
        later.unread(beginning.subList(seam, beginning.size()));
    }

    /** Puts main data at the end of frames: no frame among them uses those bytes, as {@link Seam} made sure. */
    private static void fill(List<Mp3Frame> frames, byte[] mainData) throws UnjoinableException {
        int left = mainData.length;
        for (int i = frames.size() - 1; left > 0; i--) {
            if (i < 0) {
                throw new UnjoinableException("Segments overlap too close to each other");
            }
            Mp3Frame frame = frames.get(i);
            int part = Math.min(left, frame.length() - frame.mainData());
            left -= part;
            System.arraycopy(mainData, left, frame.bytes(), frame.length() - part, part);
        }
    }

    private void write(Mp3Frame frame) throws IOException, UnjoinableException {
        if (!frame.fits(template)) {
            throw new UnjoinableException("Frames have not the same sample rate or number of channels");
        }
        out.write(frame.bytes());
        tag.add(frame);
    }

    private static Mp3Frame required(Mp3Frame frame) throws UnjoinableException {
        if (frame == null) {
            throw new UnjoinableException("A segment ends too early");
        }
        return frame;
    }

    private static void copy(Path file, long bytes, FileChannel to) throws IOException {
        try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ)) {
            for (long at = 0; at < bytes; ) {
                at += from.transferTo(at, bytes - at, to);
            }
        }
    }
}
