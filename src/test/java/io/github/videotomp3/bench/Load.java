package io.github.videotomp3.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The same request again and again. */
final class Load {

    private Load() {}

    /** Requests per second over several connections, each of which sends one as soon as it has the answer to the last. */
    static double perSecond(int port, byte[] request, int connections, Duration time) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(connections);
        try {
            long start = System.nanoTime();
            List<Callable<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                tasks.add(() -> latencies(port, request, start + time.toNanos(), Integer.MAX_VALUE)
                        .size());
            }
            double count = 0;
            for (Future<Integer> done : clients.invokeAll(tasks)) {
                count += done.get();
            }
            return count * 1e9 / (System.nanoTime() - start);
        } finally {
            clients.shutdown();
        }
    }

    /** Milliseconds within which 99 of 100 requests are answered, over one connection, one after the other. */
    static double p99(int port, byte[] request, int requests, Duration atMost) throws IOException {
        long[] sorted = latencies(port, request, System.nanoTime() + atMost.toNanos(), requests).stream()
                .mapToLong(Long::longValue)
                .toArray();
        Arrays.sort(sorted);
        return sorted[(int) Math.ceil(sorted.length * 0.99) - 1] / 1e6;
    }

    private static List<Long> latencies(int port, byte[] request, long end, int most) throws IOException {
        List<Long> latencies = new ArrayList<>();
        Wire wire = new Wire(port);
        try {
            for (long now = System.nanoTime(); now < end && latencies.size() < most; ) {
                boolean isLast = wire.send(request).isLast();
                if (isLast) {
                    wire.close();
                    wire = new Wire(port);
                }
                long next = System.nanoTime();
                latencies.add(next - now);
                now = next;
            }
        } finally {
            wire.close();
        }
        return latencies;
    }
}
