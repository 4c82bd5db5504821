package io.github.videotomp3.camel;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;

/**
 * Lets only named headers pass between a transport and a route, each direction with its own list. Camel's own filters
 * block names that begin with "Camel" and let all others pass, so that whoever sends an HTTP request or a message could
 * choose the recipients of a mail, the operation of a GridFS endpoint, or read his token in somebody's log.
 */
public class HeaderAllowList implements HeaderFilterStrategy {

    private final Set<String> in;
    private final Set<String> out;

    /**
     * @param in the names that may come in, separated by commas, in any case
     * @param out the names that may go out
     */
    public HeaderAllowList(String in, String out) {
        this.in = names(in);
        this.out = names(out);
    }

    private static Set<String> names(String list) {
        return Arrays.stream(list.split(","))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return !in.contains(name.toLowerCase(Locale.ROOT));
    }

    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        return !out.contains(name.toLowerCase(Locale.ROOT));
    }
}
