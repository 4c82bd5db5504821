package io.github.videotomp3.gateway;

import io.github.videotomp3.camel.Refusal;
import io.github.videotomp3.job.Mp3Options;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/**
 * The bytes of the one file in a multipart request, straight from the connection. What makes the request a wrong one -
 * nothing in the file, too much of it, a second file or an option behind it - is found out while reading and thrown as an
 * {@link IOException} around a {@link Refusal}, upon which GridFS takes back what it has written.
 */
public final class UploadedVideo extends InputStream {

    /** Bytes of an option: more than the longest tag takes. */
    private static final int LONGEST_OPTION = 4096;

    private static final int MOST_OPTIONS = 100;

    private final Form form;
    private final CheckedInputStream file;
    private final String name;
    private final Mp3Options options;
    private final long maxBytes;
    private final Runnable alive;
    private long bytes;
    private boolean ended;

    private UploadedVideo(Form form, Form.Part part, Mp3Options options, long maxBytes, Runnable alive) {
        this.form = form;
        this.file = new CheckedInputStream(new ReadAhead(part.bytes()), new CRC32C());
        this.name = FileNames.clean(part.fileName());
        this.options = options;
        this.maxBytes = maxBytes;
        this.alive = alive;
    }

    /**
     * Reads form fields up to the first file.
     *
     * @param sent options that came before the form
     * @param alive called while the file is read
     * @throws IllegalArgumentException if a field is no option, or the options do not go together
     */
    static UploadedVideo first(Form form, List<Map.Entry<String, String>> sent, long maxBytes, Runnable alive)
            throws IOException {
        List<Map.Entry<String, String>> options = new ArrayList<>(sent);
        for (Form.Part part = form.next(); part != null; part = form.next()) {
            if (isFile(part)) {
                return new UploadedVideo(form, part, Mp3Options.of(options), maxBytes, alive);
            }
            if (isField(part)) {
                options.add(Map.entry(part.name(), value(part)));
                if (options.size() > MOST_OPTIONS) {
                    throw new IllegalArgumentException("There are more than " + MOST_OPTIONS + " form fields.");
                }
            }
        }
        throw oneFile("it has none");
    }

    private static boolean isFile(Form.Part part) {
        return part.fileName() != null && !part.fileName().isEmpty();
    }

    private static boolean isField(Form.Part part) {
        return part.fileName() == null && part.name() != null;
    }

    private static String value(Form.Part part) throws IOException {
        byte[] value = part.bytes().readNBytes(LONGEST_OPTION + 1);
        if (value.length > LONGEST_OPTION) {
            throw new IllegalArgumentException("A form field has more than " + LONGEST_OPTION + " bytes.");
        }
        return new String(value, StandardCharsets.UTF_8);
    }

    /** What its sender wishes of the MP3. */
    public Mp3Options options() {
        return options;
    }

    /** What its sender calls it, without folders and control characters, never empty. */
    public String name() {
        return name;
    }

    /** How much has been read; at the end, the video's size. */
    public long bytes() {
        return bytes;
    }

    /** The CRC-32C (RFC 3720 §12.1) of what has been read; at the end, the video's. */
    public long crc32c() {
        return file.getChecksum().getValue();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (ended) {
            return -1;
        }
        int count = file.read(target, offset, length);
        if (count < 0) {
            end();
            return -1;
        }
        bytes += count;
        alive.run();
        if (bytes > maxBytes) {
            throw new IOException(tooLarge(maxBytes));
        }
        return count;
    }

    /** Nothing reads from the connection any more when this returns. */
    @Override
    public void close() throws IOException {
        file.close();
    }

    private void end() throws IOException {
        ended = true;
        if (bytes == 0) {
            throw new IOException(Refusal.of(400, "empty file", "The file \"" + name + "\" has no bytes."));
        }
        boolean optionBehind = false;
        for (Form.Part part = form.next(); part != null; part = form.next()) {
            if (isFile(part)) {
                throw new IOException(oneFile("it has more than one"));
            }
            optionBehind |= isField(part);
        }
        if (optionBehind) {
            throw new IOException(badOption("Options stand before the file in a form; one stands behind it."));
        }
    }

    /** Nobody reads the rest of the body: a sender that waits until it is taken would wait for long. */
    static Refusal badOption(String detail) {
        return Refusal.of(400, "bad option", detail).withHeader("Connection", "close");
    }

    static Refusal tooLarge(long maxBytes) {
        return Refusal.of(413, "too large", "A video may have at most " + maxBytes + " bytes.")
                .withHeader("Connection", "close");
    }

    private static Refusal oneFile(String what) {
        return Refusal.of(400, "exactly 1 file required", "Send one file part in the multipart body; " + what + ".");
    }
}
