package io.github.videotomp3.gateway;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Entity tags (RFC 9110 §8.8.3), by which a caller tells whether what it has is still what there is. */
final class Etags {

    private static final int BYTES = 8;

    private Etags() {}

    /** A strong tag of these bytes, quotes included. */
    static String of(byte[] representation) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(representation);
            return '"' + HexFormat.of().formatHex(hash, 0, BYTES) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    /** RFC 9110 §13.1.2: a list of tags compared weakly, or an asterisk. */
    static boolean matches(String ifNoneMatch, String etag) {
        if (ifNoneMatch == null) {
            return false;
        }
        for (String tag : ifNoneMatch.split(",")) {
            if (tag.strip().equals("*") || tag.strip().replaceFirst("^W/", "").equals(etag)) {
                return true;
            }
        }
        return false;
    }
}
