package io.github.videotomp3;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Passes connections on, each to the address that the supplier names then; a network that can be made a bad one. */
public final class TcpProxy implements Closeable {

    private static final int BUFFER = 1 << 16;

    private final ServerSocket listening;
    private final Supplier<InetSocketAddress> target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Object passage = new Object();
    private volatile boolean refusing;
    private boolean swallowing;
    private long delayMillis;

    public TcpProxy(InetSocketAddress address, Supplier<InetSocketAddress> target) {
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

    public int port() {
        return listening.getLocalPort();
    }

    /** Breaks all connections; new ones are made as ever. */
    public void cut() {
        open.forEach(this::close);
    }

    /** As if nobody listened: connections are broken, and new ones too, until it is told otherwise. */
    public void refuse(boolean refuse) {
        refusing = refuse;
        if (refuse) {
            cut();
        }
    }

    /** As if a cable were out: connections stay, nothing arrives, until it is told otherwise. */
    public void swallow(boolean swallow) {
        synchronized (passage) {
            swallowing = swallow;
            passage.notifyAll();
        }
    }

    /** Holds each piece back for so long. */
    public void delay(long millis) {
        synchronized (passage) {
            delayMillis = millis;
            passage.notifyAll();
        }
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
                thread(() -> connect(client));
            } catch (IOException e) {
                // closed, or a client that went away
            }
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        open.add(server);
        try {
            if (refusing) {
                throw new IOException("nobody listens");
            }
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
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                awaitPassage();
                out.write(buffer, 0, count);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            close(from);
            close(to);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitPassage() throws InterruptedException {
        synchronized (passage) {
            long until = System.nanoTime() + delayMillis * 1_000_000;
            for (long left = delayMillis; left > 0 && delayMillis > 0; left = (until - System.nanoTime()) / 1_000_000) {
                passage.wait(left);
            }
            while (swallowing) {
                passage.wait();
            }
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

    @Override
    public void close() throws IOException {
        listening.close();
        swallow(false);
        cut();
    }
}
