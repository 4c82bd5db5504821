package io.github.videotomp3.gateway;

import io.github.videotomp3.camel.Refusal;
import io.github.videotomp3.job.JobState;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.bson.types.ObjectId;

/**
 * Which of their jobs a person asks for.
 *
 * @param limit how many at most, 1 to 100
 * @param before the last job of the page before; null for the first page
 * @param states in which the jobs are; empty for all
 */
record JobQuery(int limit, ObjectId before, Set<JobState> states) {

    private static final int MOST = 100;
    private static final Set<JobState> SHOWN = EnumSet.complementOf(EnumSet.of(JobState.DELETED));
    private static final int CURSOR_LENGTH = 16; // of the twelve bytes of an id in Base64

    /**
     * Reads the query of a request; an empty parameter is as good as none.
     *
     * @param query encoded; null if there is none
     * @throws Refusal 400 if a parameter is wrong or unknown: a list that is longer than was meant may be deleted next
     */
    static JobQuery of(String query) {
        int limit = MOST;
        ObjectId before = null;
        Set<JobState> states = EnumSet.noneOf(JobState.class);
        Map<String, String> seen = new LinkedHashMap<>();
        for (Map.Entry<String, String> parameter : Query.parse(query)) {
            String name = parameter.getKey();
            String value = parameter.getValue().strip();
            if (!List.of("limit", "cursor", "state").contains(name)) {
                throw Refusal.of(
                        400,
                        "unknown parameter",
                        "There is no parameter \"" + OwnJobs.shown(name) + "\"; there are limit, cursor, state.");
            }
            if (value.isEmpty()) {
                continue;
            }
            if (!name.equals("state") && seen.put(name, value) != null) {
                throw Refusal.of(400, "bad " + name, name + " was sent twice.");
            }
            switch (name) {
                case "limit" -> limit = limit(value);
                case "cursor" -> before = id(value);
                default -> states.addAll(states(value));
            }
        }
        return new JobQuery(limit, before, states);
    }

    private static int limit(String text) {
        int limit = text.matches("\\d{1,3}") ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > MOST) {
            throw bad("limit", "a whole number from 1 to " + MOST, text);
        }
        return limit;
    }

    private static ObjectId id(String cursor) {
        try {
            if (cursor.length() == CURSOR_LENGTH) {
                return new ObjectId(ByteBuffer.wrap(Base64.getUrlDecoder().decode(cursor)));
            }
        } catch (IllegalArgumentException e) {
            // no Base64, see below
        }
        throw bad("cursor", "one that a Link of this list has", cursor);
    }

    private static Set<JobState> states(String list) {
        Set<JobState> states = EnumSet.noneOf(JobState.class);
        for (String key : list.split(",", -1)) {
            states.add(SHOWN.stream()
                    .filter(state -> state.key().equals(key.strip()))
                    .findFirst()
                    .orElseThrow(() -> bad("state", "one or more of " + keys(SHOWN, ", "), key)));
        }
        return states;
    }

    private static String keys(Set<JobState> states, String separator) {
        return states.stream().map(JobState::key).collect(Collectors.joining(separator));
    }

    private static Refusal bad(String name, String allowed, String sent) {
        return Refusal.of(400, "bad " + name, name + " must be " + allowed + ", not \"" + OwnJobs.shown(sent) + "\".");
    }

    /** The value of the header {@code Link} (RFC 8288) to what comes behind this job. */
    String next(ObjectId last) {
        String cursor = Base64.getUrlEncoder().encodeToString(last.toByteArray());
        String filter = states.isEmpty() ? "" : "&state=" + keys(states, ",");
        return "</jobs?limit=" + limit + filter + "&cursor=" + cursor + ">; rel=\"next\"";
    }
}
