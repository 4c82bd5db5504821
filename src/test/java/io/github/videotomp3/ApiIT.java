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
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
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
        for (String operation : new String[] {"showPage", "showPageFile", "describe", "readInbox", "validateToken"}) {
            OUT_OF_REACH.put(operation + " 503", stopping);
        }
        String database = "only while auth's database is away, which is embedded here; see FailuresTest";
        OUT_OF_REACH.put("registerAtAuth 503", database);
        OUT_OF_REACH.put("loginAtAuth 503", database);
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
        expect(404, there.get("/inbox"));
        service.kill();
        Path clip = Clips.mp4(home, 3);
        List<Supplier<HttpResponse<?>>> calls = List.of(
                () -> there.get("/account"),
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
