package io.github.videotomp3.job;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.bson.Document;

/**
 * The CRC-32C (RFC 3720 §12.1) of each chunk of a file, taken while its bytes go by and kept in the file's metadata. A
 * disk or a store that gives back other bytes than it was given is then found out before they are served.
 */
final class Checksums extends FilterInputStream {

    private static final String KEY = "crc32c";

    private final List<Long> sums = new ArrayList<>();
    private final Document metadata = new Document(KEY, sums);
    private final CRC32C sum = new CRC32C();
    private final int chunkSize;
    private int filled;

    Checksums(InputStream bytes, int chunkSize) {
        super(bytes);
        this.chunkSize = chunkSize;
    }

    /** Grows while the stream is read, and is complete at its end. */
    Document metadata() {
        return metadata;
    }

    /** Whether a chunk is as it was stored; true for files that were stored without checksums. */
    static boolean fits(Document metadata, int number, byte[] chunk) {
        List<Long> sums = metadata == null ? null : metadata.getList(KEY, Long.class);
        if (sums == null) {
            return true;
        }
        CRC32C sum = new CRC32C();
        sum.update(chunk, 0, chunk.length);
        return number < sums.size() && sums.get(number) == sum.getValue();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = super.read(target, offset, length);
        if (count < 0 && filled > 0) {
            note();
        }
        for (int done = 0; done < count; ) {
            int part = Math.min(count - done, chunkSize - filled);
            sum.update(target, offset + done, part);
            done += part;
            filled += part;
            if (filled == chunkSize) {
                note();
            }
        }
        return count;
    }

    private void note() {
        sums.add(sum.getValue());
        sum.reset();
        filled = 0;
    }
}
