package io.github.videotomp3.k8s;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Passes connections on, each to the address that the supplier names then. */
final class TcpProxy implements Closeable {

    private final ServerSocket listening;
    private final Supplier<InetSocketAddress> target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    TcpProxy(InetSocketAddress address, Supplier<InetSocketAddress> target) {
        this.target = target;
        try {
            listening = new ServerSocket();
            listening.setReuseAddress(true);
            listening.bind(address);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on " + address, e);
        }
        thread(this::accept);
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "tcp-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                open.add(client);
                connect(client);
            } catch (IOException e) {
                // closed, or a client that went away
            }
        }
    }

    private void connect(Socket client) throws IOException {
        Socket server = new Socket();
        open.add(server);
        try {
            server.connect(target.get(), 2000);
        } catch (IOException e) {
            close(client);
            close(server);
            return;
        }
        thread(() -> pump(client, server));
        thread(() -> pump(server, client));
    }

    private void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            close(from);
            close(to);
        }
    }

    private void close(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            // it is gone all the same
        }
    }

    /** Ends all connections; new ones are taken. */
    void disconnect() {
        open.forEach(this::close);
    }

    @Override
    public void close() throws IOException {
        listening.close();
        disconnect();
    }
}
