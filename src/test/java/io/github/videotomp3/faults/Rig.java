package io.github.videotomp3.faults;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.github.videotomp3.Processes;
import io.github.videotomp3.TcpProxy;
import io.github.videotomp3.boot.embedded.FreePort;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * The whole system in pieces: the bundles in JVMs of their own, each behind proxies from broker, document store and mail
 * server. RabbitMQ and MariaDB are real where the environment names them, as in {@code .ci/run}; else embedded.
 */
final class Rig implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";
    private static final Map<String, String> ENVIRONMENT = System.getenv();

    final Path home;
    final SmallDisk smallDisk;
    final Part stores;
    final Part auth;
    final Part gateway;
    final List<Part> converters;
    final Part notification;
    final TcpProxy broker;
    final TcpProxy mongo;
    final TcpProxy mail;
    final TcpProxy database;
    private final Path jar;
    private final List<String> settings;
    private final boolean realBroker = ENVIRONMENT.containsKey("SPRING_RABBITMQ_HOST");
    private final URI realDatabase = URI.create(
            ENVIRONMENT.getOrDefault("SPRING_DATASOURCE_URL", "jdbc:none").substring("jdbc:".length()));
    private final int mongoPort = FreePort.next();
    private final int mailPort = FreePort.next();
    private final int amqpPort;
    private final int httpPort = FreePort.next();
    private final int authPort = FreePort.next();

    /**
     * @param jar the packaged program
     * @param settings of all bundles, above those that stand here
     */
    Rig(Path home, Path jar, String... settings) {
        this.home = home;
        this.jar = jar;
        this.settings = List.of(settings);
        smallDisk = new SmallDisk(home.resolve("small-disk"));
        amqpPort = realBroker ? Integer.parseInt(ENVIRONMENT.get("SPRING_RABBITMQ_PORT")) : FreePort.next();
        mongo = proxy(mongoPort);
        mail = proxy(mailPort);
        broker = proxy(amqpPort);
        database = proxy(hasRealDatabase() ? realDatabase.getPort() : 0);
        stores = new Part(
                "stores",
                home.resolve("stores"),
                List.of(
                        java(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Stores.class.getName(),
                        home.resolve("stores").toString(),
                        String.valueOf(mongoPort),
                        String.valueOf(mailPort),
                        String.valueOf(realBroker ? 0 : amqpPort)),
                Stores.READY);
        List<String> atAuth = new ArrayList<>(List.of("--server.port=" + authPort));
        if (hasRealDatabase()) {
            atAuth.add("--spring.datasource.url=jdbc:mysql://" + LOOPBACK + ":" + database.port()
                    + realDatabase.getPath() + "?socketTimeout=10000");
        }
        auth = bundle("auth", atAuth);
        gateway = bundle(
                "gateway",
                List.of(
                        "--server.port=" + httpPort,
                        "--gateway.auth.url=http://" + LOOPBACK + ":" + authPort + "${auth.path}"));
        converters = List.of(
                bundle(
                        "converter-1",
                        List.of("--converter.work-folder=" + smallDisk.folder().resolve("work"))),
                bundle("converter-2", List.of()));
        notification = bundle("notification", List.of());
    }

    private static TcpProxy proxy(int port) {
        InetSocketAddress target = new InetSocketAddress(LOOPBACK, port);
        return new TcpProxy(new InetSocketAddress(LOOPBACK, 0), () -> target);
    }

    private Part bundle(String name, List<String> own) {
        Path folder = home.resolve(name);
        List<String> command = new ArrayList<>(
                List.of(java(), "-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", jar.toString()));
        List<String> options = new ArrayList<>(List.of(
                "--bundles=" + name.replaceAll("-.*", ""),
                "--converter.workers=1",
                "--data.folder=" + folder.resolve("data"),
                "--management.server.port=" + FreePort.next(),
                "--auth.token.secrets=a secret for tests only of more than 256 bits",
                "--links.secrets=another secret for tests only of more than 256 bits",
                "--spring.rabbitmq.host=" + LOOPBACK,
                "--spring.rabbitmq.port=" + broker.port(),
                "--spring.rabbitmq.username=" + user(),
                "--spring.rabbitmq.password=" + password(),
                "--spring.rabbitmq.requested-heartbeat=2s",
                "--spring.data.mongodb.uri=mongodb://" + LOOPBACK + ":" + mongo.port()
                        + "/?serverSelectionTimeoutMS=3000&socketTimeoutMS=10000",
                "--spring.mail.host=" + LOOPBACK,
                "--spring.mail.port=" + mail.port(),
                "--notification.starttls=false",
                "--notification.timeout=5s",
                "--notification.batch.wait=5s",
                "--auth.login.per-minute=10000",
                "--converter.lease=5s",
                "--converter.sweep.period=2s",
                "--converter.sweep.age=5s",
                "--converter.sweep.silence=1m",
                "--gateway.sweep.period=2s",
                "--gateway.sweep.age=5s",
                "--gateway.sweep.silence=1m",
                "--gateway.reap.period=5s",
                "--gateway.reap.age=90s",
                "--gateway.limit.jobs-per-user=0",
                "--queues.retry.first-delay=1s",
                "--queues.retry.longest-delay=5s"));
        options.addAll(own);
        options.addAll(settings);
        Map<String, String> last = new LinkedHashMap<>(); // one that is given twice would become a list
        options.forEach(option -> last.put(option.substring(0, option.indexOf('=')), option));
        command.addAll(last.values());
        return new Part(name, folder, command, " is ready after ");
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static String user() {
        return ENVIRONMENT.getOrDefault("SPRING_RABBITMQ_USERNAME", Stores.USER);
    }

    private static String password() {
        return ENVIRONMENT.getOrDefault("SPRING_RABBITMQ_PASSWORD", Stores.PASSWORD);
    }

    Rig start() throws IOException {
        try {
            stores.start();
            stores.awaitReady();
            bundles().forEach(Part::start);
            bundles().forEach(Part::awaitReady);
            return this;
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private List<Part> bundles() {
        List<Part> bundles = new ArrayList<>(List.of(auth, gateway, notification));
        bundles.addAll(converters);
        return bundles;
    }

    boolean hasRealBroker() {
        return realBroker;
    }

    boolean hasRealDatabase() {
        return realDatabase.getPort() > 0;
    }

    String url() {
        return "http://" + LOOPBACK + ":" + httpPort;
    }

    /** Past the proxy. */
    String mongoUri() {
        return "mongodb://" + LOOPBACK + ":" + mongoPort + "/";
    }

    /** Past the proxy. */
    ConnectionFactory amqp() {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(LOOPBACK);
        factory.setPort(amqpPort);
        factory.setUsername(user());
        factory.setPassword(password());
        return factory;
    }

    /** Takes the messages out that are parked for the operator, and returns the ids of their videos. */
    Set<String> parkedVideos() throws IOException, TimeoutException {
        Set<String> parked = new HashSet<>();
        try (Connection connection = amqp().newConnection()) {
            Channel channel = connection.createChannel();
            for (GetResponse message = channel.basicGet("video.failed", true);
                    message != null;
                    message = channel.basicGet("video.failed", true)) {
                parked.add(new String(message.getBody(), StandardCharsets.UTF_8)
                        .replaceAll(".*\"video_fid\":\"([0-9a-f]{24})\".*", "$1"));
            }
        }
        return parked;
    }

    /** Takes the messages out that are parked beside their queues of ends, and returns why they are. */
    List<String> parkedMails() throws IOException, TimeoutException {
        List<String> reasons = new ArrayList<>();
        try (Connection connection = amqp().newConnection()) {
            Channel channel = connection.createChannel();
            for (String queue : List.of("mp3.failed", "rejected.failed")) {
                for (GetResponse message = channel.basicGet(queue, true);
                        message != null;
                        message = channel.basicGet(queue, true)) {
                    reasons.add(queue + ": " + message.getProps().getHeaders());
                }
            }
        }
        return reasons;
    }

    /** The text of each mail that was delivered. */
    List<String> mails() throws IOException {
        List<String> mails = new ArrayList<>();
        try (Stream<Path> files = Files.walk(stores.home().resolve("mail"))) {
            for (Path mail :
                    files.filter(file -> file.toString().endsWith(".eml")).toList()) {
                mails.add(text(mail));
            }
        }
        return mails;
    }

    private static String text(Path mail) throws IOException {
        try (InputStream in = Files.newInputStream(mail)) {
            MimeMultipart alternatives = (MimeMultipart) new MimeMessage(null, in).getContent();
            return alternatives.getBodyPart(0).getContent().toString();
        } catch (MessagingException e) {
            throw new IOException(mail + " is no mail in text and HTML", e);
        }
    }

    /** What converters have left in their work folders. */
    List<String> workFiles() {
        List<String> left = new ArrayList<>();
        Path other = converters.get(1).home().resolve("data").resolve("work");
        for (Path folder : List.of(smallDisk.folder().resolve("work"), other)) {
            File[] files = folder.toFile().listFiles();
            for (File file : files == null ? new File[0] : files) {
                if (!file.getName().equals(".lock")) {
                    left.add(file.getPath());
                }
            }
        }
        return left;
    }

    /** Processes that work in this rig's folders and are no JVM: ffmpeg. */
    List<ProcessHandle> encoders() {
        return Processes.workingIn(home);
    }

    @Override
    public void close() throws IOException {
        List<Part> parts = bundles();
        parts.add(stores);
        parts.forEach(Part::kill);
        for (TcpProxy proxy : List.of(broker, mongo, mail, database)) {
            proxy.close();
        }
        smallDisk.close();
    }
}
