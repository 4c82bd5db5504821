package io.github.videotomp3.gateway;

import io.github.videotomp3.camel.Refusal;
import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of the one file in a multipart request, straight from the connection. What makes the request a wrong one -
 * nothing in the file, too much of it, a second file behind it - is found out while reading and thrown as an
 * {@link IOException} around a {@link Refusal}, upon which GridFS takes back what it has written.
 */
public final class UploadedVideo extends InputStream {

    private final Form form;
    private final InputStream file;
    private final String name;
    private final long maxBytes;
    private long bytes;
    private boolean ended;

    private UploadedVideo(Form form, Form.Part part, long maxBytes) {
        this.form = form;
        this.file = part.bytes();
        this.name = FileNames.clean(part.fileName());
        this.maxBytes = maxBytes;
    }

    /** Skips form fields up to the first file. */
    static UploadedVideo first(Form form, long maxBytes) throws IOException {
        Form.Part part = nextFile(form);
        if (part == null) {
            throw oneFile("it has none");
        }
        return new UploadedVideo(form, part, maxBytes);
    }

    private static Form.Part nextFile(Form form) throws IOException {
        Form.Part part = form.next();
        while (part != null && (part.fileName() == null || part.fileName().isEmpty())) {
            part = form.next();
        }
        return part;
    }

    /** What its sender calls it, without folders and control characters, never empty. */
    public String name() {
        return name;
    }

    /** How much has been read; at the end, the video's size. */
    public long bytes() {
        return bytes;
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
        if (bytes > maxBytes) {
            throw new IOException(tooLarge(maxBytes));
        }
        return count;
    }

    private void end() throws IOException {
        ended = true;
        if (bytes == 0) {
            throw new IOException(Refusal.of(400, "empty file", "The file \"" + name + "\" has no bytes."));
        }
        if (nextFile(form) != null) {
            throw new IOException(oneFile("it has more than one"));
        }
    }

    static Refusal tooLarge(long maxBytes) {
        return Refusal.of(413, "too large", "A video may have at most " + maxBytes + " bytes.")
                .withHeader("Connection", "close");
    }

    private static Refusal oneFile(String what) {
        return Refusal.of(400, "exactly 1 file required", "Send one file part in the multipart body; " + what + ".");
    }
}
