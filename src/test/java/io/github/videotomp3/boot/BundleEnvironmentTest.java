package io.github.videotomp3.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.mock.env.MockEnvironment;

class BundleEnvironmentTest {

    private static final String EXCLUDED = "spring.autoconfigure.exclude";
    private static final String ROUTES = "camel.main.routes-include-pattern";

    @TempDir
    Path data;

    @ParameterizedTest
    @CsvSource(delimiter = ':', textBlock = """
            auth                      : auth
            gateway                   : gateway
            converter                 : converter
            notification              : notification
            notification,auth         : auth notification
            ''                        : auth gateway converter notification embedded
            """)
    void listsTheRouteFilesOfEachBundleWithItsBeansFirst(String bundles, String folders) {
        List<String> files = routes(started("bundles", bundles));

        assertThat(files.get(0)).isEqualTo("classpath:routes/failures.camel.yaml");
        List<String> expected = Arrays.asList(folders.split(" "));
        assertThat(files.stream().skip(1).map(file -> file.split("/")[1]).distinct())
                .containsExactlyElementsOf(expected);
        for (String folder : expected) {
            List<String> own = files.stream()
                    .filter(file -> file.startsWith("classpath:routes/" + folder + "/"))
                    .toList();
            assertThat(own).doesNotHaveDuplicates().hasSameSizeAs(onDisk(folder));
            if (!folder.equals("embedded")) {
                assertThat(own.get(0)).endsWith("/beans.camel.yaml");
            }
        }
    }

    @Test
    void showsNoInboxWhereMailGoesToARealServer() {
        assertThat(routes(started("spring.mail.host", "smtp.example.com")))
                .noneMatch(file -> file.contains("embedded"));
    }

    @Test
    void readsRoutesFromAFolder() throws Exception {
        Files.createDirectories(data.resolve("mine/auth"));
        for (String name : new String[] {"a", "beans", "z"}) {
            Files.createFile(data.resolve("mine/auth/" + name + ".camel.yaml"));
        }
        Files.createFile(data.resolve("mine/auth/notes.txt"));
        String mine = "file:" + data.resolve("mine");

        assertThat(routes(started("bundles", "auth", "routes.location", mine)))
                .containsExactly(
                        mine + "/failures.camel.yaml",
                        mine + "/auth/beans.camel.yaml",
                        mine + "/auth/a.camel.yaml",
                        mine + "/auth/z.camel.yaml");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:/nonexistent/routes", "classpath:nosuch", "file:."})
    void refusesAPlaceWithoutRoutes(String location) {
        assertThatThrownBy(() -> started("routes.location", location)).hasMessageContaining("routes.location");
    }

    @Test
    void makesNoConnectionThatABundleDoesNotNeed() {
        assertThat(excluded("auth")).containsExactly("MongoAutoConfiguration");
        assertThat(excluded("converter")).containsExactly("DataSourceAutoConfiguration", "FlywayAutoConfiguration");
        assertThat(excluded("gateway,notification"))
                .containsExactly("DataSourceAutoConfiguration", "FlywayAutoConfiguration");
        assertThat(excluded("auth,converter")).isEmpty();
        assertThat(excluded("")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"auth, false", "gateway, false", "converter, true", "notification, true", "'', false"})
    void opensTheManagementPortOnlyWhereNoBundleServesRequests(String bundles, String only) {
        assertThat(started("bundles", bundles).getProperty("management.only")).isEqualTo(only);
    }

    @Test
    void refusesTwoLoginsAtOnePath() {
        assertThatThrownBy(() -> started("auth.path", "")).hasMessageContaining("auth.path may be empty only");
        assertThatThrownBy(() -> started("auth.path", "", "bundles", "auth,gateway"))
                .hasMessageContaining("auth.path may be empty only");
        assertThat(started("auth.path", "", "bundles", "auth").getProperty("auth.path"))
                .isEmpty();
    }

    @Test
    void refusesAWrongBundle() {
        assertThatThrownBy(() -> started("bundles", "gatway")).hasMessageContaining("BUNDLES names \"gatway\"");
    }

    @Test
    void embedsWhateverNobodyHasConfigured() {
        MockEnvironment environment = started();

        assertThat(embedded(environment)).containsExactly("broker", "mongo", "sql", "mail");
        assertThat(environment.getProperty("spring.rabbitmq.host")).isEqualTo("127.0.0.1");
        assertThat(environment.getProperty("spring.data.mongodb.uri"))
                .isEqualTo("mongodb://127.0.0.1:" + environment.getProperty("embedded.mongo.port") + "/");
        assertThat(environment.getProperty("spring.datasource.url")).startsWith("jdbc:h2:file:" + data);
        assertThat(environment.getProperty("spring.mail.host")).isEqualTo("127.0.0.1");
        assertThat(environment.getProperty("notification.starttls")).isEqualTo("false");
        assertThat(Stream.of("spring.rabbitmq.port", "embedded.mongo.port", "spring.mail.port")
                        .map(environment::getProperty))
                .doesNotHaveDuplicates()
                .doesNotContainNull();
    }

    @ParameterizedTest
    @CsvSource({
        "spring.rabbitmq.host, rabbit, broker",
        "spring.rabbitmq.addresses, 'rabbit-1,rabbit-2', broker",
        "spring.data.mongodb.uri, mongodb://mongo/, mongo",
        "spring.data.mongodb.host, mongo, mongo",
        "spring.datasource.url, jdbc:mysql://mysql/auth, sql",
        "spring.mail.host, smtp.example.com, mail"
    })
    void stepsAsideOneByOne(String key, String value, String part) {
        MockEnvironment environment = started(key, value);

        assertThat(embedded(environment)).hasSize(3).doesNotContain(part);
        assertThat(environment.getProperty(key)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "auth, sql",
        "gateway, broker mongo",
        "converter, broker mongo",
        "notification, broker mongo mail",
        "'auth,gateway', broker mongo sql"
    })
    void embedsOnlyWhatABundleNeeds(String bundles, String parts) {
        assertThat(embedded(started("bundles", bundles))).containsExactly(parts.split(" "));
    }

    @Test
    void wantsARealMailServerToEncrypt() {
        MockEnvironment environment = started("spring.mail.host", "smtp.example.com");

        assertThat(environment.getProperty("spring.mail.port")).isEqualTo("587");
        assertThat(environment.getProperty("notification.starttls")).isEqualTo("true");
    }

    @Test
    void givesEachStartItsOwnPasswordForTheBroker() {
        String one = started().getProperty("spring.rabbitmq.password");
        String other = started().getProperty("spring.rabbitmq.password");

        assertThat(one).hasSizeGreaterThanOrEqualTo(32).isNotEqualTo(other);
    }

    @Test
    void refusesToStartInProductionWithoutASecret() {
        String[] real = {
            "spring.rabbitmq.host", "rabbit",
            "spring.data.mongodb.uri", "mongodb://mongo/",
            "spring.datasource.url", "jdbc:mysql://mysql/auth",
            "spring.mail.host", "smtp.example.com"
        };
        assertThatThrownBy(() -> started(real))
                .hasMessageContaining("auth.token.secrets")
                .hasMessageContaining("JWT_SECRET");
        assertThat(data.resolve("token.secret")).doesNotExist();

        List<String> withSecret = new ArrayList<>(List.of(real));
        withSecret.addAll(List.of("auth.token.secrets", "x".repeat(32)));
        assertThatThrownBy(() -> started(withSecret.toArray(String[]::new)))
                .hasMessageContaining("links.secrets")
                .hasMessageContaining("LINKS_SECRETS");
        assertThat(data.resolve("link.secret")).doesNotExist();
        withSecret.addAll(List.of("links.secrets", "y".repeat(32)));
        assertThat(embedded(started(withSecret.toArray(String[]::new)))).isEmpty();

        List<String> converter = new ArrayList<>(List.of(real));
        converter.addAll(List.of("bundles", "converter"));
        assertThat(embedded(started(converter.toArray(String[]::new)))).isEmpty();
    }

    @Test
    void makesASecretOnceAndReadsItAgain() throws Exception {
        MockEnvironment first = started();

        for (String[] secret :
                new String[][] {{"auth.token.secrets", "token.secret"}, {"links.secrets", "link.secret"}}) {
            assertThat(first.getProperty(secret[0])).hasSizeGreaterThanOrEqualTo(43);
            assertThat(data.resolve(secret[1])).hasContent(first.getProperty(secret[0]));
            assertThat(started().getProperty(secret[0])).isEqualTo(first.getProperty(secret[0]));
        }
        assertThat(first.getProperty("links.secrets")).isNotEqualTo(first.getProperty("auth.token.secrets"));
        try (Stream<Path> files = Files.list(data)) {
            assertThat(files)
                    .containsExactlyInAnyOrder(
                            data.resolve("token.secret"),
                            data.resolve("link.secret"),
                            data.resolve("operator.password"));
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void hidesTheSecretFromOtherUsers() throws Exception {
        started();

        for (String secret : List.of("token.secret", "link.secret", "operator.password")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(secret))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void makesNoSecretWhereOneIsGivenOrNoneIsNeeded() {
        started("auth.token.secrets", "x".repeat(32), "links.secrets", "y".repeat(32));
        started("bundles", "converter");
        started("bundles", "auth", "auth.token.secrets", "x".repeat(32));
        started("bundles", "notification", "links.secrets", "y".repeat(32));

        assertThat(data.resolve("token.secret")).doesNotExist();
        assertThat(data.resolve("link.secret")).doesNotExist();
    }

    @Test
    void givesTheOperatorAPasswordWhereSomethingIsEmbeddedAndNoneWithRealServers() {
        String made = started().getProperty("operator.password");
        assertThat(made).hasSizeGreaterThanOrEqualTo(43);
        assertThat(data.resolve("operator.password")).hasContent(made);
        assertThat(started("operator.password", "chosen").getProperty("operator.password"))
                .isEqualTo("chosen");

        MockEnvironment real = started(
                "bundles",
                "converter",
                "spring.rabbitmq.host",
                "rabbit",
                "spring.data.mongodb.uri",
                "mongodb://mongo/");
        assertThat(real.getProperty("operator.password", "")).isEmpty();
    }

    @Test
    void refusesOnePortForProductAndManagement() {
        assertThatThrownBy(() -> started("server.port", "9000", "management.server.port", "9000"))
                .hasMessageContaining("management.server.port and server.port are both 9000");
        started("bundles", "converter", "server.port", "9000", "management.server.port", "9000");
    }

    @ParameterizedTest
    @CsvSource({
        "auth, 'readinessState,camelReadinessState,db'",
        "gateway, 'readinessState,camelReadinessState,rabbit,mongo'",
        "converter, 'readinessState,camelReadinessState,rabbit,mongo'",
        "'', 'readinessState,camelReadinessState,db,rabbit,mongo'"
    })
    void isReadyWithWhatItsBundlesNeed(String bundles, String parts) {
        assertThat(started("bundles", bundles).getProperty("management.endpoint.health.group.readiness.include"))
                .isEqualTo(parts);
    }

    @Test
    void makesTheDataFolderAbsolute() {
        assertThat(started("data.folder", "target/../target/data", "bundles", "converter")
                        .getProperty("data.folder"))
                .isEqualTo(Path.of("target/data").toAbsolutePath().toString());
    }

    @Test
    void leavesWhatSomebodyHasSetAsItIs() {
        MockEnvironment environment = started("converter.workers", "1", "spring.mail.port", "2525");

        assertThat(environment.getProperty("converter.workers")).isEqualTo("1");
        assertThat(environment.getProperty("spring.mail.port")).isEqualTo("2525");
    }

    private MockEnvironment started(String... settings) {
        MockEnvironment environment = new MockEnvironment()
                .withProperty("data.folder", data.toString())
                .withProperty("auth.path", "/auth");
        for (int i = 0; i < settings.length; i += 2) {
            environment.setProperty(settings[i], settings[i + 1]);
        }
        new BundleEnvironment().postProcessEnvironment(environment, new SpringApplication());
        return environment;
    }

    private static List<String> routes(MockEnvironment environment) {
        return List.of(environment.getProperty(ROUTES).split(","));
    }

    private List<String> excluded(String bundles) {
        return Stream.of(started("bundles", bundles).getProperty(EXCLUDED).split(","))
                .filter(name -> !name.isEmpty())
                .map(name -> name.substring(name.lastIndexOf('.') + 1))
                .toList();
    }

    private static List<String> embedded(MockEnvironment environment) {
        return Stream.of("broker", "mongo", "sql", "mail")
                .filter(part -> environment.getProperty("embedded." + part, Boolean.class, false))
                .toList();
    }

    private static List<Path> onDisk(String folder) {
        try (Stream<Path> files = Files.list(Path.of("routes", folder))) {
            return files.filter(file -> file.toString().endsWith(".camel.yaml")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
