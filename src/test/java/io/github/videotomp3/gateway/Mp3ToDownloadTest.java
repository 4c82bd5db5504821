package io.github.videotomp3.gateway;

import static io.github.videotomp3.Client.header;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.videotomp3.Client;
import io.github.videotomp3.RouteTest;
import io.github.videotomp3.SampleJobs;
import io.github.videotomp3.job.Job;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

@RouteTest
class Mp3ToDownloadTest {

    private static final String OWNER = "listener@example.com";
    private static final byte[] MP3 = "0123456789".getBytes(StandardCharsets.US_ASCII);

    private final Client client;
    private final SampleJobs samples;

    Mp3ToDownloadTest(Client client, SampleJobs samples) {
        this.client = client;
        this.samples = samples;
    }

    @Test
    void handsTheWholeMp3OutUnderTheVideosName() {
        HttpResponse<String> answer = download(samples.done(OWNER, MP3));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("0123456789");
        assertThat(header(answer, "Content-Type")).isEqualTo("audio/mpeg");
        assertThat(header(answer, "Content-Length")).isEqualTo("10");
        assertThat(header(answer, "Accept-Ranges")).isEqualTo("bytes");
        assertThat(header(answer, "Content-Disposition")).contains("filename=\"clip.mp3\"");
        assertThat(header(answer, "Authorization")).isNull();
    }

    @Test
    void handsOutThePartThatIsAskedFor() {
        HttpResponse<String> answer = download(samples.done(OWNER, MP3), "Range", "bytes=2-4");

        assertThat(answer.statusCode()).isEqualTo(206);
        assertThat(answer.body()).isEqualTo("234");
        assertThat(header(answer, "Content-Range")).isEqualTo("bytes 2-4/10");
    }

    @Test
    void handsItOutToWhoHasASignedLink() throws Exception {
        Job job = samples.done(OWNER, MP3);
        HttpResponse<String> shown = client.get("/jobs/" + job.id(), "Authorization", client.bearer(OWNER));
        String link = new ObjectMapper()
                .readTree(shown.body())
                .get("links")
                .get("signed")
                .asText();

        assertThat(client.get(link).body()).isEqualTo("0123456789");
        assertThat(client.get(link, "Range", "bytes=2-4").body()).isEqualTo("234");
        assertThat(client.get(link + "0").statusCode()).isEqualTo(403);
    }

    @Test
    void saysHowLongTheMp3IsWhereAPartBeginsBehindItsEnd() {
        HttpResponse<String> answer = download(samples.done(OWNER, MP3), "Range", "bytes=10-");

        assertThat(answer.statusCode()).isEqualTo(416);
        assertThat(header(answer, "Content-Range")).isEqualTo("bytes */10");
    }

    @Test
    void tellsAboutTheMp3WithoutItsBytes() {
        Job job = samples.done(OWNER, MP3);

        HttpResponse<String> answer = client.send(
                "HEAD", "/download?fid=" + job.id(), BodyPublishers.noBody(), "Authorization", client.bearer(OWNER));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(header(answer, "Content-Length")).isEqualTo("10");
    }

    @Test
    void sendsNothingThatTheCallerHas() {
        Job job = samples.done(OWNER, MP3);
        String etag = header(download(job), "ETag");

        HttpResponse<String> answer = download(job, "If-None-Match", etag);

        assertThat(answer.statusCode()).isEqualTo(304);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void asksToComeBackWhileTheMp3IsNotReady() {
        HttpResponse<String> answer = download(samples.claimed(OWNER));

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(header(answer, "Retry-After")).isNotNull();
    }

    @Test
    void saysWhyThereWillBeNoMp3() {
        HttpResponse<String> answer = download(samples.rejected(OWNER, "The video has no sound."));

        assertThat(answer.statusCode()).isEqualTo(410);
        assertThat(answer.body()).contains("The video has no sound.");
    }

    @Test
    void doesNotFindAnothersMp3() {
        HttpResponse<String> answer = download(samples.done("somebody-else@example.com", MP3));

        assertThat(answer.statusCode()).isEqualTo(404);
    }

    @Test
    void takesTheIdFromTheQueryAlone() {
        Job job = samples.done(OWNER, MP3);

        assertThat(client.get("/download", "Authorization", client.bearer(OWNER))
                        .statusCode())
                .isEqualTo(400);
        assertThat(client.get("/download?fid=x", "Authorization", client.bearer(OWNER))
                        .statusCode())
                .isEqualTo(400);
        assertThat(client.get("/download?fid=" + job.id() + "&Authorization=x").statusCode())
                .isEqualTo(401);
    }

    private HttpResponse<String> download(Job job, String... header) {
        String[] headers = new String[header.length + 2];
        headers[0] = "Authorization";
        headers[1] = client.bearer(OWNER);
        System.arraycopy(header, 0, headers, 2, header.length);
        return client.get("/download?fid=" + job.id(), headers);
    }
}
