package io.github.videotomp3.gateway;

import io.github.videotomp3.camel.Refusal;
import io.github.videotomp3.camel.RequestBody;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Headers;

/** The files of the page, and the headers under which a browser runs nothing but them. */
public final class Page {

    private static final String START = "index.html";

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "json", "application/json",
            "svg", "image/svg+xml");

    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; media-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    private record File(byte[] bytes, String type, String etag) {}

    private final Map<String, File> files = new TreeMap<>();

    public Page() {
        for (String name : new String[] {
            START,
            "page.css",
            "icon.svg",
            "app.js",
            "api.js",
            "jobs.js",
            "keys.js",
            "options.js",
            "texts.js",
            "en.json",
            "de.json"
        }) {
            files.put(name, read(name));
        }
    }

    private static File read(String name) {
        try (InputStream resource = Page.class.getResourceAsStream("/page/" + name)) {
            byte[] bytes = resource.readAllBytes();
            return new File(bytes, TYPES.get(name.substring(name.lastIndexOf('.') + 1)), Etags.of(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * One file, or nothing if the browser has it already.
     *
     * @param request the body of the request, which is empty
     * @param name of the file; null for the page itself
     * @throws Refusal 404 if there is no such file
     */
    public byte[] file(
            @Body Object request,
            @Header("file") String name,
            @Header("If-None-Match") String ifNoneMatch,
            @Headers Map<String, Object> headers) {
        RequestBody.prepareAnswer(request);
        File file = files.get(name == null ? START : name);
        if (file == null) {
            throw Refusal.of(404, "not found", "The page has no such file.");
        }
        headers.clear();
        headers.put("ETag", file.etag());
        headers.put("Cache-Control", "no-cache");
        headers.put("Content-Security-Policy", POLICY);
        headers.put("Referrer-Policy", "no-referrer");
        headers.put("X-Frame-Options", "DENY");
        if (Etags.matches(ifNoneMatch, file.etag())) {
            headers.put(Exchange.HTTP_RESPONSE_CODE, 304);
            return null;
        }
        headers.put(Exchange.CONTENT_TYPE, file.type());
        return file.bytes();
    }
}
