package io.github.videotomp3.boot.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** The one address on which everything embedded listens, and the question whether a port on it is still free. */
final class LoopbackPort {

    static final String HOST = "127.0.0.1";

    private LoopbackPort() {}

    /** @throws IllegalStateException if the port is taken, in a sentence that names the setting and who wanted the port */
    static void requireFree(int port, String setting, String owner) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true); // a port whose last connections are only fading away counts as free
            socket.bind(new InetSocketAddress(InetAddress.getByName(HOST), port));
        } catch (IOException e) {
            throw new IllegalStateException(
                    "%s is %d, where the %s cannot listen (%s): stop the program that does, or choose another port"
                            .formatted(setting, port, owner, e.getMessage()),
                    e);
        }
    }
}
