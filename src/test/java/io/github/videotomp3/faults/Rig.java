package io.github.videotomp3.faults;

import com.rabbitmq.client.ConnectionFactory;
import io.github.videotomp3.TcpProxy;
import io.github.videotomp3.boot.embedded.FreePort;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The whole system in pieces: the bundles in JVMs of their own, each behind proxies from broker, document store and mail
 * server. RabbitMQ and MariaDB are real where the environment names them, as in {@code .ci/run}; else embedded.
 */
final class Rig implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";
    private static final Map<String, String> ENVIRONMENT = System.getenv();

    final Path home;
    final boolean realBroker;
    final Part stores;
    final Part gateway;
    final List<Part> converters;
    final Part notification;
    final TcpProxy broker;
    final TcpProxy mongo;
    final TcpProxy mail;
    private final int mongoPort = FreePort.next();
    private final int mailPort = FreePort.next();
    private final int amqpPort;
    private final int httpPort = FreePort.next();

    /** @param jar the packaged program */
    Rig(Path home, Path jar) {
        this.home = home;
        realBroker = ENVIRONMENT.containsKey("SPRING_RABBITMQ_HOST");
        amqpPort = realBroker ? Integer.parseInt(ENVIRONMENT.get("SPRING_RABBITMQ_PORT")) : FreePort.next();
        mongo = proxy(mongoPort);
        mail = proxy(mailPort);
        broker = proxy(amqpPort);
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
        gateway = bundle(jar, "gateway", "auth,gateway", "--server.port=" + httpPort);
        converters = List.of(
                bundle(jar, "converter-1", "converter", "--converter.workers=1"),
                bundle(jar, "converter-2", "converter", "--converter.workers=1"));
        notification = bundle(jar, "notification", "notification");
    }

    private static TcpProxy proxy(int port) {
        InetSocketAddress target = new InetSocketAddress(LOOPBACK, port);
        return new TcpProxy(new InetSocketAddress(LOOPBACK, 0), () -> target);
    }

    private Part bundle(Path jar, String name, String bundles, String... settings) {
        Path folder = home.resolve(name);
        List<String> command = new ArrayList<>(List.of(
                java(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                jar.toString(),
                "--bundles=" + bundles,
                "--data.folder=" + folder.resolve("data"),
                "--management.server.port=" + FreePort.next(),
                "--auth.token.secrets=a secret for tests only of more than 256 bits",
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
                "--auth.login.per-minute=10000",
                "--converter.lease=5s",
                "--converter.sweep.period=2s",
                "--converter.sweep.age=5s",
                "--gateway.sweep.period=2s",
                "--gateway.sweep.age=5s",
                "--gateway.sweep.silence=1m",
                "--gateway.reap.period=5s",
                "--gateway.reap.age=90s",
                "--gateway.limit.jobs-per-user=0",
                "--queues.retry.first-delay=1s",
                "--queues.retry.longest-delay=5s"));
        command.addAll(List.of(settings));
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

    Rig start() {
        stores.start();
        stores.awaitReady();
        bundles().forEach(Part::start);
        bundles().forEach(Part::awaitReady);
        return this;
    }

    private List<Part> bundles() {
        List<Part> bundles = new ArrayList<>(List.of(gateway, notification));
        bundles.addAll(converters);
        return bundles;
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

    /** The mails that were delivered, whole. */
    List<String> mails() throws IOException {
        List<String> mails = new ArrayList<>();
        try (Stream<Path> files = Files.walk(stores.home().resolve("mail"))) {
            for (Path mail :
                    files.filter(file -> file.toString().endsWith(".eml")).toList()) {
                mails.add(Files.readString(mail));
            }
        }
        return mails;
    }

    /** What converters have left in their work folders. */
    List<String> workFiles() {
        List<String> left = new ArrayList<>();
        for (Part converter : converters) {
            File[] files =
                    converter.home().resolve("data").resolve("work").toFile().listFiles();
            for (File file : files == null ? new File[0] : files) {
                if (!file.getName().equals(".lock")) {
                    left.add(converter + "/" + file.getName());
                }
            }
        }
        return left;
    }

    /** Processes that work in this rig's folders and are no JVM: ffmpeg. */
    List<ProcessHandle> encoders() {
        return ProcessHandle.allProcesses()
                .filter(process -> workingDirectory(process).startsWith(home))
                .toList();
    }

    private static Path workingDirectory(ProcessHandle process) {
        try {
            return Path.of("/proc", String.valueOf(process.pid()), "cwd").toRealPath();
        } catch (IOException e) {
            return Path.of("/"); // gone
        }
    }

    @Override
    public void close() throws IOException {
        List<Part> parts = bundles();
        parts.add(stores);
        parts.forEach(Part::kill);
        for (TcpProxy proxy : List.of(broker, mongo, mail)) {
            proxy.close();
        }
    }
}
