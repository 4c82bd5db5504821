package io.github.videotomp3;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.mongodb.client.MongoClient;
import io.github.videotomp3.boot.embedded.FreePort;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Asks for everything that {@code docs/api.yaml} describes, until each operation has given each of its answers. That the
 * answers are as described is looked at with each request of every test, see {@link ApiDescription}.
 */
class ApiIT {

    private static final String UNKNOWN = "0123456789abcdef01234567";
    private static final int LARGEST = 300_000;

    /** What nobody can make the program answer here, and why. */
    private static final Map<String, String> OUT_OF_REACH = new LinkedHashMap<>();

    static {
        String stopping = "only while it starts or stops, see ApiRequestsTest";
        for (String operation :
                new String[] {"showPage", "showPageFile", "describe", "readInbox", "validateToken", "askUnsubscribe"}) {
            OUT_OF_REACH.put(operation + " 503", stopping);
        }
        String database = "only while auth's database is away, which is embedded here; see FailuresTest";
        OUT_OF_REACH.put("registerAtAuth 503", database);
        OUT_OF_REACH.put("loginAtAuth 503", database);
        OUT_OF_REACH.put("deleteUser 503", database);
        OUT_OF_REACH.put("followJobs 200", "it has no end; see JobsToEventsTest");
    }

    @TempDir
    Path home;

    private Service service;
    private Person ann;

    @Test
    void seesEveryAnswerThatIsDescribed() throws Exception {
        String nobody = "http://127.0.0.1:" + FreePort.next();
        service = new Service(
                home.resolve("whole"),
                "--gateway.upload.max-bytes=" + LARGEST,
                "--gateway.limit.jobs-per-user=3",
                "--gateway.limit.bytes-per-user=1000000");
        Service closed = new Service(
                service,
                home.resolve("closed"),
                "--bundles=auth,gateway",
                "--auth.registration=closed",
                "--auth.login.per-minute=1");
        Service alone =
                new Service(service, home.resolve("alone"), "--bundles=gateway", "--gateway.auth.url=" + nobody);
        try (Service whole = service;
                closed;
                alone) {
            whole.start();
            ann = Person.register(service.url());
            asksForAccounts();
            asksForThePage();
            String done = asksForUploads();
            asksForJobsAndDownloads(done);
            asksForKeys(done);
            asksForWebhooks();
            asksToListen();
            asksAsAMailReaderAndAsALeaver(done);
            closed.start();
            asksWhereRegistrationIsClosed(closed);
            closed.close(); // while it has all that it needs to stop in order
            alone.start();
            asksWhereOtherPartsAreMissing(alone, done);
        }

        Set<String> left = new TreeSet<>(ApiDescription.ours().described());
        assertThat(left).containsAll(OUT_OF_REACH.keySet());
        left.removeAll(ApiDescription.seen());
        left.removeAll(OUT_OF_REACH.keySet());
        assertThat(left).as("described, but seen nowhere").isEmpty();
    }

    private void asksForAccounts() {
        for (String path : new String[] {"", "/auth"}) {
            Person careless = Person.stranger(service.url(), "careless@example.com", "short");
            Person wrong = Person.stranger(service.url(), ann.email(), "not the password");
            expect(409, ann.basic(path + "/register", "*/*"));
            expect(422, careless.basic(path + "/register", "*/*"));
            expect(401, strangerPosts(path + "/register"));
            expect(200, ann.basic(path + "/login", "*/*"));
            expect(200, ann.basic(path + "/login", "application/json"));
            expect(401, wrong.basic(path + "/login", "*/*"));
        }
        Person other = Person.stranger(service.url(), "other@example.com", Person.PASSWORD);
        expect(201, other.basic("/auth/register", "*/*"));
        expect(200, asks(ann, "POST", "/auth/validate"));
        expect(401, strangerPosts("/auth/validate"));
        expect(403, strangerAsks("POST", "/auth/validate", "Authorization", "Bearer nonsense"));
        for (String path : new String[] {"/account", "/inbox"}) {
            expect(200, ann.get(path));
            expect(401, strangerGets(path));
        }
    }

    private void asksForThePage() {
        for (String path :
                new String[] {"/", "/page/app.js", "/page/page.css", "/page/en.json", "/page/icon.svg", "/openapi.yaml"
                }) {
            HttpResponse<String> file = strangerGets(path);
            expect(200, file);
            expect(
                    304,
                    strangerGets(
                            path,
                            "If-None-Match",
                            file.headers().firstValue("ETag").orElseThrow()));
        }
        expect(404, strangerGets("/page/nosuch"));
    }

    /** The id of a job that is done. */
    private String asksForUploads() throws Exception {
        Path clip = Clips.mp4(home, 3);
        HttpResponse<String> first = ann.upload("clip.mp4", Person.file(clip), "key-of-ann");
        expect(202, first);
        assertThat(ann.upload("clip.mp4", Person.file(clip), "key-of-ann").body())
                .contains(Person.id(first));
        expect(422, ann.upload("other.mp4", Person.file(clip), "key-of-ann"));
        expect(202, ann.upload(clip, "quality=5&channels=1&start=0:01&end=2.5&loudness=-16&title=a&cover=none&album="));
        expect(400, ann.upload(clip, "channels=5"));
        expect(401, strangerPosts("/upload"));
        expect(
                415,
                Person.text(ann.request("/upload", "Content-Type", "video/mp4").POST(Person.file(clip))));
        expect(413, ann.upload("large.mp4", BodyPublishers.ofByteArray(new byte[LARGEST + 1])));
        Path larger = Files.write(home.resolve("larger"), new byte[1_000_001]);
        expect(507, ann.upload(larger));

        String done = Person.id(first);
        ann.await(done, "done");
        Person bob = Person.register(service.url());
        String deleted = Person.id(bob.upload("clip.mp4", Person.file(clip), "key-of-bob"));
        bob.await(deleted, "done");
        expect(204, bob.delete("/jobs/" + deleted));
        expect(410, bob.upload("clip.mp4", Person.file(clip), "key-of-bob"));
        try (MongoClient mongo = service.mongo()) {
            mongo.getDatabase("videos")
                    .getCollection("upload_keys")
                    .insertOne(new Document("_id", bob.email() + " in-flight")
                            .append("holder", new ObjectId())
                            .append("until", soon())
                            .append("created", new Date()));
        }
        expect(409, bob.upload("clip.mp4", Person.file(clip), "in-flight"));
        for (int i = 0; i < 3; i++) {
            running(bob);
        }
        expect(429, bob.upload(clip));
        return done;
    }

    private void asksForJobsAndDownloads(String done) throws Exception {
        String running = running(ann);
        String rejected = ann.accepted(Files.writeString(home.resolve("text.mp4"), "This is no video.\n"));
        ann.await(rejected, "rejected");

        HttpResponse<String> page = ann.get("/jobs?limit=2&state=done,rejected");
        expect(200, page);
        String next = page.headers().firstValue("Link").orElseThrow();
        expect(200, ann.get(next.substring(1, next.indexOf('>'))));
        expect(400, ann.get("/jobs?limit=1000"));
        expect(401, strangerGets("/jobs"));

        for (String method : new String[] {"GET", "DELETE"}) {
            expect(400, asks(ann, method, "/jobs/42"));
            expect(404, asks(ann, method, "/jobs/" + UNKNOWN));
            expect(401, strangerAsks(method, "/jobs/" + done));
        }
        JsonNode job = ann.job(done);
        String signed = job.at("/links/signed").asText();
        for (String method : new String[] {"GET", "HEAD"}) {
            String download = "/download?fid=";
            HttpResponse<String> whole = asks(ann, method, download + done);
            expect(200, whole);
            expect(200, strangerAsks(method, signed));
            String etag = whole.headers().firstValue("ETag").orElseThrow();
            expect(304, asks(ann, method, download + done, "If-None-Match", etag));
            expect(400, asks(ann, method, "/download"));
            expect(401, strangerAsks(method, download + done));
            expect(403, strangerAsks(method, signed.replace("expires=1", "expires=2")));
            expect(404, asks(ann, method, download + UNKNOWN));
            expect(409, asks(ann, method, download + running));
            expect(410, asks(ann, method, download + rejected));
        }
        expect(206, asks(ann, "GET", "/download?fid=" + done, "Range", "bytes=0-99"));
        expect(416, asks(ann, "GET", "/download?fid=" + done, "Range", "bytes=99999999-"));
    }

    private void asksForKeys(String done) throws Exception {
        HttpResponse<String> made = sends(ann, "POST", "/keys", "{\"name\":\"reader\",\"scopes\":[\"read\"]}");
        expect(201, made);
        expect(400, sends(ann, "POST", "/keys", "{\"name\":\"\",\"scopes\":[\"read\"]}"));
        expect(413, sends(ann, "POST", "/keys", " ".repeat(10_000)));
        expect(
                415,
                Person.text(ann.request("/keys", "Content-Type", "text/plain").POST(BodyPublishers.ofString("{}"))));
        expect(200, ann.get("/keys"));
        expect(404, ann.delete("/keys/" + UNKNOWN));

        Person reader = ann.with(Person.json(made).get("key").asText());
        HttpResponse<String> other = sends(ann, "POST", "/keys", "{\"name\":\"sender\",\"scopes\":[\"upload\"]}");
        Person sender = ann.with(Person.json(other).get("key").asText());
        for (String path : new String[] {"/account", "/jobs", "/jobs/" + done, "/download?fid=" + done}) {
            expect(200, reader.get(path));
            expect(403, sender.get(path));
        }
        expect(403, asks(sender, "HEAD", "/download?fid=" + done));
        expect(403, sender.get("/jobs/events"));
        expect(403, reader.upload(Clips.mp4(home, 3)));
        expect(403, reader.delete("/jobs/" + done));
        expect(403, reader.get("/inbox"));
        expect(403, reader.delete("/account"));
        expect(403, sends(reader, "PUT", "/account", "{\"mails\":true}"));
        String hook = "/webhooks/" + UNKNOWN;
        for (String path : new String[] {"/keys", "/webhooks", hook + "/deliveries"}) {
            expect(403, reader.get(path));
            expect(401, strangerGets(path));
        }
        for (String path : new String[] {"/keys/" + UNKNOWN, hook}) {
            expect(403, reader.delete(path));
            expect(401, strangerAsks("DELETE", path));
        }
        for (String path : new String[] {"/keys", "/webhooks", hook + "/deliveries/" + UNKNOWN + UNKNOWN + "/replay"}) {
            expect(403, sends(reader, "POST", path, "{}"));
            expect(401, strangerPosts(path));
        }

        HttpResponse<String> last = made;
        for (int i = 2; i < 50; i++) {
            last = sends(ann, "POST", "/keys", "{\"name\":\"one more\",\"scopes\":[\"read\"]}");
            expect(201, last);
        }
        expect(409, sends(ann, "POST", "/keys", "{\"name\":\"too many\",\"scopes\":[\"read\"]}"));
        expect(204, ann.delete("/keys/" + Person.id(last)));
    }

    private void asksForWebhooks() {
        String hook = "{\"url\":\"https://1.1.1.1/hook\"}";
        HttpResponse<String> last = null;
        for (int i = 0; i < 10; i++) {
            last = sends(ann, "POST", "/webhooks", hook);
            expect(201, last);
        }
        expect(409, sends(ann, "POST", "/webhooks", hook));
        expect(400, sends(ann, "POST", "/webhooks", "{\"url\":\"http://127.0.0.1/hook\"}"));
        expect(413, sends(ann, "POST", "/webhooks", " ".repeat(10_000)));
        expect(
                415,
                Person.text(
                        ann.request("/webhooks", "Content-Type", "text/plain").POST(BodyPublishers.ofString(hook))));
        expect(200, ann.get("/webhooks"));
        String id = Person.id(last);
        String delivery = UNKNOWN + id;
        try (MongoClient mongo = service.mongo()) {
            mongo.getDatabase("videos")
                    .getCollection("deliveries")
                    .insertOne(new Document("_id", delivery)
                            .append("webhook", new ObjectId(id))
                            .append("owner", ann.email())
                            .append("event", "job.done")
                            .append("job", UNKNOWN)
                            .append("body", "{}")
                            .append("state", "delivered")
                            .append("attempts", 1)
                            .append("status", 204)
                            .append("created", new Date())
                            .append("updated", new Date()));
        }
        expect(200, ann.get("/webhooks/" + id + "/deliveries"));
        expect(404, ann.get("/webhooks/" + UNKNOWN + "/deliveries"));
        expect(404, asks(ann, "POST", "/webhooks/" + id + "/deliveries/" + UNKNOWN + UNKNOWN + "/replay"));
        expect(202, asks(ann, "POST", "/webhooks/" + id + "/deliveries/" + delivery + "/replay"));
        expect(204, ann.delete("/webhooks/" + id));
        expect(404, ann.delete("/webhooks/" + id));
    }

    private void asksToListen() throws Exception {
        expect(401, strangerGets("/jobs/events"));
        Person listener = Person.register(service.url());
        List<Stream<String>> streams = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            streams.add(listener.listen().body());
        }
        expect(429, listener.get("/jobs/events"));
        streams.forEach(Stream::close);
    }

    private void asksAsAMailReaderAndAsALeaver(String done) {
        String etag = ann.get("/jobs/" + done).headers().firstValue("ETag").orElseThrow();
        expect(304, ann.get("/jobs/" + done, "If-None-Match", etag, "Prefer", "wait=1"));
        expect(200, sends(ann, "PUT", "/account", "{\"mails\":true}"));
        expect(400, sends(ann, "PUT", "/account", "{\"mails\":\"no\"}"));
        expect(401, strangerAsks("PUT", "/account"));
        expect(413, sends(ann, "PUT", "/account", " ".repeat(10_000)));
        expect(415, Person.text(ann.request("/account").PUT(BodyPublishers.ofString("{}"))));
        String link =
                Person.link(ann.mail(done).get("text").asText(), "/unsubscribe").toString();
        String path = link.substring(link.indexOf("/unsubscribe"));
        for (String method : new String[] {"GET", "POST"}) {
            expect(200, mailReader(method, path));
            expect(403, mailReader(method, path.replaceFirst("sig=.{4}", "sig=0000")));
        }
        for (String account : new String[] {"/account", "/auth/account"}) {
            Person leaver = Person.register(service.url());
            expect(204, leaver.delete(account));
            expect(401, strangerAsks("DELETE", account));
        }
    }

    /** Sends a form, as the one click of RFC 8058 does. */
    private HttpResponse<String> mailReader(String method, String path) {
        return method.equals("GET")
                ? strangerGets(path)
                : Person.text(HttpRequest.newBuilder(URI.create(service.url() + path))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("List-Unsubscribe=One-Click")));
    }

    private static void asksWhereRegistrationIsClosed(Service closed) {
        Person late = Person.stranger(closed.url(), "late@example.com", Person.PASSWORD);
        expect(403, late.basic("/register", "*/*"));
        expect(403, late.basic("/auth/register", "*/*"));
        expect(401, late.basic("/login", "*/*"));
        expect(429, late.basic("/login", "*/*"));
        expect(429, late.basic("/auth/login", "*/*"));
    }

    private void asksWhereOtherPartsAreMissing(Service alone, String done) throws Exception {
        Person there = ann.at(alone.url());
        expect(503, there.basic("/register", "*/*"));
        expect(503, there.basic("/login", "*/*"));
        expect(404, there.basic("/auth/register", "*/*"));
        expect(404, there.basic("/auth/login", "*/*"));
        expect(404, asks(there, "POST", "/auth/validate"));
        expect(404, there.delete("/auth/account"));
        String link =
                Person.link(ann.mail(done).get("text").asText(), "/unsubscribe").toString();
        expect(404, there.get("/inbox"));
        service.kill();
        Path clip = Clips.mp4(home, 3);
        List<Supplier<HttpResponse<?>>> calls = List.of(
                () -> there.get("/account"),
                () -> sends(there, "PUT", "/account", "{\"mails\":true}"),
                () -> there.delete("/account"),
                () -> Person.text(
                        HttpRequest.newBuilder(URI.create(alone.url() + link.substring(link.indexOf("/unsubscribe"))))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(BodyPublishers.ofString("List-Unsubscribe=One-Click"))),
                () -> there.get("/jobs/events"),
                () -> there.get("/keys"),
                () -> there.delete("/keys/" + UNKNOWN),
                () -> sends(there, "POST", "/keys", "{\"name\":\"reader\",\"scopes\":[\"read\"]}"),
                () -> there.get("/webhooks"),
                () -> there.delete("/webhooks/" + UNKNOWN),
                () -> sends(there, "POST", "/webhooks", "{\"url\":\"https://1.1.1.1/hook\"}"),
                () -> there.get("/webhooks/" + UNKNOWN + "/deliveries"),
                () -> asks(there, "POST", "/webhooks/" + UNKNOWN + "/deliveries/" + UNKNOWN + UNKNOWN + "/replay"),
                () -> there.get("/jobs"),
                () -> there.get("/jobs/" + done),
                () -> there.delete("/jobs/" + done),
                () -> there.download(done),
                () -> asks(there, "HEAD", "/download?fid=" + done),
                () -> there.upload(clip));
        List<CompletableFuture<HttpResponse<?>>> answers = calls.stream() // at once: each waits for the store
                .map(call -> CompletableFuture.<HttpResponse<?>>supplyAsync(call, task -> new Thread(task).start()))
                .toList();
        answers.forEach(answer -> expect(503, answer.join()));
        alone.kill();
    }

    /** A job that stays in the hands of a converter that is not there. */
    private String running(Person owner) {
        ObjectId id = new ObjectId();
        try (MongoClient mongo = service.mongo()) {
            mongo.getDatabase("videos")
                    .getCollection("jobs")
                    .insertOne(new Document("_id", id)
                            .append("owner", owner.email())
                            .append("name", "running.mp4")
                            .append("state", "converting")
                            .append("phase", "converting")
                            .append("percent", 40)
                            .append("attempts", 1)
                            .append("bytes", 1L)
                            .append("lease", soon())
                            .append("created", new Date())
                            .append("updated", new Date()));
        }
        return id.toHexString();
    }

    private static Date soon() {
        return Date.from(Instant.now().plusSeconds(3600));
    }

    private static HttpResponse<String> asks(Person person, String method, String path, String... headers) {
        return Person.text(person.request(path, headers).method(method, BodyPublishers.noBody()));
    }

    private static HttpResponse<String> sends(Person person, String method, String path, String json) {
        return Person.text(
                person.request(path, "Content-Type", "application/json").method(method, BodyPublishers.ofString(json)));
    }

    private HttpResponse<String> strangerGets(String path, String... headers) {
        return strangerAsks("GET", path, headers);
    }

    private HttpResponse<String> strangerPosts(String path) {
        return strangerAsks("POST", path);
    }

    private HttpResponse<String> strangerAsks(String method, String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(service.url() + path)).method(method, BodyPublishers.noBody());
        return Person.text(headers.length == 0 ? request : request.headers(headers));
    }

    private static void expect(int status, HttpResponse<?> answer) {
        assertThat(answer.statusCode())
                .as("%s %s: %s", answer.request().method(), answer.uri(), answer.body())
                .isEqualTo(status);
    }
}
