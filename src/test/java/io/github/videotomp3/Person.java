package io.github.videotomp3;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Somebody with an account, who uses the service over HTTP. */
public final class Person {

    static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    static final String PASSWORD = "what only a tester types"; // not the one of the examples, which the log shows
    static final String BOUNDARY = "----a-boundary-of-tests";

    private final String url;
    private final String email;
    private final String password;
    private String token;

    private Person(String url, String email, String password) {
        this.url = url;
        this.email = email;
        this.password = password;
    }

    /** Makes an account with a new address and signs in. */
    public static Person register(String url) {
        Person person = new Person(url, UUID.randomUUID() + "@example.com", PASSWORD);
        HttpResponse<String> registered = person.basic("/register", "application/json");
        if (registered.statusCode() != 201) {
            throw new AssertionError("register: " + registered.statusCode() + " " + registered.body());
        }
        return person.login();
    }

    /** Somebody with an address and a password, who may have no account. */
    static Person stranger(String url, String email, String password) {
        return new Person(url, email, password);
    }

    /** The same person, with their token, at another gateway. */
    Person at(String url) {
        Person there = new Person(url, email, password);
        there.token = token;
        return there;
    }

    /** A program that sends this key of the person instead of the token. */
    Person with(String key) {
        Person program = at(url);
        program.token = key;
        return program;
    }

    /** What becomes of the person's jobs, line by line; to be closed. */
    HttpResponse<Stream<String>> listen(String... headers) throws Exception {
        return HTTP.send(request("/jobs/events", headers).GET().build(), BodyHandlers.ofLines());
    }

    /** Somebody who has an account already. */
    static Person of(String url, String email, String password) {
        return new Person(url, email, password).login();
    }

    Person login() {
        HttpResponse<String> answer = tryLogin();
        if (answer.statusCode() != 200) {
            throw new AssertionError("login: " + answer.statusCode() + " " + answer.body());
        }
        return this;
    }

    /** Signs in anew; if that does not work, the old token stays. */
    public HttpResponse<String> tryLogin() {
        HttpResponse<String> answer = basic("/login", "*/*");
        if (answer.statusCode() == 200) {
            token = answer.body();
        }
        return answer;
    }

    public String email() {
        return email;
    }

    public String token() {
        return token;
    }

    HttpResponse<String> basic(String path, String accept) {
        String credentials =
                Base64.getEncoder().encodeToString((email + ":" + password).getBytes(StandardCharsets.UTF_8));
        return text(HttpRequest.newBuilder(URI.create(url + path))
                .header("Authorization", "Basic " + credentials)
                .header("Accept", accept)
                .POST(BodyPublishers.noBody()));
    }

    /** A request with the token, and more headers in pairs. */
    HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", "Bearer " + token);
        return headers.length == 0 ? request : request.headers(headers);
    }

    public HttpResponse<String> get(String path, String... headers) {
        return text(request(path, headers).GET());
    }

    public HttpResponse<String> delete(String path) {
        return text(request(path).DELETE());
    }

    public HttpResponse<byte[]> download(String fid, String... headers) {
        return send(request("/download?fid=" + fid, headers).GET(), BodyHandlers.ofByteArray());
    }

    /** Streams a download into a file. */
    HttpResponse<Path> download(String fid, Path file) {
        return send(request("/download?fid=" + fid).GET(), BodyHandlers.ofFile(file));
    }

    public HttpResponse<String> upload(Path video) {
        return upload(video.getFileName().toString(), file(video));
    }

    /** @param query what is wished of the MP3 */
    HttpResponse<String> upload(Path video, String query) {
        BodyPublisher form =
                BodyPublishers.concat(part("file", video.getFileName().toString()), file(video), end());
        return post("/upload?" + query, form);
    }

    public HttpResponse<String> upload(String name, BodyPublisher video) {
        return post(BodyPublishers.concat(part("file", name), video, end()));
    }

    /** Uploads under a key, with which it can be sent again. */
    public HttpResponse<String> upload(String name, BodyPublisher video, String key) {
        return text(
                request("/upload", "Content-Type", "multipart/form-data; boundary=" + BOUNDARY, "Idempotency-Key", key)
                        .POST(BodyPublishers.concat(part("file", name), video, end())));
    }

    /** Posts a multipart body that the test has put together from parts. */
    HttpResponse<String> post(BodyPublisher body) {
        return post("/upload", body);
    }

    private HttpResponse<String> post(String path, BodyPublisher body) {
        return text(request(path, "Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(body));
    }

    public static BodyPublisher file(Path file) {
        try {
            return BodyPublishers.ofFile(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static BodyPublisher part(String field, String fileName) {
        return BodyPublishers.ofString("\r\n--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + field
                + "\"; filename=\"" + fileName + "\"\r\nContent-Type: video/mp4\r\n\r\n");
    }

    static BodyPublisher field(String name, String value) {
        return BodyPublishers.ofString(
                "\r\n--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value);
    }

    static BodyPublisher end() {
        return BodyPublishers.ofString("\r\n--" + BOUNDARY + "--\r\n");
    }

    /** Uploads and expects to be accepted; the job's id. */
    public String accepted(Path video) {
        HttpResponse<String> answer = upload(video);
        if (answer.statusCode() != 202) {
            throw new AssertionError("upload: " + answer.statusCode() + " " + answer.body());
        }
        return id(answer);
    }

    /** The job's id, which the answer to an upload names. */
    public static String id(HttpResponse<String> accepted) {
        return json(accepted).get("id").asText();
    }

    public JsonNode job(String id) {
        return json(get("/jobs/" + id));
    }

    /** Waits until the job has ended in this state. */
    public JsonNode await(String id, String state) {
        return await(id, state, Duration.ofMillis(200));
    }

    public JsonNode await(String id, String state, Duration pause) {
        return Awaitility.await("job " + id + " is " + state)
                .atMost(Duration.ofSeconds(90))
                .pollInterval(pause)
                .until(() -> job(id), job -> job.get("state").asText().equals(state));
    }

    /** Waits for the mail about a job. */
    JsonNode mail(String id) {
        return awaitMail(id, Duration.ofMillis(200));
    }

    /** What a browser gets that follows the mail's first link to a path. */
    static HttpResponse<byte[]> follow(JsonNode mail, String path) {
        return follow(mail.get("text").asText(), path);
    }

    /** @param mail its text */
    static HttpResponse<byte[]> follow(String mail, String path) {
        return send(HttpRequest.newBuilder(link(mail, path)), BodyHandlers.ofByteArray());
    }

    /** The first link to a path in the text of a mail. */
    static URI link(String mail, String path) {
        Matcher link = Pattern.compile("https?://\\S+" + path + "\\S*").matcher(mail);
        if (!link.find()) {
            throw new AssertionError("no link to " + path + " in " + mail);
        }
        return URI.create(link.group());
    }

    JsonNode awaitMail(String id, Duration pause) {
        return Awaitility.await("mail about " + id)
                .atMost(Duration.ofSeconds(60))
                .pollDelay(Duration.ZERO)
                .pollInterval(pause)
                .until(() -> about(id), mail -> mail != null);
    }

    private JsonNode about(String id) {
        for (JsonNode mail : json(get("/inbox"))) {
            if (mail.get("text").asText().contains(id)) {
                return mail;
            }
        }
        return null;
    }

    public static JsonNode json(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(answer.statusCode() + " " + answer.body(), e);
        }
    }

    static HttpResponse<String> text(HttpRequest.Builder request) {
        return send(request, BodyHandlers.ofString());
    }

    private static <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler) {
        try {
            return ApiDescription.checked(
                    HTTP.send(request.timeout(Duration.ofMinutes(2)).build(), handler));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
