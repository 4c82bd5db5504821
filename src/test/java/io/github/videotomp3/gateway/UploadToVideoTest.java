package io.github.videotomp3.gateway;

import static io.github.videotomp3.Client.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.Client;
import io.github.videotomp3.Queues;
import io.github.videotomp3.RouteTest;
import io.github.videotomp3.SampleJobs;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.JobState;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@RouteTest
class UploadToVideoTest {

    private final Client client;
    private final SampleJobs samples;
    private final CamelContext camel;

    UploadToVideoTest(Client client, SampleJobs samples, CamelContext camel) {
        this.client = client;
        this.samples = samples;
        this.camel = camel;
    }

    @BeforeEach
    void emptyQueues() {
        MockEndpoint.resetMocks(camel);
    }

    @Test
    void storesTheVideoQueuesItsJobAndSaysWhereToLook() throws InterruptedException {
        MockEndpoint queue = Queues.filled(camel, "video-queue");
        queue.expectedMessageCount(1);

        HttpResponse<String> answer = client.upload("uploader@example.com", "C:\\films\\holiday.mp4", "some video");

        assertThat(answer.statusCode()).isEqualTo(202);
        Job job = onlyJobOf("uploader@example.com");
        assertThat(job.state()).isEqualTo(JobState.QUEUED);
        assertThat(job.name()).isEqualTo("holiday.mp4");
        assertThat(job.bytes()).isEqualTo("some video".length());
        assertThat(samples.hasVideo(job)).isTrue();
        assertThat(header(answer, "Location")).isEqualTo("/jobs/" + job.id());
        assertThat(answer.body()).startsWith("{\"id\":\"" + job.id() + "\",\"state\":\"queued\"");
        queue.assertIsSatisfied();
        assertThat(queue.getExchanges().get(0).getMessage().getBody(String.class))
                .isEqualTo(
                        "{\"video_fid\":\"" + job.id() + "\",\"mp3_fid\":null,\"username\":\"uploader@example.com\"}");
    }

    @Test
    void notesWhatIsWishedOfTheMp3() {
        HttpResponse<String> answer =
                client.uploadWith("start=0:01&title=A+%26+%C3%BC", "wisher@example.com", "holiday.mp4", "some video");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(onlyJobOf("wisher@example.com").options().asMap())
                .containsOnly(Map.entry("start", 1.0), Map.entry("title", "A & ü"));
        assertThat(answer.body()).contains("\"options\":{\"start\":1.0,\"title\":\"A & ü\"}");
    }

    @Test
    void refusesAWrongWishAndStoresNothing() {
        HttpResponse<String> answer =
                client.uploadWith("bitrate=1411", "wrong@example.com", "holiday.mp4", "some video");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("urn:video-to-mp3:problem:bad-option", "bitrate must be one of 8, 16,");
        assertThat(samples.jobs().newest("wrong@example.com")).isEmpty();
    }

    @Test
    void makesOneJobOfAnUploadThatIsSentTwice() {
        HttpResponse<String> first = client.uploadAs("k1", "twice@example.com", "holiday.mp4", "some video");
        HttpResponse<String> second = client.uploadAs("k1", "twice@example.com", "holiday.mp4", "some video");

        assertThat(second.statusCode()).isEqualTo(202);
        Job job = onlyJobOf("twice@example.com");
        assertThat(header(second, "Location"))
                .isEqualTo(header(first, "Location"))
                .isEqualTo("/jobs/" + job.id());
        assertThat(client.uploadAs("k1", "twice@example.com", "holiday.mp4", "another video")
                        .statusCode())
                .isEqualTo(422);
        assertThat(samples.jobs().newest("twice@example.com")).hasSize(1);
        assertThat(client.uploadAs("k1", "thrice@example.com", "holiday.mp4", "another video")
                        .statusCode())
                .isEqualTo(202);
    }

    @Test
    void givesTheKeyOfAFailedUploadBack() {
        assertThat(client.uploadAs("k2", "failing@example.com", "holiday.mp4", "")
                        .statusCode())
                .isEqualTo(400);

        assertThat(client.uploadAs("k2", "failing@example.com", "holiday.mp4", "some video")
                        .statusCode())
                .isEqualTo(202);
        assertThat(client.uploadAs("no key", "failing@example.com", "holiday.mp4", "some video")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void takesTheUploadThoughTheBrokerIsAwayAndLeavesTheJobToTheSweep() {
        Queues.filled(camel, "video-queue").whenAnyExchangeReceived(exchange -> {
            throw new IllegalStateException("no broker");
        });

        HttpResponse<String> answer = client.upload("brokerless@example.com", "holiday.mp4", "some video");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(header(answer, "Content-Type")).startsWith("application/json");
        Job job = onlyJobOf("brokerless@example.com");
        assertThat(job.state()).isEqualTo(JobState.STORED);
        assertThat(header(answer, "Location")).isEqualTo("/jobs/" + job.id());
    }

    @Test
    void refusesSecondAndEmptyFilesAndKeepsNothingOfThem() {
        assertThat(client.upload("two@example.com", "a.mp4", "one", "two").statusCode())
                .isEqualTo(400);
        assertThat(client.upload("two@example.com", "a.mp4", "").statusCode()).isEqualTo(400);
        assertThat(client.upload("two@example.com", "a.mp4").statusCode()).isEqualTo(400);

        assertThat(samples.jobs().newest("two@example.com")).isEmpty();
        assertThat(Queues.filled(camel, "video-queue").getReceivedCounter()).isZero();
    }

    @Test
    void readsNothingMoreOfAnUploadThatHasFailed() throws IOException {
        Forms.Request request = Forms.request(Forms.file("file", "holiday.mp4", "some video"));
        Form form = new Form(request.type(), request.body());
        UploadedVideo video = UploadedVideo.first(form, List.of(), 1000, () -> {});
        assertThat(video.read()).isEqualTo('s');

        camel.createProducerTemplate().send("direct:upload-to-video-failed", exchange -> {
            exchange.getMessage().setBody(video);
            exchange.setProperty(Exchange.EXCEPTION_CAUGHT, new IOException(UploadedVideo.tooLarge(1)));
        });

        assertThat(video.read()).isEqualTo(-1);
    }

    @Test
    void refusesABodyThatIsNoForm() {
        HttpResponse<String> answer = client.send(
                "POST",
                "/upload",
                BodyPublishers.ofString("a=b"),
                "Content-Type",
                "application/x-www-form-urlencoded",
                "Authorization",
                client.bearer("formless@example.com"));

        assertThat(answer.statusCode()).isEqualTo(415);
    }

    @Test
    void refusesAStranger() {
        HttpResponse<String> answer = client.post("/upload", "Authorization", "Bearer nonsense");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(header(answer, "WWW-Authenticate")).contains("error=\"invalid_token\"");
        assertThat(header(answer, "Content-Type")).startsWith("application/problem+json");
    }

    private Job onlyJobOf(String owner) {
        assertThat(samples.jobs().newest(owner)).hasSize(1);
        return samples.jobs().newest(owner).get(0);
    }
}
