package io.github.videotomp3.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One connection that is kept alive, and just as much of HTTP/1.1 as the answers of a servlet container need. It costs
 * next to nothing, since what the client costs is taken from the server on the same machine; bodies are dropped, and files
 * go out by the kernel alone.
 */
final class Wire implements AutoCloseable {

    private static final String BOUNDARY = "boundary-of-a-benchmark";
    private static final Pattern LENGTH = Pattern.compile("\r\ncontent-length: *(\\d+)\r\n");
    private static final Pattern LOCATION = Pattern.compile("\r\nLocation: */jobs/(\\p{XDigit}{24})\r\n");

    private final SocketChannel socket;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16).flip();

    /**
     * An answer without its body.
     *
     * @param bytes of the body
     * @param firstByte when that began to arrive, by {@link System#nanoTime()}
     */
    record Answer(int status, String head, long bytes, long firstByte) {

        /** Whether the server closes the connection, as Tomcat does after 100 requests. */
        boolean isLast() {
            return head.contains("\r\nConnection: close\r\n");
        }

        /** The id of the job that an upload has made. */
        String job() {
            Matcher location = LOCATION.matcher(head);
            if (!location.find()) {
                throw new IllegalStateException(head);
            }
            return location.group(1);
        }
    }

    Wire(int port) throws IOException {
        socket = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    static byte[] get(String path, String token) {
        return head("GET", path, token, "");
    }

    private static byte[] head(String method, String path, String token, String more) {
        return bytes(method + ' ' + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + token + "\r\n"
                + more + "\r\n");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** @throws IllegalStateException if the answer is not 200 */
    Answer send(byte[] request) throws IOException {
        write(request);
        return answer(200);
    }

    /** @throws IllegalStateException if the video is not accepted */
    Answer upload(Path video, String token) throws IOException {
        byte[] before = bytes("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\""
                + video.getFileName() + "\"\r\nContent-Type: video/mp4\r\n\r\n");
        byte[] after = bytes("\r\n--" + BOUNDARY + "--\r\n");
        try (FileChannel file = FileChannel.open(video)) {
            write(head(
                    "POST",
                    "/upload",
                    token,
                    "Content-Type: multipart/form-data; boundary=" + BOUNDARY + "\r\nContent-Length: "
                            + (before.length + file.size() + after.length) + "\r\n"));
            write(before);
            for (long sent = 0; sent < file.size(); ) {
                sent += file.transferTo(sent, file.size() - sent, socket);
            }
            write(after);
        }
        return answer(202);
    }

    private void write(byte[] bytes) throws IOException {
        for (ByteBuffer left = ByteBuffer.wrap(bytes); left.hasRemaining(); ) {
            socket.write(left);
        }
    }

    private Answer answer(int expected) throws IOException {
        StringBuilder text = new StringBuilder();
        do {
            text.append((char) read());
        } while (text.length() < 4 || text.lastIndexOf("\r\n\r\n") != text.length() - 4);
        String head = text.toString();
        int status = Integer.parseInt(head.substring(9, 12));
        if (status != expected) {
            throw new IllegalStateException(head);
        }
        fill();
        long firstByte = System.nanoTime();
        Matcher length = LENGTH.matcher(head.toLowerCase(Locale.ROOT));
        return new Answer(
                status, head, length.find() ? skip(Long.parseLong(length.group(1))) : skipChunks(), firstByte);
    }

    private long skipChunks() throws IOException {
        long sum = 0;
        for (long size = size(); size > 0; size = size()) {
            sum += skip(size);
            skip(2);
        }
        skip(2);
        return sum;
    }

    private long size() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = read(); next != '\n'; next = read()) {
            line.append((char) next);
        }
        return Long.parseLong(line.toString().strip(), 16);
    }

    private long skip(long count) throws IOException {
        for (long left = count; left > 0; ) {
            fill();
            int part = (int) Math.min(left, buffer.remaining());
            buffer.position(buffer.position() + part);
            left -= part;
        }
        return count;
    }

    private int read() throws IOException {
        fill();
        return buffer.get();
    }

    private void fill() throws IOException {
        if (!buffer.hasRemaining()) {
            buffer.clear();
            if (socket.read(buffer) < 0) {
                throw new EOFException("the server closed the connection");
            }
            buffer.flip();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
