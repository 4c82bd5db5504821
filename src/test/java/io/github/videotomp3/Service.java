package io.github.videotomp3;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.rabbitmq.client.ConnectionFactory;
import io.github.videotomp3.boot.embedded.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * The packaged program in a JVM of its own, as people start it. The environment is passed on, so that the addresses of
 * real parts (SPRING_RABBITMQ_HOST, SPRING_DATASOURCE_URL) turn the embedded ones off.
 */
public final class Service implements AutoCloseable {

    /** Signs tokens, and lets tests sign wrong ones. */
    static final String SECRET = "a secret for tests only of more than 256 bits";

    static final String LINKS_SECRET = "another secret for tests only of more than 256 bits";

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final List<String> SMALL_HEAP = List.of("-Xmx256m");
    private static final String PASSWORD = "a password for tests only";

    private final Path home;
    private final int port = FreePort.next();
    private final int managementPort = FreePort.next();
    private final int mongoPort = FreePort.next();
    private final int amqpPort = FreePort.next();
    private final Service stores;
    private final List<String> jvmOptions;
    private final List<String> settings;
    private Path installed;
    private boolean embedded;
    private Process process;

    /**
     * With a heap that holds no video.
     *
     * @param home where data, logs and temporary files go
     */
    Service(Path home, String... settings) {
        this(SMALL_HEAP, home, settings);
    }

    /** One that uses the broker and the document store of another, as real ones. */
    Service(Service stores, Path home, String... settings) {
        this(stores, SMALL_HEAP, home, settings);
    }

    /** Such a one whose JVM is started with these options. */
    public Service(Service stores, List<String> jvmOptions, Path home, String... settings) {
        this.stores = stores;
        this.jvmOptions = jvmOptions;
        this.home = home;
        this.settings = List.of(settings);
    }

    /** One whose JVM is started with these options. */
    public Service(List<String> jvmOptions, Path home, String... settings) {
        this.stores = this;
        this.jvmOptions = jvmOptions;
        this.home = home;
        this.settings = List.of(settings);
    }

    /** Lets it be what {@code bin/install} has put into a folder. */
    public Service installed(Path folder) {
        installed = folder;
        return this;
    }

    /** Lets everything be embedded, whatever the environment says. */
    public Service embedded() {
        embedded = true;
        return this;
    }

    /** Starts it and waits until it says that it is ready. */
    public Service start() throws IOException {
        List<String> options = new ArrayList<>(jvmOptions);
        options.add("-Djava.io.tmpdir=" + Files.createDirectories(home.resolve("tmp")));
        options.add("-Xlog:gc:file=" + gcLog());
        Path java = Path.of(System.getProperty("java.home"));
        List<String> command = new ArrayList<>();
        if (installed != null) {
            command.add(installed.resolve("start").toAbsolutePath().toString());
        } else {
            command.add(java.resolve("bin/java").toString());
            command.addAll(options);
            command.addAll(List.of("-jar", Jars.whole().toAbsolutePath().toString()));
        }
        command.addAll(List.of(
                "--server.port=" + port,
                "--management.server.port=" + managementPort,
                "--data.folder=" + home.resolve("data"),
                stores == this
                        ? "--embedded.mongo.port=" + mongoPort
                        : "--spring.data.mongodb.uri=" + stores.mongoUri()));
        if (settings.stream().noneMatch(setting -> setting.startsWith("--auth.login.per-minute="))) {
            command.add("--auth.login.per-minute=10000");
        }
        if (!realBroker()) {
            command.add("--spring.rabbitmq.port=" + stores.amqpPort);
            if (stores != this) {
                command.add("--spring.rabbitmq.host=127.0.0.1");
            }
            command.add("--spring.rabbitmq.username=tests");
            command.add("--spring.rabbitmq.password=" + PASSWORD);
        }
        command.addAll(settings);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log().toFile());
        if (embedded) {
            builder.environment().keySet().removeIf(name -> name.startsWith("SPRING_"));
        }
        builder.environment().put("JAVA_HOME", java.toString()); // for those that were installed
        builder.environment().put("JAVA_OPTS", String.join(" ", options));
        builder.environment().put("JWT_SECRET", SECRET);
        builder.environment().put("LINKS_SECRETS", LINKS_SECRET);
        process = builder.start();
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !process.isAlive() || readLog().contains(" is ready after "));
        assertThat(readLog()).contains(" is ready after ");
        return this;
    }

    private boolean realBroker() {
        return !embedded && System.getenv("SPRING_RABBITMQ_HOST") != null;
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    String managementUrl() {
        return "http://127.0.0.1:" + managementPort;
    }

    /** Of the operator, as the program has made it. */
    String operatorPassword() throws IOException {
        return Files.readString(home.resolve("data").resolve("operator.password"));
    }

    public int port() {
        return port;
    }

    public long pid() {
        return process.pid();
    }

    public Path home() {
        return home;
    }

    Path workFolder() {
        return home.resolve("data").resolve("work");
    }

    Path log() {
        return home.resolve("log");
    }

    public Path gcLog() {
        return home.resolve("gc.log");
    }

    String readLog() throws IOException {
        return Files.exists(log()) ? Files.readString(log()) : "";
    }

    public MongoClient mongo() {
        return MongoClients.create(mongoUri());
    }

    String mongoUri() {
        return "mongodb://127.0.0.1:" + mongoPort + "/";
    }

    /** For a test's own connection to the broker that the service uses. */
    ConnectionFactory broker() {
        ConnectionFactory factory = new ConnectionFactory();
        Map<String, String> environment = System.getenv();
        if (realBroker()) {
            factory.setHost(environment.get("SPRING_RABBITMQ_HOST"));
            factory.setPort(Integer.parseInt(environment.getOrDefault("SPRING_RABBITMQ_PORT", "5672")));
            factory.setUsername(environment.getOrDefault("SPRING_RABBITMQ_USERNAME", "guest"));
            factory.setPassword(environment.getOrDefault("SPRING_RABBITMQ_PASSWORD", "guest"));
        } else {
            factory.setHost("127.0.0.1");
            factory.setPort(amqpPort);
            factory.setUsername("tests");
            factory.setPassword(PASSWORD);
        }
        return factory;
    }

    /** At once: no shutdown hook runs. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void close() throws InterruptedException, IOException {
        if (process != null) {
            process.destroy();
            if (!process.waitFor(90, TimeUnit.SECONDS)) {
                kill();
                throw new AssertionError("did not stop within 90 s of SIGTERM");
            }
            assertThat(readLog()).as("warnings of the JVM").doesNotContain("WARNING: ");
        }
    }
}
