package io.github.videotomp3;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.github.videotomp3.boot.embedded.EmbeddedBroker;
import io.github.videotomp3.boot.embedded.EmbeddedMail;
import io.github.videotomp3.boot.embedded.EmbeddedMongo;
import io.github.videotomp3.boot.embedded.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What stops a start says so in one line and ends the process; a server that is away is waited for. */
class StartsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String SECRET = "JWT_SECRET=" + Service.SECRET;
    private static final String FAILED = "video-to-mp3 cannot start: ";

    @TempDir
    Path home;

    @Test
    void namesAWrongBundle() throws Exception {
        assertThat(refusal("BUNDLES=auth,gatway"))
                .isEqualTo("BUNDLES names \"gatway\", but there are only auth, gateway, converter and notification");
    }

    @Test
    void namesAWrongValueAndAMisspeltKey() throws Exception {
        assertThat(refusal("QUEUES_TYPE=stream", "GATEWAY_TREADS=8"))
                .isEqualTo("GATEWAY_TREADS is no setting, the nearest is GATEWAY_THREADS; "
                        + "queues.type must be one of quorum, classic, not \"stream\"");
    }

    @Test
    void namesTheSecretThatIsMissing() throws Exception {
        assertThat(refusal(
                        "JWT_SECRET=",
                        "BUNDLES=gateway",
                        "SPRING_RABBITMQ_HOST=127.0.0.1",
                        "SPRING_DATA_MONGODB_URI=mongodb://127.0.0.1/"))
                .startsWith("auth.token.secrets (JWT_SECRET) is not set: ")
                .contains("openssl rand -base64 48");
        assertThat(refusal(
                        "BUNDLES=notification",
                        "SPRING_RABBITMQ_HOST=127.0.0.1",
                        "SPRING_DATA_MONGODB_URI=mongodb://127.0.0.1/",
                        "SPRING_MAIL_HOST=127.0.0.1"))
                .startsWith("links.secrets (LINKS_SECRETS) is not set: ")
                .contains("openssl rand -base64 48");
    }

    @Test
    void namesTheSecretThatIsTooShort() throws Exception {
        assertThat(refusal("JWT_SECRET=sarcasm", "BUNDLES=auth"))
                .startsWith("secret 1 of auth.token.secrets (JWT_SECRET in the environment");
        assertThat(refusal("LINKS_SECRETS=sarcasm", "BUNDLES=notification"))
                .startsWith("secret 1 of links.secrets (LINKS_SECRETS in the environment");
    }

    @Test
    void namesThePortsThatAreTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            for (String key : List.of("server.port", "management.server.port")) {
                assertThat(refusal("BUNDLES=auth", "--" + key + "=" + taken.getLocalPort()))
                        .isEqualTo(key + " is " + taken.getLocalPort()
                                + ", which another program uses: stop that one, or choose another port");
            }
            assertThat(refusal("BUNDLES=notification", "--spring.mail.port=" + taken.getLocalPort()))
                    .startsWith("spring.mail.port is " + taken.getLocalPort());
        }
    }

    @Test
    void namesTheAddressesThatALeanJarNeeds() throws Exception {
        assertThat(refusal(Jars.lean(), UnaryOperator.identity(), "BUNDLES=converter"))
                .isEqualTo(
                        "spring.rabbitmq.host, spring.data.mongodb.uri are not set: this jar has no embedded broker, "
                                + "document store");
    }

    @Test
    void namesAFfmpegThatDoesNotDo() throws Exception {
        Path silent = Files.writeString(home.resolve("ffmpeg"), """
                #!/bin/sh
                echo ffmpeg version 7
                echo ' A..... aac'
                """);
        assertThat(silent.toFile().setExecutable(true)).isTrue();

        assertThat(refusal("BUNDLES=converter", "CONVERTER_FFMPEG=" + silent))
                .startsWith(
                        "converter.ffmpeg is " + silent + ", which cannot write MP3: it was built without libmp3lame");
        assertThat(refusal("BUNDLES=converter", "CONVERTER_FFMPEG=/nonexistent/ffmpeg"))
                .startsWith("converter.ffmpeg is /nonexistent/ffmpeg, which does not exist");
    }

    @Test
    void namesTheSettingWhereThereIsNoFfmpegAtAll() throws Exception {
        assertThat(refusal(
                        Jars.lean(),
                        UnaryOperator.identity(),
                        "PATH=/nonexistent",
                        "BUNDLES=converter",
                        "SPRING_RABBITMQ_HOST=127.0.0.1",
                        "SPRING_DATA_MONGODB_URI=mongodb://127.0.0.1/"))
                .startsWith("No ffmpeg was found")
                .contains("Set converter.ffmpeg to the path of an ffmpeg");
    }

    @Test
    void namesAFolderThatIsNone() throws Exception {
        Path file = Files.createFile(home.resolve("file"));

        assertThat(refusal("BUNDLES=converter", "CONVERTER_WORKFOLDER=" + file))
                .startsWith("converter.work-folder is " + file + ", which cannot be used");
        assertThat(refusal("BUNDLES=auth", "--data.folder=" + file))
                .startsWith("data.folder is " + file + ", which cannot be used");
    }

    /** A disk of its own for the process, without which root could write anywhere. */
    @Test
    @EnabledOnOs(OS.LINUX)
    @EnabledIf("canMount")
    void namesAFolderThatIsReadOnlyOrFull() throws Exception {
        for (String disk : List.of("ro,size=4m", "size=64k")) {
            Path folder = Files.createDirectories(home.resolve("disk"));
            UnaryOperator<List<String>> mounted = java -> {
                List<String> command = new ArrayList<>(List.of(
                        "unshare",
                        "--mount",
                        "sh",
                        "-c",
                        "mount -t tmpfs -o " + disk + " none " + folder + " && exec \"$@\"",
                        "sh"));
                command.addAll(java);
                return command;
            };
            String reason = disk.startsWith("ro") ? "Read-only file system" : "No space left on device";

            assertThat(refusal(Jars.whole(), mounted, "BUNDLES=converter", "CONVERTER_WORKFOLDER=" + folder))
                    .startsWith("converter.work-folder is " + folder + ", which cannot be used")
                    .contains(reason);
            assertThat(refusal(Jars.whole(), mounted, "BUNDLES=auth", "--data.folder=" + folder))
                    .startsWith("data.folder is " + folder + ", which cannot be used")
                    .contains(reason);
        }
    }

    static boolean canMount() throws Exception {
        return new ProcessBuilder("unshare", "--mount", "true").start().waitFor() == 0;
    }

    @Test
    void namesTheFolderThatAnotherProcessUses() throws Exception {
        Path data = home.resolve("data");
        try (EmbeddedBroker broker = new EmbeddedBroker(data.resolve("broker"), FreePort.next(), "u", "p")) {
            assertThat(refusal("BUNDLES=converter", "--data.folder=" + data))
                    .startsWith("data.folder holds " + data.resolve("broker") + ", which another process uses");
        }
        try (java.sql.Connection users = DriverManager.getConnection("jdbc:h2:file:" + data.resolve("sql/auth"))) {
            assertThat(users.isValid(1)).isTrue();
            assertThat(refusal("BUNDLES=auth", "--data.folder=" + data))
                    .startsWith("data.folder has a database that can't be used: ")
                    .matches(".*(locked|already in use).*"); // H2 says either
        }
    }

    @Test
    void waitsForEachServerAndSaysOnceWhichIsAway() throws Exception {
        int amqp = FreePort.next();
        int mongo = FreePort.next();
        int mysql = FreePort.next();
        int smtp = FreePort.next();
        try (Started program = start(
                Jars.whole(),
                UnaryOperator.identity(),
                SECRET,
                "--links.secrets=" + Service.SECRET,
                "--operator.password=operator",
                "--spring.rabbitmq.host=127.0.0.1",
                "--spring.rabbitmq.port=" + amqp,
                "--spring.rabbitmq.username=tests",
                "--spring.rabbitmq.password=right",
                "--spring.data.mongodb.uri=mongodb://127.0.0.1:" + mongo + "/",
                "--spring.datasource.url=jdbc:mysql://127.0.0.1:" + mysql + "/auth",
                "--spring.mail.host=127.0.0.1",
                "--spring.mail.port=" + smtp)) {
            List<String> away = List.of(
                    "RabbitMQ at 127.0.0.1:" + amqp + " refused the connection: is it listening on that address?"
                            + " (spring.rabbitmq.host, spring.rabbitmq.port)",
                    "MongoDB at 127.0.0.1:" + mongo + " refused the connection: is it listening on that address?"
                            + " (spring.data.mongodb.uri)",
                    "MySQL at 127.0.0.1:" + mysql + " refused the connection: is it listening on that address?"
                            + " (spring.datasource.url)");
            String mail = "The mail server at 127.0.0.1:" + smtp + " refused the connection";
            program.await(mail);
            away.forEach(program::await);

            assertThat(program.health("readiness").statusCode()).isEqualTo(503);
            assertThat(program.health("readiness").body()).contains(away).doesNotContain(mail);
            assertThat(program.health("liveness").body()).startsWith("{\"status\":\"UP\"");

            try (EmbeddedBroker broker = new EmbeddedBroker(home.resolve("broker"), amqp, "tests", "wrong")) {
                program.await("RabbitMQ at 127.0.0.1:" + amqp + " refused the login: are user and password right?"
                        + " (spring.rabbitmq.username, spring.rabbitmq.password)");
            }
            try (EmbeddedBroker broker = new EmbeddedBroker(home.resolve("broker"), amqp, "tests", "right");
                    EmbeddedMongo store = new EmbeddedMongo(home.resolve("mongo/db"), mongo)) {
                program.await("RabbitMQ at 127.0.0.1:" + amqp + " is there, after ");
                program.await("MongoDB at 127.0.0.1:" + mongo + " is there, after ");
                assertThat(program.health("readiness").body())
                        .contains("MySQL at ")
                        .doesNotContain("RabbitMQ at ", "MongoDB at ");
                consumes(amqp);
            }
            assertThat(program.log())
                    .doesNotContain("\tat ", "Exception", " is ready after ")
                    .satisfies(log -> away.forEach(line -> assertThat(log.split(Pattern.quote(line), -1))
                            .as("how often the log says %s", line)
                            .hasSizeLessThanOrEqualTo(3)));
        }
    }

    /** The consumers of the program have come back, too. */
    private static void consumes(int port) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(port);
        factory.setUsername("tests");
        factory.setPassword("right");
        try (Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> channel.queueDeclarePassive("video").getConsumerCount() > 0);
        }
    }

    /** The embedded broker does not look at arguments. */
    @Test
    @EnabledIfEnvironmentVariable(named = "SPRING_RABBITMQ_HOST", matches = ".+")
    void waitsUntilAQueueThatHasOtherArgumentsIsGone() throws Exception {
        ConnectionFactory factory = new Service(home).broker();
        String own = UUID.randomUUID().toString();
        List<String> names = List.of("video", "mp3", "rejected", "webhook").stream()
                .map(name -> name + "-" + own)
                .toList();
        try (Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            channel.queueDeclare(names.get(0), true, false, false, Map.of("x-max-length", 5));
            try (Started program = start(
                    Jars.whole(),
                    UnaryOperator.identity(),
                    "BUNDLES=notification",
                    "--operator.password=operator",
                    "--spring.rabbitmq.host=" + factory.getHost(),
                    "--spring.rabbitmq.port=" + factory.getPort(),
                    "--spring.rabbitmq.username=" + factory.getUsername(),
                    "--spring.rabbitmq.password=" + factory.getPassword(),
                    "--queues.video=" + names.get(0),
                    "--queues.mp3=" + names.get(1),
                    "--queues.rejected=" + names.get(2),
                    "--queues.webhook=" + names.get(3))) {
                String refused = "RabbitMQ at " + factory.getHost() + ":" + factory.getPort()
                        + " has a queue with other arguments: set queues.type to what it is, or delete it when it is"
                        + " empty (PRECONDITION_FAILED - inequivalent arg '";
                program.await(refused);
                assertThat(program.log()).contains("for queue '" + names.get(0) + "'");
                assertThat(program.health("readiness").statusCode()).isEqualTo(503);
                assertThat(program.health("readiness").body()).contains(refused);

                channel.queueDelete(names.get(0));
                program.await(" is there, after ");
                program.await(" is ready after ");
                assertThat(program.health("readiness").statusCode()).isEqualTo(200);
                assertThat(program.log()).containsOnlyOnce(refused).doesNotContain("\tat ", "Exception");
            } finally {
                for (String name : names) {
                    for (String suffix : List.of("", ".retry", ".failed")) {
                        channel.queueDelete(name + suffix);
                    }
                }
            }
        }
    }

    @Test
    void saysWhyTheMailServerDoesNotDoAndIsReadyAllTheSame() throws Exception {
        int smtp = FreePort.next();
        try (EmbeddedMail mail = new EmbeddedMail(home.resolve("mail"), smtp);
                Started program = start(
                        Jars.whole(),
                        UnaryOperator.identity(),
                        "BUNDLES=notification",
                        "--operator.password=operator",
                        "--spring.mail.host=127.0.0.1",
                        "--spring.mail.port=" + smtp)) {
            program.await("The mail server at 127.0.0.1:" + smtp + " can't be used: STARTTLS is required");
            program.await(" is ready after ");
            assertThat(program.health("readiness").statusCode()).isEqualTo(200);
        }
    }

    /** The sentence behind {@link #FAILED}; there is nothing else that is wrong in the log, and the exit code is not 0. */
    private String refusal(String... settings) throws Exception {
        return refusal(Jars.whole(), UnaryOperator.identity(), settings);
    }

    private String refusal(Path jar, UnaryOperator<List<String>> wrapper, String... settings) throws Exception {
        try (Started program = start(jar, wrapper, settings)) {
            assertThat(program.process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("it ends: %s", program.log())
                    .isTrue();
            String log = program.log();
            assertThat(program.process.exitValue()).as(log).isEqualTo(1);
            assertThat(log).doesNotContain("\tat ").containsOnlyOnce(FAILED);
            return log.substring(log.indexOf(FAILED) + FAILED.length()).stripTrailing();
        }
    }

    /** @param settings {@code NAME=value} for the environment, {@code --key=value} for the command line */
    private Started start(Path jar, UnaryOperator<List<String>> wrapper, String... settings) throws IOException {
        int management = FreePort.next();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                jar.toAbsolutePath().toString()));
        Map<String, String> options = new LinkedHashMap<>(); // given twice, an option would be a list
        options.put("--server.port", String.valueOf(FreePort.next()));
        options.put("--management.server.port", String.valueOf(management));
        options.put("--data.folder", home.resolve("data").toString());
        Arrays.stream(settings)
                .filter(setting -> setting.startsWith("--"))
                .map(setting -> setting.split("=", 2))
                .forEach(setting -> options.put(setting[0], setting[1]));
        options.forEach((key, value) -> command.add(key + "=" + value));
        Path log = Files.createTempFile(home, "start", ".log");
        ProcessBuilder builder = new ProcessBuilder(wrapper.apply(command))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("SPRING_") || name.equals("JWT_SECRET"));
        Arrays.stream(settings)
                .filter(setting -> !setting.startsWith("--"))
                .map(setting -> setting.split("=", 2))
                .forEach(setting -> builder.environment().put(setting[0], setting[1]));
        return new Started(builder.start(), log, "http://127.0.0.1:" + management);
    }

    private record Started(Process process, Path file, String url) implements AutoCloseable {

        String log() throws IOException {
            return Files.readString(file);
        }

        void await(String text) {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(log()).contains(text));
        }

        HttpResponse<String> health(String group) {
            return Person.text(HttpRequest.newBuilder(URI.create(url + "/health/" + group))
                    .header("Authorization", Client.basic("operator", "operator")));
        }

        @Override
        public void close() throws InterruptedException {
            process.destroy();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError("did not stop within 60 s of SIGTERM");
            }
        }
    }
}
