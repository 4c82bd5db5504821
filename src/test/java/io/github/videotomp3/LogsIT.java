package io.github.videotomp3;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log as JSON, of the packaged program. */
class LogsIT {

    @TempDir
    Path home;

    @Test
    void namesJobAndTraceInEachLineOfAnUploadAndNobodyInAny() throws Exception {
        try (Service service = new Service(
                        home,
                        "--logging.structured.format.console=ecs",
                        "--logging.level.org.apache.camel.processor.SendProcessor=DEBUG", // a line for many a step
                        "--converter.lease=1s",
                        "--queues.retry.first-delay=1s")
                .start()) {
            Person ann = Person.register(service.url());
            assertThat(ann.basic("/register", "*/*").statusCode()).isEqualTo(409);
            Path aside = home.resolve("work");
            Files.move(service.workFolder(), aside); // so that something fails
            String id = ann.accepted(Clips.mp4(home, 1));
            Awaitility.await().until(() -> service.readLog().contains("goes to video.retry after attempt 1"));
            Files.move(aside, service.workFolder());
            ann.mail(id);
            ann.download(id);

            String log = service.readLog();
            assertThat(log)
                    .doesNotContain(
                            ann.email(),
                            Person.PASSWORD,
                            ann.token(),
                            service.operatorPassword().strip());
            List<JsonNode> lines = log.lines()
                    .filter(line -> !line.startsWith("WARNING: ")) // of the JVM itself
                    .map(LogsIT::json)
                    .toList();
            List<JsonNode> ofTheJob = lines.stream()
                    .filter(line -> line.at("/job/id").asText().equals(id))
                    .toList();
            String trace = ofTheJob.get(0).at("/trace/id").asText();
            assertThat(trace).hasSize(32);
            assertThat(ofTheJob)
                    .extracting(line -> line.at("/trace/id").asText())
                    .containsOnly(trace);
            assertThat(ofTheJob)
                    .extracting(LogsIT::message)
                    .anyMatch(message -> message.startsWith("A message of video goes to video.retry after attempt 1"))
                    .anyMatch(message -> message.contains("routingKey=video Exchange"))
                    .anyMatch(message -> message.contains("exec:"))
                    .anyMatch(message -> message.contains("smtp:"));
            assertThat(lines)
                    .filteredOn(line -> line.at("/trace/id").asText().equals(trace)
                            && !line.at("/job/id").asText().equals(id))
                    .extracting(LogsIT::message)
                    .as("before there was a job")
                    .isNotEmpty()
                    .allMatch(
                            message -> message.matches(".*(direct://upload-to-video-(once|store)|mongodb-gridfs:).*"));
        }
    }

    private static String message(JsonNode line) {
        return line.get("message").asText();
    }

    private static JsonNode json(String line) {
        try {
            return Person.JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException("no JSON: " + line, e);
        }
    }
}
