package io.github.videotomp3;

import io.github.videotomp3.auth.Login;
import io.github.videotomp3.auth.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;

/** Whoever calls the program over HTTP. */
public final class Client {

    private static final String BOUNDARY = "boundary-of-a-form";

    private final HttpClient http = HttpClient.newHttpClient();
    private final CamelContext camel;
    private final String url;

    Client(CamelContext camel, int port) {
        this.camel = camel;
        this.url = "http://127.0.0.1:" + port;
    }

    /** @param headers names and values by turns */
    public HttpResponse<String> get(String path, String... headers) {
        return send("GET", path, BodyPublishers.noBody(), headers);
    }

    public HttpResponse<String> post(String path, String... headers) {
        return send("POST", path, BodyPublishers.noBody(), headers);
    }

    /** @throws AssertionError if the answer is not as the API's description says */
    public HttpResponse<String> send(String method, String path, BodyPublisher body, String... headers) {
        return ApiDescription.checked(sent(method, path, body, headers));
    }

    private HttpResponse<String> sent(String method, String path, BodyPublisher body, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path)).method(method, body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Sends a form with one file for each of the contents, all of the same name. */
    public HttpResponse<String> upload(String owner, String name, String... contents) {
        return upload(
                owner, "/upload", name, Stream.of(contents).map(Client::utf8).toList());
    }

    /** Sends a form to a program that may die meanwhile; what is left of its answer is taken as it is. */
    HttpResponse<String> uploadToOneThatMayDie(String owner, String name, byte[] content) {
        return sent("POST", "/upload", form(name, List.of(content)), formHeaders(owner));
    }

    /** Sends a form with one file, and a query. */
    public HttpResponse<String> uploadWith(String query, String owner, String name, String content) {
        return upload(owner, "/upload?" + query, name, List.of(utf8(content)));
    }

    /** Sends a form with one file under a key, with which it can be sent again. */
    public HttpResponse<String> uploadAs(String key, String owner, String name, String content) {
        return upload(owner, "/upload", name, List.of(utf8(content)), "Idempotency-Key", key);
    }

    private HttpResponse<String> upload(String owner, String path, String name, List<byte[]> contents, String... more) {
        return send("POST", path, form(name, contents), formHeaders(owner, more));
    }

    private static BodyPublisher form(String name, List<byte[]> contents) {
        List<byte[]> form = new ArrayList<>();
        for (byte[] content : contents) {
            form.add(utf8("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name
                    + "\"\r\nContent-Type: video/mp4\r\n\r\n"));
            form.add(content);
            form.add(utf8("\r\n"));
        }
        form.add(utf8("--" + BOUNDARY + "--\r\n"));
        return BodyPublishers.ofByteArrays(form);
    }

    private String[] formHeaders(String owner, String... more) {
        List<String> headers = new ArrayList<>(
                List.of("Content-Type", "multipart/form-data; boundary=" + BOUNDARY, "Authorization", bearer(owner)));
        headers.addAll(List.of(more));
        return headers.toArray(String[]::new);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The value of {@code Authorization} of somebody who has logged in. */
    public String bearer(String email) {
        Tokens tokens = camel.getRegistry().lookupByNameAndType("tokens", Tokens.class);
        return "Bearer " + tokens.issue(new Login(1, email, false, false)).token();
    }

    /** The value of {@code Authorization} as curl's {@code -u} makes it. */
    public static String basic(String email, String password) {
        byte[] pair = (email + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    /** The value of a header, null if the answer has none. */
    public static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse(null);
    }
}
