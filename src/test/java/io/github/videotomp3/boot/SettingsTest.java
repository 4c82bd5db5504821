package io.github.videotomp3.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.mock.env.MockEnvironment;

class SettingsTest {

    /** What the beans themselves find out: Bundle, Tokens, SignedLinks, FfmpegBinary, OperatorAccount, and whoever connects. */
    private static final Set<String> ELSEWHERE = Set.of(
            "bundles",
            "auth.token.secrets",
            "links.secrets",
            "converter.ffmpeg",
            "operator.password",
            "spring.rabbitmq.host",
            "spring.mail.host");

    private static final String WRONG = """
            data.folder                   | ''
            server.address                | nobody.invalid | 192.0.2.1
            server.port                   | http | 0 | 65536 | ''
            auth.path                     | auth | /auth/ | /a b
            auth.registration             | Open | yes | ''
            auth.login.per-minute         | 0 | -1 | many | 1.5 | 3000000000
            auth.token.issuer             | ''
            auth.token.audience           | ''
            auth.token.lifetime           | 0s | 24 | 1y | ever | PT24H
            auth.token.leeway             | 301s | 6m | -1s
            gateway.upload.max-bytes      | 0 | 4GB | 99999999999999999999
            gateway.threads               | 1 | x
            gateway.uploads               | 0
            gateway.limit.jobs-per-user   | -1
            gateway.limit.jobs            | -1
            gateway.limit.bytes-per-user  | -1 | 50GiB
            gateway.limit.bytes           | -1
            gateway.limit.min-free        | -1
            gateway.auth.url              | auth:5000 | ftp://auth | http:// | http://auth/ | ''
            gateway.auth.connect-timeout  | 0 | 2s
            gateway.auth.timeout          | 0 | 10s
            gateway.sweep.period          | 0s | 999ms | 10 | 99999999999999999d
            gateway.sweep.age             | 0s
            gateway.sweep.silence         | 59s
            converter.sweep.silence       | 59s
            gateway.link.lifetime         | 59s
            gateway.events.period         | 99ms
            keep.video                    | -1s
            keep.job                      | 59s
            keep.grace                    | forever
            notification.link.lifetime    | 59s
            notification.batch.wait       | -1s | 61m | 120
            gateway.reap.period           | 0s
            gateway.reap.age              | 0s
            converter.workers             | 0 | ''
            converter.quality             | -1 | 10 | best
            converter.compression-level   | -1 | 10
            converter.max-length          | 0s | 8d | 4
            converter.split.min-length    | -1s | long
            converter.timeout             | 0 | 1h
            converter.attempts            | 0
            converter.lease               | 500ms | 30
            converter.sweep.period        | 0s
            converter.sweep.age           | 0s
            converter.work-folder         | ''
            converter.ffmpeg.max-memory   | -1 | 2g
            converter.ffmpeg.max-output   | -1
            notification.workers          | 0
            notification.from             | nobody | a@ | ''
            notification.url              | mp3.example.com | https://mp3.example.com/ | http://[
            notification.timeout          | 0s | 20
            notification.starttls         | yes | ''
            notification.webhook.workers  | 0
            notification.webhook.timeout  | 31s | 0s
            notification.webhook.private  | yes | ''
            notification.sweep.period     | 0s
            queues.video                  | '' | a,b
            queues.mp3                    | ''
            queues.rejected               | 'a b'
            queues.webhook                | 'a b'
            queues.type                   | stream | ''
            queues.delivery-limit         | 0
            queues.attempts               | 0
            queues.retry.first-delay      | 0s
            queues.retry.longest-delay    | 5
            management.server.address     | 192.0.2.1
            management.server.port        | 0 | x
            operator.name                 | ''
            operator.login.attempts       | 0
            operator.login.wait           | 0s
            management.otlp.tracing.endpoint  | collector:4318
            logging.structured.format.console | json
            spring.rabbitmq.port          | 0 | amqp
            spring.mail.port              | 70000
            spring.data.mongodb.uri       | http://mongo | mongodb:// | mongo:27017
            spring.datasource.url         | mysql://mysql/auth | jdbc:oracle:thin
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = WRONG)
    void refusesWrongValuesAndSaysWhatIsAllowed(String line) {
        String key = key(line);
        for (String value : values(line)) {
            assertThatThrownBy(() -> check(key, value))
                    .as("%s=%s", key, value)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(
                            key + " must be " + Settings.rules().get(key).kind())
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void aWrongValueIsTriedForEachSetting() {
        Set<String> tried = new HashSet<>(ELSEWHERE);
        WRONG.lines().map(SettingsTest::key).forEach(tried::add);

        assertThat(tried).isEqualTo(Settings.rules().keySet());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            server.address                | 0.0.0.0
            server.address                | ::1
            auth.path                     | ''
            auth.path                     | /internal/auth
            auth.token.lifetime           | 1s
            auth.token.leeway             | 0s
            auth.token.leeway             | 5m
            converter.max-length          | 7d
            converter.ffmpeg.max-memory   | 0
            gateway.upload.max-bytes      | 1099511627776
            gateway.auth.url              | http://auth
            notification.url              | https://example.com:8443/mp3
            notification.from             | Video to MP3 <mp3@example.com>
            server.port                   | 65535
            spring.data.mongodb.uri       | mongodb+srv://user:pw@cluster.invalid/
            spring.data.mongodb.uri       | mongodb://user:pw@a:27017,b:27017/?replicaSet=rs
            spring.datasource.url         | jdbc:mysql://mysql:3306/auth
            spring.datasource.url         | ''
            """)
    void takesTheEdgesOfEachRange(String key, String value) {
        assertThatCode(() -> check(key, value)).doesNotThrowAnyException();
    }

    @Test
    void namesAllThatIsWrongAtOnce() {
        assertThatThrownBy(() -> check("gateway.threads", "0", "auth.registration", "maybe"))
                .hasMessage("auth.registration must be one of open, closed, not \"maybe\"; "
                        + "gateway.threads must be a whole number, 2 or more, not \"0\"");
    }

    @Test
    void showsNoPasswordThatStandsInAnAddress() {
        for (String key : List.of("spring.data.mongodb.uri", "spring.datasource.url")) {
            assertThatThrownBy(() -> check(key, "x://user:hidden@host/"))
                    .hasMessageStartingWith(key + " must be ")
                    .hasMessageNotContaining("hidden");
        }
    }

    @Test
    void namesASettingThatPointsNowhere() {
        assertThatThrownBy(() -> check("notification.url", "http://${host}"))
                .hasMessageStartingWith("notification.url names another setting that there is not")
                .hasMessageContaining("host");
    }

    @ParameterizedTest
    @CsvSource({
        "gateway.treads, gateway.threads",
        "converter.worker, converter.workers",
        "gatway.threads, gateway.threads",
        "auth.token.secret, auth.token.secrets",
        "queues.retry.delay, queues.retry.first-delay",
        "bundle, bundles",
        "operator.pasword, operator.password"
    })
    void namesTheNearestForAKeyThatThereIsNot(String key, String nearest) {
        assertThatThrownBy(() -> check(key, "1")).hasMessage(key + " is no setting, the nearest is " + nearest);
    }

    @ParameterizedTest
    @CsvSource({
        "GATEWAY_TREADS, GATEWAY_THREADS",
        "GATWAY_THREADS, GATEWAY_THREADS",
        "GATEWAY_UPLOAD_MAXBYTE, GATEWAY_UPLOAD_MAXBYTES",
        "BUNDLE, BUNDLES"
    })
    void namesTheNearestForAVariableThatIsNearlyASetting(String name, String nearest) {
        assertThatThrownBy(() -> variable(name, "1")).hasMessage(name + " is no setting, the nearest is " + nearest);
    }

    @ParameterizedTest
    @CsvSource({
        "GATEWAY_PORT, tcp://10.0.0.1:8080", // Kubernetes sets such
        "GATEWAY_SERVICE_HOST, 10.0.0.1",
        "AUTH_PORT, tcp://10.0.0.1:8080",
        "GATEWAY_INTERFACE, CGI/1.1",
        "DATA_DIR, x",
        "GATEWAY_UPLOAD_MAXBYTES, 10", // as Spring Boot writes it
        "GATEWAY_UPLOAD_MAX_BYTES, 10",
        "JWT_SECRET, x",
        "SERVER_HOST, x"
    })
    void leavesTheVariablesOfOthersAlone(String name, String value) {
        assertThatCode(() -> variable(name, value)).doesNotThrowAnyException();
    }

    @Test
    void readmeAndPropertiesHaveTheKeysThatAreHeldAgainstARange() throws Exception {
        assertThat(properties().keySet()).isEqualTo(Settings.rules().keySet());
        assertThat(readme().keySet()).isEqualTo(Settings.rules().keySet());
    }

    @Test
    void readmeHasTheDefaultsOfTheProperties() throws Exception {
        Map<String, Row> readme = readme();
        properties().forEach((key, property) -> {
            if (!property.value().isEmpty() && !property.value().contains("JWT_SECRET")) {
                assertThat(readme.get(key).first()).as(key).isEqualTo(property.value());
            } else {
                assertThat(readme.get(key).first()).as(key).isNotEmpty();
            }
        });
    }

    @Test
    void readmeAndPropertiesSayTheRange() throws Exception {
        Map<String, Row> readme = readme();
        properties().forEach((key, property) -> {
            String range = Settings.rules().get(key).range();
            assertThat(readme.get(key).range()).as(key).contains(range);
            assertThat(property.comment()).as(key).contains(range);
        });
    }

    @Test
    void theDefaultsAreAllowed() throws Exception {
        properties().forEach((key, property) -> {
            if (!property.value().isEmpty() && !property.value().contains("$")) {
                assertThatCode(() -> check(key, property.value())).as(key).doesNotThrowAnyException();
            }
        });
    }

    private static String key(String line) {
        return line.split("\\|")[0].strip();
    }

    private static List<String> values(String line) {
        return Arrays.stream(line.split("\\|"))
                .skip(1)
                .map(String::strip)
                .map(value -> value.replaceAll("^'(.*)'$", "$1"))
                .toList();
    }

    private static void check(String... settings) {
        MockEnvironment environment = new MockEnvironment();
        for (int i = 0; i < settings.length; i += 2) {
            environment.setProperty(settings[i], settings[i + 1]);
        }
        Settings.check(environment);
    }

    private static void variable(String name, String value) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().remove(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
        environment
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, Map.of(name, value)));
        Settings.check(environment);
    }

    private record Property(String value, String comment) {}

    /** The settings for people, as application.properties has them: a comment counts for all keys up to the next one. */
    private static Map<String, Property> properties() throws IOException {
        Map<String, Property> properties = new LinkedHashMap<>();
        Pattern line = Pattern.compile("#?([a-z][a-z0-9.-]+)=(.*)");
        List<String> comment = new ArrayList<>();
        boolean fresh = true;
        for (String text : Files.readAllLines(Path.of("src/main/resources/application.properties"))) {
            if (text.startsWith("# --- what people have no reason to change")) {
                return properties;
            }
            Matcher matcher = line.matcher(text);
            if (matcher.matches()) {
                Property property = new Property(matcher.group(2), String.join(" ", comment));
                assertThat(properties.put(matcher.group(1), property))
                        .as("%s stands once", matcher.group(1))
                        .isNull();
                fresh = true;
            } else {
                if (fresh || text.isBlank()) {
                    comment.clear();
                }
                comment.add(text);
                fresh = false;
            }
        }
        throw new IllegalStateException("where do the settings for people end");
    }

    private record Row(String first, String range) {}

    private static Map<String, Row> readme() throws IOException {
        String text = Files.readString(Path.of("README.md"));
        String section =
                text.substring(text.indexOf("\n## Settings"), text.indexOf("\nThe rest of `application.properties`"));
        Map<String, Row> rows = new LinkedHashMap<>();
        section.lines().filter(line -> line.startsWith("| `")).forEach(line -> {
            String[] cells = line.split("\\|");
            List<String> keys = code(cells[1]);
            List<String> defaults = Arrays.stream(cells[2].split(","))
                    .map(value -> value.strip().replace("`", ""))
                    .toList();
            for (int i = 0; i < keys.size(); i++) {
                String value = defaults.size() == keys.size() ? defaults.get(i) : defaults.get(0);
                assertThat(rows.put(keys.get(i), new Row(value, cells[3].replace("`", ""))))
                        .as("%s stands once", keys.get(i))
                        .isNull();
            }
        });
        return rows;
    }

    private static List<String> code(String cell) {
        return Pattern.compile("`([^`]+)`")
                .matcher(cell)
                .results()
                .map(found -> found.group(1))
                .toList();
    }
}
