package io.github.videotomp3.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.github.videotomp3.Client;
import io.github.videotomp3.RouteTest;
import io.github.videotomp3.SampleJobs;
import io.github.videotomp3.job.Job;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.autoconfigure.actuate.observability.AutoConfigureObservability;

/** The metrics of the pipeline, and that dashboard and alerts ask for none that is not there. */
@AutoConfigureObservability
@RouteTest({"operator.password=the operator's own", "operator.login.attempts=3", "operator.login.wait=1s"})
class MetricsTest {

    private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? \\S+$");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** A name and its selector as PromQL writes them; functions have a parenthesis behind them. */
    private static final Pattern SELECTOR = Pattern.compile("\\b([a-z]\\w*_\\w+|jobs)(?:\\{([^}]*)})?(?![\\w(])");

    private static final Pattern MATCHER = Pattern.compile("(\\w+)(=~|!=|=)\"([^\"]*)\"");

    private final Client client;
    private final SampleJobs samples;
    private final ProducerTemplate producer;
    private final PipelineMetrics.Waiting waiting;
    private final String management;

    private record Sample(String name, Map<String, String> labels) {}

    MetricsTest(
            Client client,
            SampleJobs samples,
            ProducerTemplate producer,
            PipelineMetrics.Waiting waiting,
            @Value("${management.server.port}") int port) {
        this.client = client;
        this.samples = samples;
        this.producer = producer;
        this.waiting = waiting;
        this.management = "http://127.0.0.1:" + port;
    }

    /** Whatever is counted has to happen once to be seen. */
    @BeforeAll
    void haveSomethingOfEverything() throws Exception {
        Job job = samples.stored("metrics@example.com", new byte[] {1});
        producer.sendBody("direct:video-queue", SampleJobs.message(job, "metrics@example.com"));
        String stranger = Client.basic("stranger@example.com", "a long password");
        assertThat(client.post("/login", "Authorization", stranger).statusCode())
                .as("auth is away here")
                .isEqualTo(503);
    }

    @Test
    void countsWhatComesInAndGoesOut() throws Exception {
        double in = value("video_uploaded_bytes_total");
        double out = value("mp3_downloaded_bytes_total");
        Job job = samples.done("metrics@example.com", new byte[1000]);
        String bearer = client.bearer("metrics@example.com");

        client.upload("metrics@example.com", "clip.mp4", "0123456789");
        client.upload("metrics@example.com", "clip.mp4", "");
        client.get("/download?fid=" + job.id(), "Authorization", bearer);
        client.get("/download?fid=" + job.id(), "Authorization", bearer, "Range", "bytes=0-99");

        await().untilAsserted(() -> {
            assertThat(value("video_uploaded_bytes_total") - in).isEqualTo(10);
            assertThat(value("mp3_downloaded_bytes_total") - out).isEqualTo(1100);
        });
    }

    @Test
    void countsJobsAndSaysNothingOfQueuesThatItCanNotAsk() throws Exception {
        samples.done("metrics@example.com", new byte[1]);

        waiting.count();

        assertThat(scrape())
                .containsPattern("(?m)^jobs\\{.*state=\"done\".*} [1-9]")
                .containsPattern("(?m)^queue_messages\\{.*queue=\"video.failed\".*} NaN$");
    }

    static Stream<String> expressions() throws IOException {
        List<String> expressions = new ArrayList<>();
        new ObjectMapper()
                .readTree(new File("docs/grafana.json"))
                .findValues("expr")
                .forEach(expr -> expressions.add(expr.asText()));
        JsonNode alerts = new ObjectMapper(new YAMLFactory()).readTree(new File("docs/alerts.yml"));
        assertThat(alerts.findValues("alert")).hasSize(4);
        alerts.findValues("expr").forEach(expr -> expressions.add(expr.asText()));
        return expressions.stream();
    }

    @ParameterizedTest
    @MethodSource("expressions")
    void hasEachSeriesThatDashboardAndAlertsAskFor(String expression) throws Exception {
        waiting.count();

        assertThat(missing(expression, samples(scrape()))).isEmpty();
    }

    @Test
    void findsASeriesThatIsNotThere() {
        List<Sample> samples = samples("jobs{state=\"done\"} 1.0\n");

        assertThat(missing("max(jobs{state=\"done\"})", samples)).isEmpty();
        assertThat(missing("max(jobs{state=~\"do.+\"})", samples)).isEmpty();
        assertThat(missing("max(jobs{state=\"ended\"})", samples)).hasSize(1);
        assertThat(missing("max by (state) (jobs_total)", samples)).hasSize(1);
        assertThat(missing("max(jobs{stage=\"done\"})", samples)).hasSize(1);
    }

    /** The selectors of a PromQL expression that select nothing. */
    private static List<String> missing(String expression, List<Sample> samples) {
        List<String> missing = new ArrayList<>();
        Matcher selector = SELECTOR.matcher(expression.replaceAll("by \\([^)]*\\)", ""));
        while (selector.find()) {
            String name = selector.group(1);
            String labels = selector.group(2) == null ? "" : selector.group(2);
            if (samples.stream().noneMatch(sample -> sample.name().equals(name) && matches(labels, sample))) {
                missing.add(selector.group());
            }
        }
        return missing;
    }

    private static boolean matches(String labels, Sample sample) {
        Matcher matcher = MATCHER.matcher(labels);
        while (matcher.find()) {
            String value = sample.labels().getOrDefault(matcher.group(1), "");
            boolean fits = matcher.group(2).equals("=~")
                    ? value.matches(matcher.group(3))
                    : value.equals(matcher.group(3)) != matcher.group(2).equals("!=");
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static List<Sample> samples(String scrape) {
        List<Sample> samples = new ArrayList<>();
        Matcher line = SAMPLE.matcher(scrape);
        while (line.find()) {
            Map<String, String> labels = new HashMap<>();
            Matcher label = LABEL.matcher(line.group(2) == null ? "" : line.group(2));
            while (label.find()) {
                labels.put(label.group(1), label.group(2));
            }
            samples.add(new Sample(line.group(1), labels));
        }
        return samples;
    }

    private double value(String name) throws Exception {
        Matcher found = Pattern.compile("(?m)^" + name + "(?:\\{.*})? (\\S+)$").matcher(scrape());
        assertThat(found.find()).as(name).isTrue();
        return Double.parseDouble(found.group(1));
    }

    private String scrape() throws Exception {
        HttpResponse<String> answer = get("/prometheus");
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    private HttpResponse<String> get(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(management + path))
                .header("Authorization", Client.basic("operator", "the operator's own"))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }
}
