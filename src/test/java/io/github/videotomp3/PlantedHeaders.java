package io.github.videotomp3;

import java.util.ArrayList;
import java.util.List;

/** Headers with which a stranger would steer a component, if they reached it. */
public final class PlantedHeaders {

    public static final String VALUE = "planted";

    public static final List<String> NAMES = List.of(
            "Bcc",
            "Cc",
            "Subject",
            "To",
            "gridfs.operation",
            "gridfs.metadata",
            "CamelExecCommandExecutable",
            "CamelFileName",
            "mail.smtp.host",
            "X-More");

    private PlantedHeaders() {}

    /** As names and values by turns, with more of them behind. */
    public static String[] with(String... more) {
        List<String> headers = new ArrayList<>();
        for (String name : NAMES) {
            headers.add(name);
            headers.add(VALUE);
        }
        headers.addAll(List.of(more));
        return headers.toArray(String[]::new);
    }

    /** A query that has a parameter of each name, and {@code authorization}. */
    public static String query() {
        return String.join("=" + VALUE + "&", NAMES) + "=" + VALUE + "&authorization=" + VALUE;
    }
}
