package io.github.videotomp3.boot.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** The one address on which everything embedded listens, and the question whether a port on it is still free. */
final class LoopbackPort {

    static final String HOST = "127.0.0.1";

    private LoopbackPort() {}

    /** @throws IllegalStateException if the port is taken, in a sentence that names the port and who wanted it */
    static void requireFree(int port, String owner) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true); // a port whose last connections are only fading away counts as free
            socket.bind(new InetSocketAddress(InetAddress.getByName(HOST), port));
        } catch (IOException e) {
            throw new IllegalStateException(
                    "The %s cannot listen on %s:%d: %s".formatted(owner, HOST, port, e.getMessage()), e);
        }
    }
}
