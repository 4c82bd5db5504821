package io.github.videotomp3.bench;

import java.util.ArrayList;
import java.util.List;

/** What was measured, in Markdown. Nothing here judges a figure: a machine may be busy. */
final class Table {

    private final List<String> lines = new ArrayList<>(List.of(
            "| what | unit | median (min..max) | baseline | its median | ratio or difference | reach |",
            "|---|---|---|---|---|---|---|"));

    /** @param reach what the ratio ought to be */
    void ratio(String what, String unit, Rounds rounds, String baseline, String reach) {
        line(what, unit, rounds.ours(), baseline, rounds.baseline(), rounds.ratio(), reach);
    }

    /** @param reach what the difference ought to be */
    void difference(String what, String unit, Rounds rounds, String baseline, String reach) {
        line(what, unit, rounds.ours(), baseline, rounds.baseline(), "+ " + rounds.difference(), reach);
    }

    /** @param reach what the quantity itself ought to be */
    void value(String what, String unit, Rounds rounds, String reach) {
        line(what, unit, rounds.ours(), "", "", "", reach);
    }

    private void line(String... cells) {
        lines.add("| " + String.join(" | ", cells) + " |");
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}
