package io.github.videotomp3.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.util.regex.Pattern;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.MimeIOException;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.apache.james.mime4j.stream.NameValuePair;
import org.apache.james.mime4j.stream.RawBody;
import org.apache.james.mime4j.stream.RawField;
import org.apache.james.mime4j.stream.RawFieldParser;
import org.apache.james.mime4j.stream.RecursionMode;
import org.apache.james.mime4j.util.MimeParameterMapping;

/** A {@code multipart/form-data} body (RFC 7578), one part after the other, straight from the connection. */
final class Form {

    private static final Pattern TYPE = Pattern.compile("(?i)multipart/form-data\\s*(;.*)?");

    /** Bytes of a part's header: enough for the longest file name of any system, written in four bytes each. */
    private static final int LONGEST_HEADER = 4096;

    private static final MimeConfig CONFIG = MimeConfig.custom()
            .setStrictParsing(true) // a body that stops before its last boundary has been cut off
            .setMaxHeaderLen(LONGEST_HEADER)
            .setMaxLineLen(LONGEST_HEADER)
            .build();

    /**
     * @param name of the form's field; null if it has none
     * @param fileName null if it is a form field
     * @param bytes of its content, to be read before the next part
     */
    record Part(String name, String fileName, InputStream bytes) {}

    private final MimeTokenStream tokens = new MimeTokenStream(CONFIG);

    /**
     * @param type the request's {@code Content-Type}, with the boundary
     * @throws MimeIOException if it has none
     */
    Form(String type, InputStream body) throws MimeIOException {
        tokens.parseHeadless(body, type);
        if (tokens.getState() != EntityState.T_START_MULTIPART) {
            throw new MimeIOException(new MimeException("The Content-Type has no boundary"));
        }
        tokens.setRecursionMode(RecursionMode.M_FLAT); // a video may be of any type, even a multipart one
    }

    static boolean isForm(String type) {
        return type != null && TYPE.matcher(type.strip()).matches();
    }

    /**
     * Skips what is left of the part before.
     *
     * @return null after the last one
     * @throws MimeIOException if the body is no form
     */
    Part next() throws IOException {
        RawBody disposition = null;
        try {
            while (tokens.getState() != EntityState.T_END_OF_STREAM) {
                EntityState state = tokens.next();
                if (state == EntityState.T_START_HEADER) {
                    disposition = null;
                } else if (state == EntityState.T_FIELD
                        && tokens.getField() instanceof RawField field
                        && field.getName().equalsIgnoreCase("Content-Disposition")) {
                    disposition = RawFieldParser.DEFAULT.parseRawBody(field);
                } else if (state == EntityState.T_BODY) {
                    return disposition == null
                            ? new Part(null, null, tokens.getInputStream())
                            : new Part(name(disposition), fileName(disposition), tokens.getInputStream());
                }
            }
            return null;
        } catch (MimeException e) {
            throw new MimeIOException(e);
        }
    }

    private static String name(RawBody disposition) {
        return disposition.getParams().stream()
                .filter(parameter -> parameter.getName().equalsIgnoreCase("name"))
                .map(NameValuePair::getValue)
                .findFirst()
                .orElse(null);
    }

    /** What older clients send as {@code filename*} (RFC 8187), too. */
    private static String fileName(RawBody disposition) {
        MimeParameterMapping extended = new MimeParameterMapping();
        for (NameValuePair parameter : disposition.getParams()) {
            if (parameter.getName().equalsIgnoreCase("filename")) {
                return parameter.getValue();
            }
            if (parameter.getName().equalsIgnoreCase("filename*")) {
                extended.addParameter("filename*", parameter.getValue());
            }
        }
        return extended.get("filename");
    }
}
