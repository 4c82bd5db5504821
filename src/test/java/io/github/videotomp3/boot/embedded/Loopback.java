package io.github.videotomp3.boot.embedded;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Finds out who else listens: a port that is taken on the loopback address alone is free on every other one. */
final class Loopback {

    private Loopback() {}

    static boolean isTheOnlyListenerOf(int port) throws IOException {
        return canListen("127.0.0.2", port) && !canListen("127.0.0.1", port);
    }

    private static boolean canListen(String host, int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(host, port));
            return true;
        } catch (BindException e) {
            return false;
        }
    }
}
