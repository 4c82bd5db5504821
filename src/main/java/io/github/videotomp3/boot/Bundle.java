package io.github.videotomp3.boot;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** A part of the program that can be deployed alone; its routes lie in the folder of its name. */
enum Bundle {
    AUTH,
    GATEWAY,
    CONVERTER,
    NOTIFICATION;

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads the setting {@code bundles}.
     *
     * @param names names separated by commas; nothing means all
     * @throws IllegalArgumentException if a name is wrong
     */
    static Set<Bundle> named(String names) {
        if (names == null || names.isBlank()) {
            return EnumSet.allOf(Bundle.class);
        }
        return Arrays.stream(names.split(","))
                .map(name -> Arrays.stream(values())
                        .filter(bundle -> bundle.key().equals(name.strip()))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("BUNDLES names \"" + name.strip()
                                + "\", but there are only auth, gateway, converter and notification")))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Bundle.class)));
    }
}
