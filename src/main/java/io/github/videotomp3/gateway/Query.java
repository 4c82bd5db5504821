package io.github.videotomp3.gateway;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.hc.core5.net.WWWFormCodec;

/** The query of a request, read here and not by Camel, for which a parameter is as good as a header of that name. */
final class Query {

    private Query() {}

    /** @param query encoded; null if there is none */
    static List<Map.Entry<String, String>> parse(String query) {
        return query == null
                ? List.of()
                : WWWFormCodec.parse(query, StandardCharsets.UTF_8).stream()
                        .map(pair -> Map.entry(pair.getName(), pair.getValue() == null ? "" : pair.getValue()))
                        .toList();
    }
}
