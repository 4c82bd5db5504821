package io.github.videotomp3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Prometheus makes of alerts and dashboard, by its own {@code promtool}; where that is missing the test is skipped.
 * That each series exists is MetricsTest's affair.
 */
class AlertsTest {

    @TempDir
    static Path home;

    @BeforeAll
    static void needPromtool() {
        assumeTrue(Browser.onPath("promtool").isPresent(), "NOT TESTED: the alerts need promtool on the PATH");
    }

    @Test
    void wakesSomebodyUpWhenItShouldAndOnlyThen() throws Exception {
        promtool("check", "rules", "docs/alerts.yml");
        promtool("test", "rules", "src/test/resources/alerts-test.yml");
    }

    @Test
    void canReadTheExpressionsOfTheDashboard() throws Exception {
        ObjectMapper json = new ObjectMapper();
        ArrayNode rules = json.createArrayNode();
        for (JsonNode expression : json.readTree(new File("docs/grafana.json")).findValues("expr")) {
            rules.addObject().put("record", "panel" + rules.size()).set("expr", expression);
        }
        assertThat(rules).isNotEmpty();
        ObjectNode file = json.createObjectNode();
        file.putArray("groups").addObject().put("name", "dashboard").set("rules", rules);
        Path written = home.resolve("rules.yml"); // JSON is YAML
        json.writeValue(written.toFile(), file);

        promtool("check", "rules", written.toString());
    }

    private static void promtool(String... arguments) throws Exception {
        Path said = home.resolve("promtool");
        ProcessBuilder promtool = new ProcessBuilder("promtool");
        promtool.command().addAll(List.of(arguments));
        int exit = promtool.redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start()
                .waitFor();
        assertThat(exit).as(Files.readString(said)).isZero();
    }
}
