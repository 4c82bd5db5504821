package io.github.videotomp3.boot;

import com.mongodb.ConnectionString;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * What each setting may be, in one table. It is read before anything is started, so that a wrong value or a misspelt key
 * stops the start with its name and with what is allowed. What only the machine can tell (is there such a program, is the
 * secret long enough) the beans themselves find out.
 */
final class Settings {

    /**
     * What a setting may be.
     *
     * @param kind what it has to be, as the end of a sentence
     * @param range its range, as README.md and application.properties put it
     * @param shown whether its value may be shown, because it holds no password
     */
    record Rule(String kind, String range, boolean shown, Check check) {

        private boolean allows(String value) {
            try {
                return check.allows(value);
            } catch (Exception unreadable) {
                return false;
            }
        }

        private Rule hidden() {
            return new Rule(kind, range, false, check);
        }
    }

    /** Throws, or answers false, for a value that is not allowed. */
    private interface Check {
        boolean allows(String value) throws Exception;
    }

    /** Beyond this, sums of milliseconds overflow somewhere. */
    private static final String TEN_YEARS = "3650d";

    private static final Map<String, Rule> RULES = new LinkedHashMap<>();

    static {
        are(any("auth, gateway, converter, notification, commas"), "bundles"); // Bundle reads them
        are(folder("a folder"), "data.folder");
        are(addressOfThisMachine(), "server.address", "management.server.address");
        are(number(1, 65535, "1 to 65535"), "server.port", "management.server.port");

        are(matching("a path such as /auth, or empty", "a path, or empty", "(/[\\w.~-]+)*"), "auth.path");
        are(oneOf("open", "closed"), "auth.registration");
        are(atLeast(1), "auth.login.per-minute");
        are(
                any("256 bits (32 bytes) or more each, commas"),
                "auth.token.secrets",
                "links.secrets"); // measured where they are used
        are(text(), "auth.token.issuer", "auth.token.audience", "operator.name");
        are(duration("1s", TEN_YEARS, "1s or more"), "auth.token.lifetime");
        are(duration("0s", "5m", "0s to 5m"), "auth.token.leeway");

        are(bytes(1, "1 or more"), "gateway.upload.max-bytes");
        are(duration("100ms", "1m", "100ms to 1m"), "gateway.events.period");
        are(atLeast(2), "gateway.threads");
        are(atLeast(1), "gateway.uploads", "gateway.auth.connect-timeout", "gateway.auth.timeout");
        are(url(), "gateway.auth.url", "notification.url");
        are(number(0, Integer.MAX_VALUE, "0 = no limit"), "gateway.limit.jobs-per-user", "gateway.limit.jobs");
        are(bytes(0, "0 = no limit"), "gateway.limit.bytes-per-user", "gateway.limit.bytes", "gateway.limit.min-free");
        are(
                duration("1s", TEN_YEARS, "1s or more"),
                "gateway.sweep.period",
                "gateway.sweep.age",
                "gateway.reap.period",
                "gateway.reap.age",
                "converter.sweep.period",
                "notification.sweep.period",
                "converter.sweep.age");
        are(
                duration("1m", TEN_YEARS, "1m or more"),
                "gateway.sweep.silence",
                "converter.sweep.silence",
                "gateway.link.lifetime",
                "notification.link.lifetime");

        are(duration("0s", TEN_YEARS, "0s or more"), "keep.video", "keep.grace", "converter.split.min-length");
        are(duration("1m", TEN_YEARS, "1m or more"), "keep.job");

        are(atLeast(1), "converter.workers", "converter.timeout", "converter.attempts");
        are(number(0, 9, "0 (best) to 9"), "converter.quality");
        are(number(0, 9, "0 (slowest) to 9"), "converter.compression-level");
        are(duration("1s", "7d", "1s to 7d"), "converter.max-length");
        are(duration("1s", TEN_YEARS, "1s or more"), "converter.lease");
        are(folder("a folder of this process alone"), "converter.work-folder");
        are(any("a path"), "converter.ffmpeg"); // FfmpegBinary tries it
        are(bytes(0, "0 = no limit"), "converter.ffmpeg.max-memory", "converter.ffmpeg.max-output");

        are(atLeast(1), "notification.workers", "notification.webhook.workers");
        are(duration("1s", "30s", "1s to 30s"), "notification.webhook.timeout");
        are(new Rule("an e-mail address", "an address", true, Settings::isMailAddress), "notification.from");
        are(duration("1s", TEN_YEARS, "1s or more"), "notification.timeout");
        are(duration("0s", "1h", "0s to 1h"), "notification.batch.wait");
        are(oneOf("true", "false"), "notification.starttls", "notification.webhook.private");

        are(
                matching("a name without blanks and commas", "names", "[^\\s,]+"),
                "queues.video",
                "queues.mp3",
                "queues.rejected",
                "queues.webhook");
        are(oneOf("quorum", "classic"), "queues.type");
        are(atLeast(1), "queues.delivery-limit", "queues.attempts", "operator.login.attempts");
        are(
                duration("1s", TEN_YEARS, "1s or more"),
                "queues.retry.first-delay",
                "queues.retry.longest-delay",
                "operator.login.wait");
        are(any("text"), "operator.password");

        are(
                new Rule(
                        "a URL such as http://collector:4318/v1/traces, or empty",
                        "a URL",
                        true,
                        value -> value.isEmpty() || url().allows(value)),
                "management.otlp.tracing.endpoint");
        are(oneOf("ecs", "logstash", "gelf"), "logging.structured.format.console");

        are(any("a host"), "spring.rabbitmq.host", "spring.mail.host");
        are(number(1, 65535, "1 to 65535"), "spring.rabbitmq.port", "spring.mail.port");
        are(
                new Rule(
                        "an address such as mongodb://host:27017/",
                        "mongodb://…",
                        false,
                        value -> value.isEmpty()
                                || value.startsWith("mongodb+srv://")
                                || new ConnectionString(value).getHosts() != null),
                "spring.data.mongodb.uri");
        are(
                matching("an address such as jdbc:mysql://host:3306/auth", "jdbc:mysql://…", "(jdbc:(mysql|h2):.+)?")
                        .hidden(),
                "spring.datasource.url");
    }

    /** The prefixes that nobody else has; behind them a key that is not known is a mistake. */
    private static final Set<String> PREFIXES = RULES.keySet().stream()
            .map(Settings::prefix)
            .filter(prefix ->
                    !Set.of("server", "management", "logging", "spring").contains(prefix))
            .collect(Collectors.toSet());

    /** What a developer sets, not a host. */
    private static final Set<String> FOR_DEVELOPERS = Set.of("routes.location", "embedded.mongo.port");

    private static final Map<String, String> KNOWN = Stream.concat(RULES.keySet().stream(), FOR_DEVELOPERS.stream())
            .filter(key -> PREFIXES.contains(prefix(key)) || FOR_DEVELOPERS.contains(key))
            .collect(Collectors.toMap(Settings::flat, key -> key));

    private Settings() {}

    static Map<String, Rule> rules() {
        return Map.copyOf(RULES);
    }

    /** @throws IllegalArgumentException if a value is wrong or a key unknown; names all of them in one line */
    static void check(ConfigurableEnvironment environment) {
        List<String> wrong = new ArrayList<>(unknown(environment));
        RULES.forEach((key, rule) -> {
            try {
                String value = environment.getProperty(key);
                if (value != null && !rule.allows(value)) {
                    wrong.add(key + " must be " + rule.kind() + (rule.shown() ? ", not \"" + value + "\"" : ""));
                }
            } catch (IllegalArgumentException unresolved) {
                wrong.add(key + " names another setting that there is not: " + unresolved.getMessage());
            }
        });
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", wrong));
        }
    }

    /**
     * Of the environment, which a platform fills with names of its own (Kubernetes: {@code GATEWAY_PORT}), only what is
     * one or two letters away from a key counts.
     */
    private static Set<String> unknown(ConfigurableEnvironment environment) {
        Set<String> unknown = new TreeSet<>();
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source instanceof EnumerablePropertySource<?> names) {
                boolean foreign = source instanceof SystemEnvironmentPropertySource;
                for (String name : names.getPropertyNames()) {
                    boolean ours = !foreign && PREFIXES.contains(prefix(name));
                    nearest(flat(name), ours)
                            .filter(near ->
                                    ours || near.distance() <= (near.key().length() < 15 ? 1 : 2))
                            .ifPresent(near -> unknown.add(name + " is no setting, the nearest is "
                                    + (foreign ? variable(near.key()) : near.key())));
                }
            }
        }
        return unknown;
    }

    private record Near(String key, int distance) {}

    /** Nothing for a name that is a key, and for a foreign one that by its length can't be meant as one. */
    private static Optional<Near> nearest(String name, boolean ours) {
        return KNOWN.containsKey(name)
                ? Optional.empty()
                : KNOWN.entrySet().stream()
                        .filter(known -> ours || Math.abs(known.getKey().length() - name.length()) <= 2)
                        .map(known -> new Near(known.getValue(), distance(name, known.getKey())))
                        .min(Comparator.comparingInt(Near::distance).thenComparing(Near::key));
    }

    private static String prefix(String key) {
        return key.replaceFirst("\\..*", "");
    }

    /** As Spring Boot compares names: {@code gateway.upload.max-bytes} is {@code GATEWAY_UPLOAD_MAXBYTES}. */
    private static String flat(String name) {
        return name.replaceAll("[-_.]", "").toLowerCase(Locale.ROOT);
    }

    private static String variable(String key) {
        return key.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
    }

    /** How many letters have to be changed, added or left out (Levenshtein). */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            int diagonal = i;
            for (int j = 0; j <= other.length(); j++) {
                int above = row[j];
                int cheapest = i == 0 || j == 0
                        ? i + j
                        : Math.min(
                                Math.min(above, row[j - 1]) + 1,
                                diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1));
                row[j] = cheapest;
                diagonal = above;
            }
        }
        return row[other.length()];
    }

    private static void are(Rule rule, String... keys) {
        for (String key : keys) {
            RULES.put(key, rule);
        }
    }

    private static Rule any(String range) {
        return new Rule("", range, true, value -> true);
    }

    private static Rule text() {
        return new Rule("a text that is not empty", "text", true, value -> !value.isBlank());
    }

    private static Rule folder(String range) {
        return new Rule("the path of a folder", range, true, value -> !value.isBlank() && Path.of(value) != null);
    }

    private static Rule oneOf(String... words) {
        String all = String.join(", ", words);
        return new Rule("one of " + all, all, true, List.of(words)::contains);
    }

    private static Rule matching(String kind, String range, String pattern) {
        return new Rule(kind, range, true, value -> value.matches(pattern));
    }

    private static Rule number(int least, int most, String range) {
        return new Rule("a whole number, " + range, range, true, between(least, most));
    }

    private static Rule atLeast(int least) {
        return number(least, Integer.MAX_VALUE, least + " or more");
    }

    private static Rule bytes(int least, String range) {
        return new Rule("a whole number of bytes, " + range, range, true, between(least, Long.MAX_VALUE));
    }

    private static Check between(long least, long most) {
        return value -> Long.parseLong(value) >= least && Long.parseLong(value) <= most;
    }

    /** With a unit: Camel and Spring Boot take a bare number for milliseconds, and people for seconds. */
    private static Rule duration(String least, String most, String range) {
        return new Rule("a time such as 30s, 5m or 24h, " + range, range, true, value -> {
            Duration duration = DurationStyle.SIMPLE.parse(value);
            return value.matches("\\d+(ms|s|m|h|d)")
                    && duration.compareTo(DurationStyle.SIMPLE.parse(least)) >= 0
                    && duration.compareTo(DurationStyle.SIMPLE.parse(most)) <= 0;
        });
    }

    private static Rule url() {
        return new Rule("a URL such as https://mp3.example.com, without a slash at its end", "a URL", true, value -> {
            URI url = new URI(value);
            return Set.of("http", "https").contains(url.getScheme()) && url.getHost() != null && !value.endsWith("/");
        });
    }

    private static Rule addressOfThisMachine() {
        return new Rule("an address of this machine, or 0.0.0.0 for all of them", "an address", true, value -> {
            InetAddress address = InetAddress.getByName(value);
            return !value.isBlank() && (address.isAnyLocalAddress() || isOurs(address));
        });
    }

    private static boolean isOurs(InetAddress address) throws IOException {
        return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    }

    private static boolean isMailAddress(String value) throws AddressException {
        return new InternetAddress(value, true).getAddress().contains("@");
    }
}
