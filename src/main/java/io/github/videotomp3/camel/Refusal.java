package io.github.videotomp3.camel;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** A request that is refused, with the HTTP status and the words that its caller gets to see. */
public class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String title;
    private final String detail;
    private final Map<String, String> headers;

    private Refusal(int status, String title, String detail, Map<String, String> headers) {
        super(title + ": " + detail, null, false, false);
        this.status = status;
        this.title = title;
        this.detail = detail;
        this.headers = Collections.unmodifiableMap(headers);
    }

    /**
     * @param status an HTTP status from 400 to 599
     * @param title  a stable short phrase that programs may compare
     * @param detail a sentence for a person; it is shown to the caller, so it holds no secret
     */
    public static Refusal of(int status, String title, String detail) {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException(status + " is not a status of a refusal");
        }
        return new Refusal(status, title, detail, new TreeMap<>(String.CASE_INSENSITIVE_ORDER));
    }

    /** The same refusal with one more response header, such as {@code Retry-After}. */
    public Refusal withHeader(String name, String value) {
        Map<String, String> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        more.putAll(headers);
        more.put(name, value);
        return new Refusal(status, title, detail, more);
    }

    public int getStatus() {
        return status;
    }

    public String getTitle() {
        return title;
    }

    public String getDetail() {
        return detail;
    }

    /** The response headers that belong to this refusal; unmodifiable, names in any letter case. */
    public Map<String, String> getHeaders() {
        return headers;
    }
}
