package io.github.videotomp3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.util.FileSystemUtils;

/** Reads every file in {@code routes/} and holds it against the rules that a program can check. */
class RoutesTest {

    private static final Path ROUTES = Path.of("routes");
    private static final Path SETTINGS = Path.of("src/main/resources/application.properties");
    private static final String JAVA = String.join("\n", sources("src/main/java"));
    private static final List<String> TESTS = sources("src/test/java");

    @ParameterizedTest
    @EnumSource
    void everyRouteFileKeeps(RouteRule rule) {
        assertThat(rule.faults(new RouteFiles(ROUTES, text(SETTINGS), JAVA))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("wrongs")
    void findsWhatIsWrong(Wrong wrong, @TempDir Path folder) throws IOException {
        FileSystemUtils.copyRecursively(ROUTES, folder);
        String settings = text(SETTINGS);
        if (wrong.file().equals("application.properties")) {
            settings = wrong.in(settings);
        } else {
            Path file = folder.resolve(wrong.file() + ".camel.yaml");
            Files.writeString(file, wrong.in(text(file)));
        }

        assertThat(wrong.rule().faults(new RouteFiles(folder, settings, JAVA))).isNotEmpty();
    }

    @Test
    void breaksEveryRuleAtLeastOnce() {
        assertThat(wrongs().map(Wrong::rule)).contains(RouteRule.values());
    }

    @ParameterizedTest
    @MethodSource("routeFiles")
    void everyRouteFileHasATestAndALineInTheReadme(String file) throws IOException {
        String name = file.substring(file.indexOf('/') + 1);
        String test = Arrays.stream(name.split("-"))
                .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                .collect(Collectors.joining("", "class ", "Test "));
        assertThat(TESTS)
                .as(test + ", or another that names it")
                .anyMatch(source -> source.contains(test)
                        || source.contains("{@code " + name + "}")
                        || source.contains('"' + file + '"'));
        String bundle = file.substring(0, file.indexOf('/'));
        assertThat(text(Path.of("README.md")).lines())
                .anyMatch(line -> line.contains(bundle) && line.contains("`" + name + "`")
                        || line.contains("`routes/" + file + "`"));
    }

    static Stream<String> routeFiles() {
        return new RouteFiles(ROUTES, text(SETTINGS), JAVA)
                .routes().stream()
                        .filter(route -> !route.bundle().equals("failures"))
                        .map(route -> route.bundle() + "/" + route.file())
                        .distinct();
    }

    /** A good file in which one text is replaced by another, and the rule that this breaks. */
    record Wrong(RouteRule rule, String file, String good, String bad) {

        String in(String text) {
            assertThat(text).contains(good);
            return text.replace(good, bad);
        }

        @Override
        public String toString() {
            return rule + " by " + bad.strip().replace('\n', ' ') + " in " + file;
        }
    }

    private static Wrong wrong(RouteRule rule, String file, String good, String bad) {
        return new Wrong(rule, file, good, bad);
    }

    static Stream<Wrong> wrongs() {
        String login = "auth/login-to-token";
        String video = "converter/video-to-mp3";
        String ended = "converter/ended-to-mp3";
        String stored = "gateway/stored-to-video";
        String list = "gateway/jobs-to-list";
        String mp3 = "notification/mp3-to-email";
        String lastStep = "        - marshal:\n            id: write-jobs\n";
        return Stream.of(
                wrong(RouteRule.FILE_IS_ROUTE, list, "id: jobs-to-list", "id: list-jobs"),
                wrong(RouteRule.FILE_IS_ROUTE, stored, "id: stored-to-video-sweep", "id: sweep"),
                wrong(RouteRule.FILE_IS_ROUTE, stored, "id: stored-to-video-sweep", "id: stored-to-video-big-sweep"),
                wrong(RouteRule.FILE_IS_ROUTE, stored, "id: stored-to-video-sweep", "id: stored-to-video"),
                wrong(RouteRule.FILE_IS_ROUTE, list, "- route:\n", "- from:\n"),
                wrong(RouteRule.INTERNAL_IS_DIRECT, stored, "uri: direct:stored-to-video\n", "uri: direct:stored\n"),
                wrong(RouteRule.INTERNAL_IS_DIRECT, mp3, "uri: direct:job-to-email", "uri: direct:nobody"),
                wrong(RouteRule.GROUP_IS_FOLDER, list, "group: gateway", "group: auth"),
                wrong(RouteRule.GROUP_IS_FOLDER, "failures", "group: failures", "group: common"),
                wrong(RouteRule.DESCRIPTION_IS_A_SENTENCE, list, "Show a person's newest jobs", "Show them."),
                wrong(RouteRule.DESCRIPTION_IS_A_SENTENCE, list, "Show a person's newest jobs", "Shows jobs"),
                wrong(RouteRule.DESCRIPTION_IS_A_SENTENCE, list, "Show a person's newest jobs", "The jobs"),
                wrong(RouteRule.DESCRIPTION_IS_A_SENTENCE, list, "Show a person's newest jobs", "show jobs"),
                wrong(RouteRule.DESCRIPTION_IS_A_SENTENCE, list, "Show a person's newest jobs", "Show. Then stop"),
                wrong(RouteRule.DESCRIPTION_IS_A_SENTENCE, list, "    description: ", "    # "),
                wrong(RouteRule.STEP_HAS_A_SHORT_ID, list, "id: list-jobs\n", "description: x\n"),
                wrong(RouteRule.STEP_HAS_A_SHORT_ID, list, "id: get-jobs\n", "description: x\n"),
                wrong(RouteRule.STEP_HAS_A_SHORT_ID, login, "id: json-token\n", "description: x\n"),
                wrong(RouteRule.STEP_HAS_A_SHORT_ID, list, "id: list-jobs", "id: listJobs"),
                wrong(RouteRule.STEP_HAS_A_SHORT_ID, list, "id: list-jobs", "id: list-all-my-jobs"),
                wrong(RouteRule.ID_IS_UNIQUE, list, "id: list-jobs", "id: show-job"),
                wrong(RouteRule.ID_IS_UNIQUE, list, "id: get-jobs", "id: get-job"),
                wrong(RouteRule.ID_IS_UNIQUE, list, "id: list-jobs", "id: video-queue"),
                wrong(RouteRule.ID_IS_UNIQUE, "converter/video-failed-to-video", "id: again-video", "id: video-queue"),
                wrong(RouteRule.YAML_IS_CANONICAL, list, "/jobs\n", "/jobs?matchOnUriPrefix=true\n"),
                wrong(
                        RouteRule.YAML_IS_CANONICAL,
                        mp3,
                        "- to:\n                  id: mail-mp3\n                  uri: direct:job-to-email",
                        "- to: direct:job-to-email"),
                wrong(
                        RouteRule.YAML_IS_CANONICAL,
                        mp3,
                        "            expression:\n              simple:\n                expression: ",
                        "            simple:\n                expression: "),
                wrong(
                        RouteRule.YAML_IS_CANONICAL,
                        mp3,
                        "              simple:\n                expression: ",
                        "              simple: "),
                wrong(
                        RouteRule.BOX_HAS_WORDS,
                        list,
                        "simple:\n                expression: \"${bean:access?method=toRead}\"",
                        "method: {ref: access, method: toRead}"),
                wrong(RouteRule.BOX_HAS_WORDS, "auth/login-to-token", "expression: text/plain", "expression: \"\""),
                wrong(
                        RouteRule.NINE_BOXES_HIGH,
                        list,
                        lastStep,
                        "        - log: {id: a, message: a}\n".repeat(7) + lastStep),
                wrong(
                        RouteRule.ONE_CHOICE_AT_THE_END,
                        ended,
                        "              - id: is-lost\n",
                        "              - id: is-lost\n                steps: []\n              - id: is-odd\n"),
                wrong(
                        RouteRule.ONE_CHOICE_AT_THE_END,
                        list,
                        lastStep,
                        "        - choice: {id: a, when: [{id: b, steps: []}]}\n" + lastStep),
                wrong(RouteRule.NO_HIDDEN_FAILURES, list, "- bean:\n", "- doTry:\n"),
                wrong(RouteRule.NO_HIDDEN_FAILURES, list, "    from:\n", "    errorHandler: {}\n    from:\n"),
                wrong(RouteRule.NO_HIDDEN_FAILURES, list, "- route:\n", "- onException: {}\n- route:\n"),
                wrong(
                        RouteRule.NO_LONG_SCRIPT,
                        mp3,
                        "\"${body.size} > 0\"",
                        "|\n                  a\n                  b"),
                wrong(RouteRule.NOTHING_OF_A_DEPLOYMENT, mp3, "\"{{queues.mp3}}\"", "localhost"),
                wrong(RouteRule.NOTHING_OF_A_DEPLOYMENT, list, "platform-http:", "netty-http:10.0.0.1:"),
                wrong(
                        RouteRule.NOTHING_OF_A_DEPLOYMENT,
                        "gateway/login-to-auth",
                        "\"{{gateway.auth.url}}/login\"",
                        "http://auth/login"),
                wrong(
                        RouteRule.NOTHING_OF_A_DEPLOYMENT,
                        mp3,
                        "prefetchCount: \"1\"",
                        "prefetchCount: \"1\"\n        username: guest"),
                wrong(RouteRule.NOTHING_OF_A_DEPLOYMENT, "notification/beans", "{{spring.mail.password:}}", "s3cret@x"),
                wrong(RouteRule.KEY_IS_A_SETTING, mp3, "{{notification.workers}}", "{{notification.hands}}"),
                wrong(
                        RouteRule.KEY_IS_A_SETTING,
                        "application.properties",
                        "notification.workers=2",
                        "notification.workers=2\nnotification.workers=3"),
                wrong(RouteRule.SETTING_IS_USED, "application.properties", "# mails at once", "queues.nobody=1\n#"),
                wrong(
                        RouteRule.SETTING_IS_USED,
                        "notification/beans",
                        "{{notification.from}}",
                        "{{notification.form}}"),
                wrong(RouteRule.FAILS_IN_A_KNOWN_WAY, list, "routeConfigurationId: http-failures", "autoStartup: true"),
                wrong(RouteRule.FAILS_IN_A_KNOWN_WAY, list, "http-failures", "htpp-failures"),
                wrong(RouteRule.QUEUE_STANDS_IN_BOTH_NAMES, mp3, "queues: \"{{queues.mp3}}\"", "queues: mp3"),
                wrong(RouteRule.QUEUE_STANDS_IN_BOTH_NAMES, mp3, "{{queues.mp3}}", "{{queues.video}}"),
                wrong(RouteRule.QUEUE_STANDS_IN_BOTH_NAMES, mp3, "rabbitmq:default", "rabbitmq:mails"),
                wrong(RouteRule.QUEUE_STANDS_IN_BOTH_NAMES, mp3, "id: mp3-queue", "id: mp3-source"),
                wrong(
                        RouteRule.QUEUE_STANDS_IN_BOTH_NAMES,
                        stored,
                        "routingKey: \"{{queues.video}}\"",
                        "routingKey: video"),
                wrong(RouteRule.QUEUE_STANDS_IN_BOTH_NAMES, stored, "{{queues.video}}", "{{queues.rejected}}"),
                wrong(RouteRule.QUEUE_STANDS_IN_BOTH_NAMES, ended, "\"{{queues.rejected}}\"", "\"{{queues.mp3}}\""),
                wrong(RouteRule.NO_SEDA, "gateway/upload-to-video", "direct:stored-to-video", "seda:stored-to-video"),
                wrong(RouteRule.NO_SEDA, stored, "uri: direct:stored-to-video\n", "uri: vm:stored-to-video\n"),
                wrong(
                        RouteRule.SAME_BEAN_IS_DECLARED_ALIKE,
                        "notification/beans",
                        "{{converter.lease}}",
                        "{{converter.timeout}}"),
                wrong(RouteRule.BEAN_IS_DECLARED, list, "ref: ownJobs", "ref: downloader"),
                wrong(RouteRule.BEAN_IS_DECLARED, list, "${bean:access?", "${bean:registrations?"),
                wrong(RouteRule.BEAN_IS_DECLARED, list, "\"#apiHeaders\"", "\"#authHeaders\""),
                wrong(RouteRule.BEAN_IS_DECLARED, "gateway/beans", "\"#bean:ownJobs\"", "\"#bean:allJobs\""),
                wrong(
                        RouteRule.METHOD_IS_UNIQUE,
                        list,
                        "ref: ownJobs\n            method: list",
                        "ref: jobs\n            method: newest"),
                wrong(RouteRule.METHOD_IS_UNIQUE, list, "${bean:access?method=toRead}", "${bean:jobs?method=newest}"),
                wrong(RouteRule.HEADERS_ARE_FILTERED, list, "headerFilterStrategy: \"#apiHeaders\"", "x: y"),
                wrong(
                        RouteRule.HEADERS_ARE_FILTERED,
                        "gateway/login-to-auth",
                        "headerFilterStrategy: \"#authCallHeaders\"",
                        "x: y"),
                wrong(
                        RouteRule.HEADERS_ARE_FILTERED,
                        "notification/job-to-email",
                        "headerFilterStrategy: \"#mailHeaders\"",
                        "x: y"));
    }

    /** All but the table that names each setting, used or not. */
    private static List<String> sources(String folder) {
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            return files.filter(file -> file.toString().endsWith(".java") && !file.endsWith("Settings.java"))
                    .map(RoutesTest::text)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
