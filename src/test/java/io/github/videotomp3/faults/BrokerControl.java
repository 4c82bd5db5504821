package io.github.videotomp3.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A real RabbitMQ that can be told to misbehave: {@value #VARIABLE} names a program like rabbitmqctl, as in {@code .ci/run}. */
final class BrokerControl {

    static final String VARIABLE = "RABBITMQ_CONTROL";

    private BrokerControl() {}

    static boolean isThere() {
        return System.getenv(VARIABLE) != null;
    }

    /**
     * How many messages each queue has, with those that somebody has been given and has not acknowledged, who may be cut
     * off, and those that a retry queue can't pass on.
     */
    static Map<String, Long> messages() {
        return run("-s", "list_queues", "name", "messages")
                .lines()
                .map(line -> line.split("\t"))
                .collect(Collectors.toMap(columns -> columns[0], columns -> Long.parseLong(columns[1])));
    }

    static String run(String... arguments) {
        List<String> command = new ArrayList<>(List.of(System.getenv(VARIABLE)));
        command.addAll(List.of(arguments));
        try {
            Process control =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(control.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (control.waitFor() != 0) {
                throw new IllegalStateException(command + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
