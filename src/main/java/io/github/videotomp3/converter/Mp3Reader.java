package io.github.videotomp3.converter;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/** Reads an MP3 frame by frame; nothing may stand between the frames or after them. */
final class Mp3Reader implements Closeable {

    private static final int BUFFER = 1 << 16;
    private static final int ID3_HEADER = 10;

    private final InputStream stream;
    private final long id3Bytes;
    private byte[] before = new byte[0];
    private Iterator<Mp3Frame> ahead = Collections.emptyIterator();

    Mp3Reader(Path file) throws IOException, UnjoinableException {
        stream = new BufferedInputStream(Files.newInputStream(file), BUFFER);
        try {
            id3Bytes = skipId3();
        } catch (EOFException e) {
            stream.close();
            throw new UnjoinableException("The ID3v2 tag is cut short");
        }
    }

    /** Bytes of an ID3v2 tag before the frames; 0 if there is none. */
    long id3Bytes() {
        return id3Bytes;
    }

    /**
     * The next frame; null if there is none.
     *
     * @throws UnjoinableException if what comes next is no whole frame
     */
    Mp3Frame next() throws IOException, UnjoinableException {
        if (ahead.hasNext()) {
            return ahead.next();
        }
        byte[] header = stream.readNBytes(Mp3Frame.HEADER);
        if (header.length == 0) {
            return null;
        }
        int length = header.length < Mp3Frame.HEADER ? -1 : Mp3Frame.length(header);
        byte[] bytes = Arrays.copyOf(header, Math.max(length, header.length));
        int rest = length - header.length;
        if (rest < 0 || stream.readNBytes(bytes, header.length, rest) < rest) {
            throw new UnjoinableException("The last frame is cut short");
        }
        Mp3Frame frame = new Mp3Frame(bytes, before);
        before = frame.spare();
        return frame;
    }

    /** The next frames, as many as there are, at most so many. */
    List<Mp3Frame> next(int most) throws IOException, UnjoinableException {
        List<Mp3Frame> frames = new ArrayList<>();
        while (frames.size() < most) {
            Mp3Frame frame = next();
            if (frame == null) {
                break;
            }
            frames.add(frame);
        }
        return frames;
    }

    /** Lets the frames come again that came last. */
    void unread(List<Mp3Frame> frames) {
        ahead = frames.iterator();
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }

    /** ID3v2.4.0 structure §3.1: the size is in four bytes of seven bits, and does not count the tag's own header. */
    private long skipId3() throws IOException {
        stream.mark(ID3_HEADER);
        byte[] tag = stream.readNBytes(ID3_HEADER);
        if (tag.length < ID3_HEADER || tag[0] != 'I' || tag[1] != 'D' || tag[2] != '3') {
            stream.reset();
            return 0;
        }
        int size = (tag[6] & 0x7F) << 21 | (tag[7] & 0x7F) << 14 | (tag[8] & 0x7F) << 7 | tag[9] & 0x7F;
        stream.skipNBytes(size);
        return ID3_HEADER + size;
    }
}
