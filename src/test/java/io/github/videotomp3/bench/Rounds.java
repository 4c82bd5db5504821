package io.github.videotomp3.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** One quantity in several rounds, each time beside its baseline, which is measured just before or after it. */
final class Rounds {

    private record Round(double ours, double baseline) {}

    private final List<Round> rounds = new ArrayList<>();

    void add(double ours, double baseline) {
        rounds.add(new Round(ours, baseline));
    }

    /** For what has no baseline. */
    void add(double ours) {
        add(ours, Double.NaN);
    }

    String ours() {
        return spread(Round::ours);
    }

    String baseline() {
        return spread(Round::baseline);
    }

    /** Of each round by itself: what disturbs a shared machine for a while disturbs both sides of a round. */
    String ratio() {
        return spread(round -> round.ours() / round.baseline());
    }

    String difference() {
        return spread(round -> round.ours() - round.baseline());
    }

    /** The median, and in brackets the least and the most. */
    private String spread(ToDoubleFunction<Round> value) {
        double[] sorted = rounds.stream().mapToDouble(value).sorted().toArray();
        if (Arrays.stream(sorted).anyMatch(Double::isNaN)) {
            return "";
        }
        return String.format(
                Locale.ROOT, "%.3g (%.3g..%.3g)", sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
    }
}
