package io.github.videotomp3;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.mongodb.client.MongoClient;
import io.github.videotomp3.job.MailSwitch;
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
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two users never see anything of each other: for every operation that {@code docs/api.yaml} describes, somebody tries it
 * with what belongs to Ann, and gets no more than who makes something up.
 */
class TwoUsersIT {

    private static final String UNKNOWN = "0123456789abcdef01234567";
    private static final String KEY = "key-of-ann";

    private static final String HOOK = "{\"url\":\"https://1.1.1.1/hook\"}";

    /** What somebody tries, and has to get. */
    private interface Attempt {
        void by(Person bob) throws Exception;
    }

    @TempDir
    static Path home;

    private static Service service;
    private static Person ann;
    private static String done;
    private static String rejected;
    private static String running;
    private static String key;
    private static String hook;
    private static String delivery;
    private static Path clip;

    /** By the id of the operation. */
    private static final Map<String, Attempt> ATTEMPTS = new LinkedHashMap<>();

    static {
        ATTEMPTS.put("register", bob -> takesAnAddress(bob, "/register"));
        ATTEMPTS.put("registerAtAuth", bob -> takesAnAddress(bob, "/auth/register"));
        ATTEMPTS.put("login", bob -> guessesAPassword(bob, "/login"));
        ATTEMPTS.put("loginAtAuth", bob -> guessesAPassword(bob, "/auth/login"));
        ATTEMPTS.put("validateToken", bob -> {
            JsonNode claims = Person.json(asks(bob, "POST", "/auth/validate"));
            assertThat(claims.get("username").asText()).isEqualTo(bob.email());
        });
        ATTEMPTS.put("showAccount", bob -> {
            assertThat(bob.get("/account").body())
                    .contains(bob.email(), "\"used\":0")
                    .doesNotContain("\"used\":1", ann.email());
        });
        ATTEMPTS.put("changeAccount", TwoUsersIT::switchesMails);
        ATTEMPTS.put("deleteAccount", bob -> leaves(bob, "/account"));
        ATTEMPTS.put("deleteUser", bob -> leaves(bob, "/auth/account"));
        ATTEMPTS.put("askUnsubscribe", bob -> followsAnothersLink(bob, "GET"));
        ATTEMPTS.put("unsubscribe", bob -> followsAnothersLink(bob, "POST"));
        ATTEMPTS.put("followJobs", TwoUsersIT::listens);
        ATTEMPTS.put("makeKey", TwoUsersIT::actsByKey);
        ATTEMPTS.put("listKeys", bob -> assertThat(bob.get("/keys").body()).isEqualTo("[]"));
        ATTEMPTS.put("revokeKey", bob -> asksForAnothers(bob, "DELETE", "/keys/", key, ""));
        ATTEMPTS.put("makeWebhook", bob -> {
            assertThat(send(bob, "POST", "/webhooks", HOOK).statusCode()).isEqualTo(201);
            assertThat(Person.json(bob.get("/webhooks"))).hasSize(1);
        });
        ATTEMPTS.put(
                "listWebhooks", bob -> assertThat(bob.get("/webhooks").body()).isEqualTo("[]"));
        ATTEMPTS.put("deleteWebhook", bob -> asksForAnothers(bob, "DELETE", "/webhooks/", hook, ""));
        ATTEMPTS.put("listDeliveries", bob -> asksForAnothers(bob, "GET", "/webhooks/", hook, "/deliveries"));
        ATTEMPTS.put("replayDelivery", TwoUsersIT::replaysOfAnother);
        ATTEMPTS.put("readInbox", bob -> assertThat(bob.get("/inbox").body()).isEqualTo("[]"));
        ATTEMPTS.put("upload", TwoUsersIT::sendsAnUploadUnderAnothersKey);
        ATTEMPTS.put("listJobs", TwoUsersIT::goesOnInAnothersList);
        ATTEMPTS.put("showJob", bob -> asksForAnothersJobs(bob, "GET", "/jobs/"));
        ATTEMPTS.put("deleteJob", bob -> asksForAnothersJobs(bob, "DELETE", "/jobs/"));
        ATTEMPTS.put("download", bob -> downloadsOfAnother(bob, "GET"));
        ATTEMPTS.put("askForDownload", bob -> downloadsOfAnother(bob, "HEAD"));
        ATTEMPTS.put("showPage", bob -> isTheSameForAll(bob, "/"));
        ATTEMPTS.put("showPageFile", bob -> isTheSameForAll(bob, "/page/app.js"));
        ATTEMPTS.put("describe", bob -> isTheSameForAll(bob, "/openapi.yaml"));
    }

    @BeforeAll
    static void giveAnnSomethingToLose() throws Exception {
        service = new Service(home).start();
        ann = Person.register(service.url());
        clip = Clips.mp4(home, 3);
        done = Person.id(ann.upload("secret.mp4", Person.file(clip), KEY));
        ann.mail(done);
        rejected = ann.accepted(Files.writeString(home.resolve("text.mp4"), "This is no video.\n"));
        ann.mail(rejected);
        ObjectId id = new ObjectId();
        running = id.toHexString();
        Date now = Date.from(Instant.now());
        try (MongoClient mongo = service.mongo()) {
            mongo.getDatabase("videos")
                    .getCollection("jobs")
                    .insertOne(new Document("_id", id)
                            .append("owner", ann.email())
                            .append("name", "running.mp4")
                            .append("state", "converting")
                            .append("attempts", 1)
                            .append("bytes", 1L)
                            .append("lease", Date.from(Instant.now().plusSeconds(3600)))
                            .append("created", now)
                            .append("updated", now));
        }
        giveAnnAKeyAndAWebhook();
    }

    private static void giveAnnAKeyAndAWebhook() {
        key = Person.json(send(ann, "POST", "/keys", "{\"name\":\"backup\",\"scopes\":[\"read\"]}"))
                .get("id")
                .asText();
        hook = Person.json(send(ann, "POST", "/webhooks", HOOK)).get("id").asText();
        delivery = UNKNOWN + hook;
        Date now = Date.from(Instant.now());
        try (MongoClient mongo = service.mongo()) {
            mongo.getDatabase("videos")
                    .getCollection("deliveries")
                    .insertOne(new Document("_id", delivery)
                            .append("webhook", new ObjectId(hook))
                            .append("owner", ann.email())
                            .append("event", "job.done")
                            .append("job", done)
                            .append("body", "{}")
                            .append("state", "delivered")
                            .append("attempts", 1)
                            .append("status", 204)
                            .append("created", now)
                            .append("updated", now));
        }
    }

    @AfterAll
    static void stop() throws Exception {
        service.close();
    }

    static Set<String> operations() {
        Set<String> ids = new TreeSet<>();
        ApiDescription.ours().operations().forEach(operation -> ids.add(operation.id()));
        return ids;
    }

    @Test
    void triesEveryOperation() {
        assertThat(ATTEMPTS.keySet()).containsExactlyInAnyOrderElementsOf(operations());
    }

    @ParameterizedTest
    @MethodSource("operations")
    void showsAndChangesNothingOfAnother(String operation) throws Exception {
        List<Object> before = whatAnnSees();

        ATTEMPTS.get(operation).by(Person.register(service.url()));

        assertThat(whatAnnSees()).isEqualTo(before);
        assertThat(ann.tryLogin().statusCode()).isEqualTo(200);
    }

    private static List<Object> whatAnnSees() {
        List<Object> seen = new ArrayList<>();
        HttpResponse<byte[]> mp3 = ann.download(done); // first, since it is noted that she has
        assertThat(mp3.statusCode()).isEqualTo(200);
        seen.add(mp3.headers().firstValue("ETag"));
        for (String path :
                new String[] {"/jobs", "/account", "/inbox", "/keys", "/webhooks", "/webhooks/" + hook + "/deliveries"
                }) {
            seen.add(ann.get(path).body().replaceAll("expires=\\d+&sig=\\w+", "")); // which change with time
        }
        return seen;
    }

    private static void takesAnAddress(Person bob, String path) {
        Person thief = Person.stranger(service.url(), ann.email(), "a password of the thief");
        HttpResponse<String> answer = thief.basic(path, "*/*");
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(thief.tryLogin().statusCode()).isEqualTo(401);
        assertThat(bob.tryLogin().statusCode()).isEqualTo(200);
    }

    private static void guessesAPassword(Person bob, String path) {
        Person guessing = Person.stranger(service.url(), ann.email(), "a password of the thief");
        Person madeUp = Person.stranger(service.url(), "nobody-" + bob.email(), "a password of the thief");
        assertSame(401, guessing.basic(path, "*/*"), madeUp.basic(path, "*/*"));
    }

    private static void sendsAnUploadUnderAnothersKey(Person bob) {
        HttpResponse<String> same = bob.upload("secret.mp4", Person.file(clip), KEY);
        assertThat(same.statusCode()).isEqualTo(202);
        assertThat(same.body()).doesNotContain(done);
        bob.mail(Person.id(same));
        assertThat(bob.upload("other.mp4", Person.file(clip), KEY).statusCode())
                .as("the key is Bob's own, too")
                .isEqualTo(422);
        assertThat(Person.json(bob.get("/jobs"))).hasSize(1);
        assertThat(bob.delete("/jobs/" + Person.id(same)).statusCode()).isEqualTo(204);
    }

    private static void goesOnInAnothersList(Person bob) {
        String link = ann.get("/jobs?limit=1").headers().firstValue("Link").orElseThrow();
        String next = link.substring(1, link.indexOf('>'));
        assertThat(Person.json(ann.get(next))).hasSize(1);
        for (String path : new String[] {"/jobs", next, next + "&state=done,rejected", "/jobs?state=converting"}) {
            HttpResponse<String> answer = bob.get(path);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).as(path).isEqualTo("[]");
            assertThat(answer.headers().firstValue("Link")).isEmpty();
        }
    }

    private static void switchesMails(Person bob) {
        assertThat(send(bob, "PUT", "/account", "{\"mails\":false}").statusCode())
                .isEqualTo(200);
        assertThat(Person.json(bob.get("/account")).get("mails").asBoolean()).isFalse();
    }

    private static void leaves(Person bob, String path) {
        assertThat(bob.delete(path).statusCode()).isEqualTo(204);
        assertThat(bob.tryLogin().statusCode()).isEqualTo(401);
    }

    /** With a signature of his own. */
    private static void followsAnothersLink(Person bob, String method) {
        String mine = bob.accepted(clip);
        String link =
                Person.link(bob.mail(mine).get("text").asText(), "/unsubscribe").toString();
        String anns = MailSwitch.person(ann.email());
        String path = link.substring(link.indexOf("/unsubscribe")).replace(MailSwitch.person(bob.email()), anns);
        assertThat(path).contains(anns);
        assertThat(asks(bob, method, path).statusCode()).isEqualTo(403);
    }

    private static void listens(Person bob) throws Exception {
        try (Stream<String> lines = bob.listen("Last-Event-ID", "1").body()) {
            assertThat(lines.findFirst()).contains("retry: 2000");
        }
        assertThat(bob.get("/jobs").body()).isEqualTo("[]");
    }

    private static void actsByKey(Person bob) {
        String made = Person.json(send(bob, "POST", "/keys", "{\"name\":\"x\",\"scopes\":[\"read\",\"delete\"]}"))
                .get("key")
                .asText();
        Person program = bob.with(made);
        assertThat(program.get("/jobs").body()).isEqualTo("[]");
        asksForAnothersJobs(program, "DELETE", "/jobs/");
    }

    private static void replaysOfAnother(Person bob) {
        String log = "/deliveries/" + delivery + "/replay";
        asksForAnothers(bob, "POST", "/webhooks/", hook, log);
        String mine =
                Person.json(send(bob, "POST", "/webhooks", HOOK)).get("id").asText();
        assertThat(asks(bob, "POST", "/webhooks/" + mine + log).statusCode()).isEqualTo(404);
    }

    private static void asksForAnothers(Person bob, String method, String path, String id, String rest) {
        assertSame(404, asks(bob, method, path + id + rest), asks(bob, method, path + UNKNOWN + rest));
    }

    private static HttpResponse<String> send(Person person, String method, String path, String json) {
        return Person.text(
                person.request(path, "Content-Type", "application/json").method(method, BodyPublishers.ofString(json)));
    }

    private static void asksForAnothersJobs(Person bob, String method, String path) {
        for (String id : new String[] {done, rejected, running}) {
            assertSame(404, asks(bob, method, path + id), asks(bob, method, path + UNKNOWN));
        }
    }

    private static void downloadsOfAnother(Person bob, String method) {
        asksForAnothersJobs(bob, method, "/download?fid=");
        assertSame(
                404,
                asks(bob, method, "/download?fid=" + done, "Range", "bytes=0-1", "If-None-Match", "*"),
                asks(bob, method, "/download?fid=" + UNKNOWN, "Range", "bytes=0-1", "If-None-Match", "*"));
        String mine = bob.accepted(clip);
        String signed = bob.await(mine, "done").at("/links/signed").asText();
        bob.mail(mine);
        assertSame(
                403, asks(bob, method, signed.replace(mine, done)), asks(bob, method, signed.replace(mine, UNKNOWN)));
        String anns = ann.job(done).at("/links/signed").asText();
        assertThat(asks(bob, method, anns.replace(done, rejected)).statusCode()).isEqualTo(403);
        assertThat(asks(bob, method, anns.replace("expires=1", "expires=2")).statusCode())
                .isEqualTo(403);
    }

    private static void isTheSameForAll(Person bob, String path) {
        assertThat(bob.get(path).body())
                .isEqualTo(ann.get(path).body())
                .doesNotContain(ann.email(), done, "secret.mp4");
    }

    private static HttpResponse<String> asks(Person person, String method, String path, String... headers) {
        return Person.text(person.request(path, headers).method(method, BodyPublishers.noBody()));
    }

    /** That nobody can tell the two answers apart, but for the id that was sent. */
    private static void assertSame(int status, HttpResponse<String> another, HttpResponse<String> none) {
        assertThat(another.statusCode()).as(another.body()).isEqualTo(status);
        assertThat(none.statusCode()).isEqualTo(status);
        assertThat(another.body().replaceAll("[0-9a-f]{24}", UNKNOWN)).isEqualTo(none.body());
        assertThat(headers(another)).isEqualTo(headers(none));
    }

    private static Map<String, List<String>> headers(HttpResponse<String> answer) {
        Map<String, List<String>> headers = new LinkedHashMap<>(answer.headers().map());
        headers.keySet().removeAll(List.of("date", "connection", "keep-alive"));
        return headers;
    }
}
