package io.github.videotomp3.gateway;

import io.github.videotomp3.camel.Refusal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The part of a file that a {@code Range} header asks for, both ends included (RFC 9110 §14.1.2). */
record ByteRange(long first, long last) {

    private static final Pattern ONE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})", Pattern.CASE_INSENSITIVE);

    static ByteRange all(long length) {
        return new ByteRange(0, length - 1);
    }

    /**
     * Several ranges, other units and malformed headers mean the whole file, as the RFC allows.
     *
     * @throws Refusal 416 if the range begins behind the end
     */
    static ByteRange of(String header, long length) {
        Matcher range = ONE.matcher(header == null ? "" : header.strip());
        if (!range.matches() || range.group(1).isEmpty() && range.group(2).isEmpty()) {
            return all(length);
        }
        long first = 0;
        long last = length - 1;
        if (range.group(1).isEmpty()) {
            long suffix = Long.parseLong(range.group(2));
            first = suffix == 0 ? length : Math.max(0, length - suffix);
        } else {
            first = Long.parseLong(range.group(1));
            if (!range.group(2).isEmpty()) {
                long asked = Long.parseLong(range.group(2));
                if (asked < first) {
                    return all(length); // RFC 9110 §14.1.1: invalid, so ignored
                }
                last = Math.min(asked, last);
            }
        }
        if (first >= length) {
            throw Refusal.of(416, "range not satisfiable", "The MP3 has " + length + " bytes.")
                    .withHeader("Content-Range", "bytes */" + length);
        }
        return new ByteRange(first, last);
    }

    long length() {
        return last - first + 1;
    }

    boolean isWhole(long length) {
        return first == 0 && last == length - 1;
    }

    String contentRange(long length) {
        return "bytes " + first + "-" + last + "/" + length;
    }
}
