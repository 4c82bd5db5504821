package io.github.videotomp3.boot.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports that nobody listens on. They lie below those that a system gives to connections (from 32768 on with Linux, from 49152
 * on by RFC 6335): one of those could be somebody's between the asking and the listening.
 */
public final class FreePort {

    private static final int FIRST = 10_000;
    private static final int END = 32_768;

    private FreePort() {}

    public static int next() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // somebody's: another one
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
