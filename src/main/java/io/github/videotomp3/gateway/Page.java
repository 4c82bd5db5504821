package io.github.videotomp3.gateway;

import io.github.videotomp3.camel.Refusal;
import io.github.videotomp3.camel.RequestBody;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Body;
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

    private final Map<String, Resource> files = new TreeMap<>();

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
            files.put(name, Resource.of("/page/" + name, TYPES.get(name.substring(name.lastIndexOf('.') + 1))));
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
        Resource file = files.get(name == null ? START : name);
        if (file == null) {
            throw Refusal.of(404, "not found", "The page has no such file.");
        }
        byte[] bytes = file.answer(ifNoneMatch, headers);
        headers.put("Content-Security-Policy", POLICY);
        headers.put("Referrer-Policy", "no-referrer");
        headers.put("X-Frame-Options", "DENY");
        return bytes;
    }
}
