package io.github.videotomp3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.mongodb.client.MongoClient;
import com.mongodb.client.gridfs.GridFSBuckets;
import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.sun.net.httpserver.HttpServer;
import io.github.videotomp3.job.StoredFiles;
import io.jsonwebtoken.JwtBuilder;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.Keys;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.bson.BsonObjectId;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole pipeline, as people use it: the packaged program in a JVM with a small heap, spoken to over HTTP. */
class PipelineIT {

    private static final long LIMIT = 400_000_000;
    private static final String UNKNOWN = "0123456789abcdef01234567";

    @TempDir
    static Path home;

    private static Service service;
    private static Person ann;

    @BeforeAll
    static void start() throws IOException {
        service = new Service(home, "--gateway.upload.max-bytes=" + LIMIT, "--converter.lease=3s");
        service.start();
        ann = Person.register(service.url());
    }

    @AfterAll
    static void stop() throws Exception {
        service.close();
    }

    // --- from a video to a mail and an MP3 ---

    static Stream<Path> clips() {
        return Stream.of(
                Clips.mp4(home, 3),
                Clips.faststart(home, 3),
                Clips.mkv(home, 3),
                Clips.webm(home, 3),
                Clips.avi(home, 3),
                Clips.threeGp(home, 3),
                Clips.mov(home, 3),
                Clips.ts(home, 3),
                Clips.surround(home, 3),
                Clips.telephone(home, 3));
    }

    @ParameterizedTest
    @MethodSource("clips")
    void convertsMailsAndHandsOut(Path clip) throws Exception {
        HttpResponse<String> answer = ann.upload(clip);
        assertThat(answer.statusCode()).isEqualTo(202);
        String id = Person.json(answer).get("id").asText();
        assertThat(answer.headers().firstValue("Location")).contains("/jobs/" + id);

        JsonNode mail = ann.mail(id);
        assertThat(mail.get("subject").asText()).isEqualTo("MP3 Download");
        assertThat(mail.get("to").asText()).isEqualTo(ann.email());
        assertThat(mail.get("text").asText())
                .matches("(?s)mp3 file_id: [0-9a-f]{24} is now ready!.*")
                .contains("/download?fid=" + id);
        HttpResponse<byte[]> followed = Person.follow(mail, "/download");

        JsonNode job = ann.await(id, "done");
        assertThat(job.get("bytes").asLong()).isEqualTo(Files.size(clip));
        HttpResponse<byte[]> mp3 = ann.download(id);
        assertThat(mp3.statusCode()).isEqualTo(200);
        assertThat(mp3.headers().firstValue("Content-Type")).contains("audio/mpeg");
        assertThat(mp3.headers().firstValueAsLong("Content-Length")).hasValue(mp3.body().length);
        assertThat(followed.statusCode()).as("the link in the mail").isEqualTo(200);
        assertThat(followed.body()).isEqualTo(mp3.body());
        assertThat(job.get("mp3_bytes").asLong()).isEqualTo(mp3.body().length);
        Path file = Files.write(home.resolve(id + ".mp3"), mp3.body());
        assertThat(Clips.seconds(file)).isCloseTo(3, within(0.15));

        int half = mp3.body().length / 2;
        HttpResponse<byte[]> part = ann.download(id, "Range", "bytes=" + half + "-");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(mp3.body(), half, mp3.body().length));
        String etag = mp3.headers().firstValue("ETag").orElseThrow();
        assertThat(ann.download(id, "If-None-Match", etag).statusCode()).isEqualTo(304);
        HttpResponse<String> head =
                Person.text(ann.request("/download?fid=" + id).method("HEAD", BodyPublishers.noBody()));
        assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(mp3.body().length);
    }

    @Test
    void tellsOfABatchInOneMailAndSendsNoneAfterOneClick() throws Exception {
        Person cem = Person.register(service.url());
        List<String> batch = new ArrayList<>();
        for (Path clip : List.of(Clips.music(home, 600), Clips.mp4(home, 3), Clips.silent(home, 3))) {
            batch.add(cem.accepted(clip)); // the first takes longest
        }

        String text = cem.mail(batch.get(0)).get("text").asText();
        assertThat(text).contains(batch);
        assertThat(Person.json(cem.get("/inbox"))).as("all in one").hasSize(1);
        assertThat(Person.follow(text, "/download").statusCode()).isEqualTo(200);

        assertThat(Person.follow(text, "/unsubscribe").statusCode()).isEqualTo(200);
        assertThat(Person.json(cem.get("/account")).get("mails").asBoolean())
                .as("asked, not switched")
                .isTrue();
        assertThat(Person.text(HttpRequest.newBuilder(Person.link(text, "/unsubscribe"))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(BodyPublishers.ofString("List-Unsubscribe=One-Click")))
                        .statusCode())
                .isEqualTo(200);
        assertThat(Person.json(cem.get("/account")).get("mails").asBoolean()).isFalse();
        ObjectId silent = new ObjectId(cem.accepted(Clips.mp4(home, 3)));
        try (MongoClient mongo = service.mongo()) {
            Awaitility.await("counts as told")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> mongo.getDatabase("videos")
                            .getCollection("jobs")
                            .find(new Document("_id", silent))
                            .first()
                            .containsKey("notified"));
        }
        assertThat(Person.json(cem.get("/inbox"))).as("no mail about it").hasSize(1);
    }

    @Test
    void givesTheTokenAsJsonToThoseWhoAskForIt() {
        JsonNode answer = Person.json(ann.basic("/login", "application/json"));
        assertThat(Instant.parse(answer.get("expires_at").asText())).isAfter(Instant.now());
        assertThat(answer.get("token").asText().split("\\.")).hasSize(3);
    }

    @Test
    void validatesATokenForTheOriginalsGateway() throws Exception {
        HttpResponse<String> answer = Person.text(ann.request("/auth/validate").POST(BodyPublishers.noBody()));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Person.json(answer).fieldNames()).toIterable().containsExactly("admin", "exp", "iat", "username");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void stopsFfmpegWithinASecondOfADeletion() throws Exception {
        String id = Person.json(ann.upload(Clips.music(home, 600), "loudness=-16"))
                .get("id")
                .asText();
        Path work = home.resolve("data/work");
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> !Processes.workingIn(work).isEmpty());

        assertThat(ann.delete("/jobs/" + id).statusCode()).isEqualTo(204);

        Awaitility.await()
                .atMost(Duration.ofSeconds(1))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> Processes.workingIn(work).isEmpty());
        assertNothingIsLeftBehind();
    }

    @Test
    void listsAndDeletesJobsOfTheirOwnerAlone() throws Exception {
        Person bob = Person.register(service.url());
        String id = bob.accepted(Clips.mp4(home, 3));
        bob.await(id, "done");
        bob.mail(id);
        assertThat(ann.get("/jobs/" + id).statusCode()).isEqualTo(404);
        assertThat(ann.download(id).statusCode()).isEqualTo(404);
        assertThat(ann.delete("/jobs/" + id).statusCode()).isEqualTo(404);
        assertThat(ann.get("/inbox").body()).doesNotContain(id);
        assertThat(Person.json(bob.get("/jobs"))).hasSize(1);
        assertThat(bob.delete("/jobs/" + id).statusCode()).isEqualTo(204);
        assertThat(bob.get("/jobs/" + id).statusCode()).isEqualTo(404);
        assertThat(bob.download(id).statusCode()).isEqualTo(404);
        assertThat(Person.json(bob.get("/jobs"))).isEmpty();
        assertNothingIsLeftBehind();
    }

    @Test
    void carries300MegabytesBothWaysThroughASmallHeap() throws Exception {
        Path large = Files.createFile(home.resolve("large.mp4"));
        Path clip = Clips.faststart(home, 3);
        try (OutputStream out = Files.newOutputStream(large)) {
            Files.copy(clip, out);
            // an mp4 box of a kind that players skip: size as a 64-bit number, type "free"
            long rest = 300_000_000 - Files.size(clip);
            out.write(new byte[] {0, 0, 0, 1, 'f', 'r', 'e', 'e'});
            out.write(ByteBuffer.allocate(8).putLong(rest).array());
            byte[] block = new byte[1 << 16];
            for (long left = rest - 16; left > 0; left -= block.length) {
                out.write(block, 0, (int) Math.min(left, block.length));
            }
        }
        String id = ann.accepted(large);
        assertThat(ann.await(id, "done").get("bytes").asLong()).isEqualTo(300_000_000);
        try (MongoClient mongo = service.mongo()) {
            Awaitility.await("the video is deleted")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> !new StoredFiles(mongo, "videos")
                            .idsMade(Instant.EPOCH, Instant.now().plusSeconds(60))
                            .contains(new ObjectId(id)));
        }
        assertThat(liveHeap()).isLessThan(160_000_000);

        // the way back: a file as the original's converter leaves it, without a name, announced by its message
        ObjectId video = new ObjectId();
        ObjectId mp3 = new ObjectId();
        try (MongoClient mongo = service.mongo();
                InputStream bytes = Files.newInputStream(large)) {
            GridFSBuckets.create(mongo.getDatabase("mp3s")).uploadFromStream(new BsonObjectId(mp3), "", bytes);
        }
        publish("mp3", message(video.toHexString(), '"' + mp3.toHexString() + '"', ann.email()));
        ann.mail(video.toHexString());
        Path fetched = home.resolve("fetched");
        assertThat(ann.download(video.toHexString(), fetched).statusCode()).isEqualTo(200);
        assertThat(Files.mismatch(fetched, large)).isEqualTo(-1);
        assertThat(liveHeap()).isLessThan(160_000_000);
        ann.delete("/jobs/" + video);
        ann.delete("/jobs/" + id);
        Files.delete(large);
        Files.delete(fetched);
    }

    private static long liveHeap() throws Exception {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        String pid = String.valueOf(service.pid());
        run(jcmd.toString(), pid, "GC.run");
        String info = run(jcmd.toString(), pid, "GC.heap_info");
        long used = Pattern.compile("used (\\d+)K")
                .matcher(info.replaceAll("(?s) Metaspace.*", ""))
                .results()
                .mapToLong(part -> Long.parseLong(part.group(1)) * 1024) // one, or each generation's
                .sum();
        assertThat(used).as(info).isPositive();
        return used;
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    // --- either side of the original ---

    @Test
    void convertsAVideoThatTheOriginalsGatewayQueued() throws Exception {
        ObjectId video = new ObjectId();
        try (MongoClient mongo = service.mongo();
                InputStream bytes = Files.newInputStream(Clips.mp4(home, 3))) {
            GridFSBuckets.create(mongo.getDatabase("videos")).uploadFromStream(new BsonObjectId(video), "", bytes);
            mongo.getDatabase("videos")
                    .getCollection("fs.files")
                    .updateOne(new Document("_id", video), new Document("$unset", new Document("filename", 1)));
        }
        publish("video", message(video.toHexString(), "null", ann.email()));
        ann.mail(video.toHexString());
        HttpResponse<byte[]> mp3 = ann.download(video.toHexString());
        assertThat(mp3.statusCode()).isEqualTo(200);
        assertThat(Clips.seconds(Files.write(home.resolve("original.mp3"), mp3.body())))
                .isCloseTo(3, within(0.15));
    }

    @Test
    @EnabledIfEnvironmentVariable(named = "SPRING_DATASOURCE_URL", matches = ".+")
    void hashesThePlainTextPasswordOfAnOriginalsUserAtTheFirstLogin() throws Exception {
        for (int login = 1; login <= 2; login++) {
            Person georgio = Person.of(service.url(), "georgio@email.com", "Admin123");
            assertThat(georgio.get("/jobs").statusCode()).isEqualTo(200);
            assertThat(storedPassword("georgio@email.com")).startsWith("$argon2id$");
        }
    }

    private static String storedPassword(String email) throws SQLException {
        try (java.sql.Connection database = DriverManager.getConnection(
                        System.getenv("SPRING_DATASOURCE_URL"),
                        System.getenv("SPRING_DATASOURCE_USERNAME"),
                        System.getenv("SPRING_DATASOURCE_PASSWORD"));
                PreparedStatement query = database.prepareStatement("SELECT password FROM user WHERE email = ?")) {
            query.setString(1, email);
            ResultSet row = query.executeQuery();
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }

    /** As json.dumps writes it, with a key that we know nothing of; the original sends no content type. */
    private static String message(String video, String mp3, String username) {
        return "{\"video_fid\": \"" + video + "\", \"mp3_fid\": " + mp3 + ", \"username\": \"" + username
                + "\", \"unknown\": {\"a\": [1, 2]}}";
    }

    // --- bad input: a clear answer or a parked message, and nothing left behind ---

    @Test
    void refusesWhatIsNotExactlyOneFile() throws Exception {
        Path clip = Clips.mp4(home, 3);
        assertProblem(ann.post(Person.end()), 400, "exactly 1 file required");
        assertProblem(
                ann.post(BodyPublishers.concat(
                        Person.part("a", "a.mp4"),
                        Person.file(clip),
                        Person.part("b", "b.mp4"),
                        Person.file(clip),
                        Person.end())),
                400,
                "exactly 1 file required");
        assertProblem(
                ann.post(BodyPublishers.concat(
                        Person.part("a", "a.mp4"),
                        Person.file(clip),
                        Person.part("a", "b.mp4"),
                        Person.file(clip),
                        Person.end())),
                400,
                "exactly 1 file required");
        assertProblem(ann.upload("empty.mp4", BodyPublishers.noBody()), 400, "empty file");
        assertProblem(
                Person.text(ann.request("/upload", "Content-Type", "video/mp4").POST(Person.file(clip))),
                415,
                "not a form");
        assertProblem(
                Person.text(ann.request("/upload", "Content-Type", "multipart/form-data")
                        .POST(BodyPublishers.ofString("x"))),
                400,
                "bad form");
        assertNothingIsLeftBehind();
    }

    static Stream<Path> hopeless() throws IOException {
        Path text = Files.writeString(home.resolve("text.mp4"), "This is no video.\n".repeat(1000));
        Path playlist = Files.writeString(
                home.resolve("playlist.mp4"),
                "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n");
        return Stream.of(text, playlist, Clips.silent(home, 3), Clips.cut(Clips.mp4(home, 3), 0.5), Clips.png(home));
    }

    @ParameterizedTest
    @MethodSource("hopeless")
    void rejectsAVideoThatCanNotBeConvertedWithAReason(Path video) throws Exception {
        String id = ann.accepted(video);
        JsonNode job = ann.await(id, "rejected");
        assertThat(job.get("reason").asText()).isNotBlank();
        JsonNode mail = ann.mail(id);
        assertThat(mail.get("subject").asText()).isEqualTo("MP3 conversion failed");
        assertThat(mail.get("text").asText()).contains(job.get("reason").asText());
        HttpResponse<String> download = ann.get("/download?fid=" + id);
        assertProblem(download, 410, "no mp3");
        assertThat(download.body()).contains(job.get("reason").asText());
        assertNothingIsLeftBehind();
    }

    @Test
    void doesNotFollowAPlaylistToAListener() throws Exception {
        AtomicInteger hits = new AtomicInteger();
        HttpServer listener = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        listener.createContext("/", exchange -> {
            hits.incrementAndGet();
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        listener.start();
        try {
            String url = "http://127.0.0.1:" + listener.getAddress().getPort() + "/x.ts";
            Path playlist = Files.writeString(
                    home.resolve("remote.mp4"), "#EXTM3U\n#EXTINF:10,\n" + url + "\n#EXT-X-ENDLIST\n");
            ann.await(ann.accepted(playlist), "rejected");
            assertThat(hits).hasValue(0);
            assertNothingIsLeftBehind();
        } finally {
            listener.stop(0);
        }
    }

    @Test
    void refusesATooLargeVideoBeforeItsBodyIsSent() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(uploadHead(5_000_000_000L).getBytes(StandardCharsets.UTF_8));
            String answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8);
            assertThat(answer).isEqualTo("HTTP/1.1 413");
        }
        assertNothingIsLeftBehind();
    }

    @Test
    void takesBackABodyThatStopsHalfWay() throws Exception {
        int jobs = Person.json(ann.get("/jobs")).size();
        long chunks;
        try (MongoClient mongo = service.mongo()) {
            chunks = mongo.getDatabase("videos").getCollection("fs.chunks").countDocuments();
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(uploadHead(10_000_000).getBytes(StandardCharsets.UTF_8));
            out.write(("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"half.mp4\"\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.write(new byte[3_000_000]);
            out.flush();
            try (MongoClient mongo = service.mongo()) {
                Awaitility.await("its first bytes are stored")
                        .until(() -> mongo.getDatabase("videos")
                                        .getCollection("fs.chunks")
                                        .countDocuments()
                                > chunks);
            }
            socket.shutdownOutput();
            String answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8);
            assertThat(answer).isEqualTo("HTTP/1.1 400");
        }
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(PipelineIT::assertNothingIsLeftBehind);
        assertThat(Person.json(ann.get("/jobs"))).hasSize(jobs);
    }

    @Test
    void makesNoFussAboutSomebodyWhoGoesAwayInTheMiddle() throws Exception {
        for (int i = 0; i < 3; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
                OutputStream out = socket.getOutputStream();
                out.write(uploadHead(10_000_000).getBytes(StandardCharsets.UTF_8));
                out.write(("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"gone.mp4\"\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8));
                out.write(new byte[1_000_000]);
                out.flush();
                socket.setSoLinger(true, 0); // a reset, as of a phone without a net
            }
        }
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(PipelineIT::assertNothingIsLeftBehind);
        assertThat(ann.get("/jobs").statusCode()).isEqualTo(200);
        assertThat(service.readLog()).doesNotContain("\tat ");
    }

    private static String uploadHead(long length) {
        return "POST /upload HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + ann.token()
                + "\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: " + length + "\r\n\r\n";
    }

    @Test
    void keepsAWildFileNameAndLetsItHarmNothing() throws Exception {
        String name = "../../\u202eet\uD83C\uDFB5c\\\"quo%0d%0ated\\\".mp4";
        HttpResponse<String> answer = ann.upload(name, Person.file(Clips.mp4(home, 3)));
        assertThat(answer.statusCode()).isEqualTo(202);
        String id = Person.json(answer).get("id").asText();
        assertThat(Person.json(answer).get("name").asText())
                .doesNotContain("/", "\u202e", "\n")
                .contains("\uD83C\uDFB5");
        ann.mail(id);
        String disposition =
                ann.download(id).headers().firstValue("Content-Disposition").orElseThrow();
        assertThat(disposition)
                .startsWith("attachment; filename=\"")
                .contains("filename*=UTF-8''")
                .contains("%F0%9F%8E%B5");
        assertNothingIsLeftBehind();
    }

    @Test
    void refusesTokensThatAreNotOurs() {
        Instant now = Instant.now();
        assertRefused(
                "Bearer " + signed(token(now.minusSeconds(7200), now.minusSeconds(3600)), Service.SECRET),
                "the token has expired");
        assertRefused(
                "Bearer " + signed(token(now, now.plusSeconds(60)), "another secret that is long enough for HS256"),
                "the token is not valid");
        assertRefused("Bearer " + token(now, now.plusSeconds(60)).compact(), "the token is not valid"); // alg: none
        assertRefused(ann.token(), "Bearer"); // without a scheme
        HttpResponse<String> none = Person.text(HttpRequest.newBuilder(URI.create(service.url() + "/jobs")));
        assertProblem(none, 401, "missing credentials");
        assertThat(none.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"video-to-mp3\"");
    }

    private static JwtBuilder token(Instant issued, Instant expires) {
        return Jwts.builder()
                .header()
                .type("at+jwt")
                .keyId(keyId())
                .and()
                .claims(Map.of("username", ann.email(), "admin", true))
                .issuer("video-to-mp3")
                .audience()
                .add("video-to-mp3")
                .and()
                .issuedAt(Date.from(issued))
                .expiration(Date.from(expires));
    }

    private static String keyId() {
        try {
            return Person.JSON
                    .readTree(Base64.getUrlDecoder().decode(ann.token().split("\\.")[0]))
                    .get("kid")
                    .asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String signed(JwtBuilder token, String secret) {
        return token.signWith(Keys.hmacShaKeyFor(secret.getBytes(StandardCharsets.UTF_8)), Jwts.SIG.HS256)
                .compact();
    }

    private static void assertRefused(String authorization, String description) {
        HttpResponse<String> answer = Person.text(
                HttpRequest.newBuilder(URI.create(service.url() + "/jobs")).header("Authorization", authorization));
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow())
                .startsWith("Bearer ")
                .contains("error=\"invalid_token\"")
                .contains(description);
        assertThat(answer.body()).doesNotContain(authorization);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "42", "0123456789abcdef0123456g", "%00", "..%2f..%2fetc%2fpasswd"})
    void refusesAnIdThatIsNone(String fid) {
        HttpResponse<String> answer = ann.get("/download?fid=" + fid);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Person.json(answer).get("title").asText()).isIn("fid is required", "bad fid");
    }

    @Test
    void refusesAnIdThatNobodyHas() {
        assertProblem(ann.get("/download?fid=" + UNKNOWN), 404, "not found");
        assertProblem(ann.get("/jobs/" + UNKNOWN), 404, "not found");
        assertThat(ann.get("/download").statusCode()).isEqualTo(400);
    }

    @Test
    void answersEveryWrongRequestWithAProblem() {
        assertProblem(ann.get("/nosuch"), 404, "Not Found");
        assertProblem(ann.get("/login"), 405, "Method Not Allowed");
        HttpResponse<String> login = Person.text(
                HttpRequest.newBuilder(URI.create(service.url() + "/login")).POST(BodyPublishers.ofString("x")));
        assertProblem(login, 401, "missing credentials");
        assertThat(login.headers().firstValue("WWW-Authenticate").orElseThrow()).startsWith("Basic realm=");
        assertProblem(
                Person.text(ann.request("/login", "Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("x"))),
                401,
                "missing credentials");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "this is no JSON",
                "null",
                "[]",
                "{}",
                "{\"video_fid\": \"42\", \"mp3_fid\": null, \"username\": \"x\"}",
                "{\"video_fid\": \"" + UNKNOWN + "\", \"mp3_fid\": null, \"username\": \"x\"}"
            })
    void parksAMessageThatNobodyCanProcess(String garbage) throws Exception {
        for (String queue : List.of("video", "mp3", "rejected")) {
            publish(queue, garbage);
            GetResponse parked = Awaitility.await("parked in " + queue + ".failed")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> take(queue + ".failed"), message -> message != null);
            assertThat(new String(parked.getBody(), StandardCharsets.UTF_8)).isEqualTo(garbage);
            assertThat(parked.getProps().getHeaders().get("failure-reason"))
                    .asString()
                    .isNotBlank();
            assertThat(parked.getProps().getHeaders().get("attempts")).isEqualTo(1);
        }
        assertThat(ann.await(ann.accepted(Clips.mp4(home, 3)), "done")).isNotNull(); // neighbours are not affected
        assertNothingIsLeftBehind();
    }

    // --- helpers ---

    private static void publish(String queue, String body) throws Exception {
        try (Connection connection = service.broker().newConnection();
                Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            channel.basicPublish(
                    "",
                    queue,
                    new AMQP.BasicProperties.Builder().deliveryMode(2).build(),
                    body.getBytes(StandardCharsets.UTF_8));
            channel.waitForConfirmsOrDie(10_000);
        }
    }

    private static GetResponse take(String queue) throws Exception {
        try (Connection connection = service.broker().newConnection();
                Channel channel = connection.createChannel()) {
            return channel.basicGet(queue, true);
        }
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String title) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/problem+json");
        assertThat(Person.json(answer).get("title").asText()).isEqualTo(title);
        assertThat(Person.json(answer).get("status").asInt()).isEqualTo(status);
        assertThat(Person.json(answer).get("detail").asText()).isNotBlank();
        assertThat(answer.body()).doesNotContain("Exception", "io.github");
    }

    /** No file without its job, no chunk without its file, no work folder without its job, no temporary file. */
    /** A video goes a moment after its job is done. */
    private static void assertNothingIsLeftBehind() {
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(PipelineIT::assertNothingLies);
    }

    private static void assertNothingLies() throws IOException {
        try (MongoClient mongo = service.mongo()) {
            Set<Object> jobs = ids(mongo, "videos", "jobs", "_id");
            for (String database : List.of("videos", "mp3s")) {
                Set<Object> files = ids(mongo, database, "fs.files", "_id");
                assertThat(jobs).as("jobs of the files in " + database).containsAll(files);
                assertThat(files)
                        .as("files of the chunks in " + database)
                        .containsAll(ids(mongo, database, "fs.chunks", "files_id"));
            }
        }
        assertThat(files(service.workFolder()))
                .as("files in the work folder")
                .allMatch(file -> file.getFileName().toString().equals(".lock"));
        assertThat(files(service.home().resolve("tmp"))).as("temporary files").isEmpty();
    }

    private static Set<Object> ids(MongoClient mongo, String database, String collection, String key) {
        Set<Object> ids = new HashSet<>();
        mongo.getDatabase(database)
                .getCollection(collection)
                .find()
                .projection(new Document(key, 1))
                .forEach(document -> ids.add(document.get(key)));
        return ids;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return new ArrayList<>(files.filter(Files::isRegularFile).toList());
        }
    }
}
