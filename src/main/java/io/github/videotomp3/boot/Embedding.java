package io.github.videotomp3.boot;

import io.github.videotomp3.converter.WorkFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.core.env.Environment;

/** Which parts run inside this JVM: each one that a bundle needs and whose address nobody has configured. */
final class Embedding {

    private static final String LOOPBACK = "127.0.0.1";

    private final Environment environment;
    private final Path data;
    private final boolean broker;
    private final boolean mongo;
    private final boolean sql;
    private final boolean mail;
    private final boolean tokens;
    private final boolean links;

    Embedding(Environment environment, Set<Bundle> bundles) {
        this.environment = environment;
        this.data = Path.of(environment.getProperty("data.folder", "data"))
                .toAbsolutePath()
                .normalize();
        boolean queues = !bundles.equals(Set.of(Bundle.AUTH));
        this.broker = queues && isUnset("spring.rabbitmq.host") && isUnset("spring.rabbitmq.addresses");
        this.mongo = queues && isUnset("spring.data.mongodb.uri") && isUnset("spring.data.mongodb.host");
        this.sql = bundles.contains(Bundle.AUTH) && isUnset("spring.datasource.url");
        this.mail = bundles.contains(Bundle.NOTIFICATION) && isUnset("spring.mail.host");
        this.tokens = bundles.contains(Bundle.AUTH) || bundles.contains(Bundle.GATEWAY);
        this.links = bundles.contains(Bundle.GATEWAY) || bundles.contains(Bundle.NOTIFICATION);
        EmbeddedPart.requireLibraries(parts());
        if (!parts().isEmpty()) {
            requireRoom();
        }
    }

    private Set<EmbeddedPart> parts() {
        Set<EmbeddedPart> parts = EnumSet.noneOf(EmbeddedPart.class);
        if (broker) {
            parts.add(EmbeddedPart.BROKER);
        }
        if (mongo) {
            parts.add(EmbeddedPart.MONGO);
        }
        if (sql) {
            parts.add(EmbeddedPart.SQL);
        }
        if (mail) {
            parts.add(EmbeddedPart.MAIL);
        }
        return parts;
    }

    private boolean isUnset(String key) {
        return environment.getProperty(key, "").isEmpty();
    }

    /**
     * What stands above any setting: the data folder made absolute, since H2 refuses a relative one, time for the embedded
     * database, and secrets where there are none. With real servers nobody gets a password that he has not chosen: the
     * management port is locked.
     */
    Map<String, Object> overrides() {
        Map<String, Object> overrides = new HashMap<>();
        overrides.put("data.folder", data.toString());
        if (sql) { // it is in this process: slow, perhaps, but never away
            overrides.put("spring.datasource.hikari.connection-timeout", 60_000);
        }
        if (tokens && isUnset("auth.token.secrets")) {
            if (!sql && !mongo) {
                throw new IllegalArgumentException(
                        "auth.token.secrets (JWT_SECRET) is not set: it signs the tokens of all"
                                + " bundles and has 32 characters or more, for example from: openssl rand -base64 48");
            }
            overrides.put("auth.token.secrets", storedSecret(data.resolve("token.secret")));
        }
        if (links && isUnset("links.secrets")) {
            if (!sql && !mongo && !mail) {
                throw new IllegalArgumentException(
                        "links.secrets (LINKS_SECRETS) is not set: it signs the links to MP3s, the same for"
                                + " gateway and notification, and has 32 characters or more, for example from: openssl"
                                + " rand -base64 48");
            }
            overrides.put("links.secrets", storedSecret(data.resolve("link.secret")));
        }
        if (!parts().isEmpty() && isUnset("operator.password")) {
            Path file = data.resolve("operator.password");
            overrides.put("operator.password", storedSecret(file));
            overrides.put("operator.password-file", file.toString());
        }
        return overrides;
    }

    boolean mail() {
        return mail;
    }

    /** Adds the addresses of the embedded parts, under the keys by which real ones are configured. */
    void addTo(Map<String, Object> defaults) {
        defaults.put("embedded.broker", broker);
        defaults.put("embedded.mongo", mongo);
        defaults.put("embedded.sql", sql);
        defaults.put("embedded.mail", mail);
        if (broker) {
            for (String queue : List.of("video", "mp3", "rejected", "webhook")) {
                if (!environment.getProperty("queues." + queue, queue).equals(queue)) {
                    throw new IllegalArgumentException(
                            "queues." + queue + " can't be changed for the embedded broker: its"
                                    + " queues are made with the names video, mp3, rejected and webhook");
                }
            }
            defaults.put("spring.rabbitmq.host", LOOPBACK);
            defaults.put("spring.rabbitmq.port", port("spring.rabbitmq.port"));
            defaults.put("spring.rabbitmq.username", "embedded");
            defaults.put("spring.rabbitmq.password", secret());
        }
        if (mongo) {
            int port = port("embedded.mongo.port");
            defaults.put("embedded.mongo.port", port);
            defaults.put("spring.data.mongodb.uri", "mongodb://" + LOOPBACK + ":" + port + "/");
        }
        if (sql) {
            defaults.put(
                    "spring.datasource.url",
                    "jdbc:h2:file:" + data.resolve("sql/auth") + ";MODE=MySQL;NON_KEYWORDS=USER;DATABASE_TO_LOWER=TRUE"
                            + ";CASE_INSENSITIVE_IDENTIFIERS=TRUE;IGNORECASE=TRUE;DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0");
        }
        if (mail) {
            defaults.put("spring.mail.host", LOOPBACK);
            defaults.put("spring.mail.port", port("spring.mail.port"));
            defaults.put("notification.starttls", false);
        } else {
            defaults.put("spring.mail.port", 587);
            defaults.put("notification.starttls", true);
        }
    }

    private int port(String key) {
        return isUnset(key) ? freePort() : environment.getRequiredProperty(key, Integer.class);
    }

    /** Two parts that ask at the same moment get different ports, for the system hands each out once. */
    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(LOOPBACK))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port on " + LOOPBACK, e);
        }
    }

    private static String secret() {
        byte[] random = new byte[48];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    private void requireRoom() {
        try {
            WorkFolders.requireRoom(Files.createDirectories(data));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "data.folder is " + data + ", which cannot be used (" + e
                            + "). Name a folder on a disk with room, that this user may write to.",
                    e);
        }
    }

    private static String storedSecret(Path file) {
        try {
            if (!Files.exists(file)) {
                Files.createDirectories(file.getParent());
                Path fresh = Files.createTempFile(file.getParent(), "secret", ".new"); // readable by its owner only
                Files.writeString(fresh, secret(), StandardOpenOption.SYNC);
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("data.folder cannot be used: " + e, e);
        }
    }
}
