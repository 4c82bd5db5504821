package io.github.videotomp3.converter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.videotomp3.Clips;
import io.github.videotomp3.RouteTest;
import io.github.videotomp3.SampleJobs;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.JobState;
import io.github.videotomp3.job.StoredFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.api.management.ManagedCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Value;

@RouteTest({"converter.split.min-length=20s", "converter.workers=2"})
class SoundToPartsTest {

    private static final String OWNER = "shared@example.com";

    private final SampleJobs samples;
    private final CamelContext camel;
    private final ProducerTemplate producer;
    private final Path workFolder;

    @TempDir
    private Path dir;

    SoundToPartsTest(
            SampleJobs samples,
            CamelContext camel,
            ProducerTemplate producer,
            @Value("${converter.work-folder}") Path workFolder) {
        this.samples = samples;
        this.camel = camel;
        this.producer = producer;
        this.workFolder = workFolder;
    }

    @Test
    void makesOfPartsWhatOneEncoderWouldHaveMade() throws Exception {
        Path video = Clips.music(dir, 60);
        long before = exchanges("sound-to-parts");
        long whole = exchanges("sound-to-parts-whole");

        Job done = converted(video);

        assertThat(done.state()).isEqualTo(JobState.DONE);
        assertThat(done.warning()).isNull();
        assertThat(exchanges("sound-to-parts")).isEqualTo(before + 1);
        assertThat(exchanges("sound-to-parts-whole")).isEqualTo(whole);
        Path mp3 = mp3(done);
        assertThat(Files.size(mp3)).isEqualTo(done.mp3Bytes());
        assertThat(Clips.sum(mp3)).isEqualTo(Clips.sum(encodedInOneGo(video)));
        assertThat(done.seconds()).isCloseTo(Clips.seconds(mp3), within(0.01));
    }

    @Test
    void keepsPictureChaptersAndTags() throws Exception {
        Path video = Clips.covered(dir, 30);
        long before = exchanges("sound-to-parts");

        Job done = converted(video);

        assertThat(done.warning()).isNull();
        assertThat(exchanges("sound-to-parts")).isEqualTo(before + 1);
        assertThat(Files.readString(mp3(done), StandardCharsets.ISO_8859_1))
                .contains("APIC", "CHAP", "A bell-ringer", "Xing");
    }

    @Test
    void encodesInOneGoWhatIsShorterThanItSays() throws Exception {
        long before = exchanges("sound-to-parts-whole");

        Job done = converted(Clips.cut(Clips.mkv(dir, 60), 0.4));

        assertThat(exchanges("sound-to-parts-whole")).isEqualTo(before + 1);
        assertThat(done.state()).isEqualTo(JobState.DONE);
        assertThat(done.warning()).startsWith("The file was cut short");
        assertThat(done.seconds()).isBetween(15.0, 35.0);
    }

    @Test
    void stopsAllPartsOfAJobThatItsOwnerDeletes() throws Exception {
        Job job = samples.stored(OWNER, Files.readAllBytes(Clips.music(dir, 1200)));
        Thread owner = new Thread(() -> {
            while (samples.now(job).phase() == null) {
                Thread.onSpinWait();
            }
            samples.jobs().delete(job.id(), OWNER);
        });
        owner.start();

        producer.requestBody("direct:video-queue", SampleJobs.message(job, OWNER));
        owner.join();

        assertThat(samples.now(job)).isNull();
        assertThat(workFolder.toFile().list()).containsOnly(".lock");
        assertThat(ProcessHandle.current().children().map(ProcessHandle::info))
                .noneMatch(info -> info.command().orElse("").contains("ffmpeg"));
    }

    private Job converted(Path video) throws IOException {
        Job job = samples.stored(OWNER, Files.readAllBytes(video));
        producer.requestBody("direct:video-queue", SampleJobs.message(job, OWNER));
        assertThat(workFolder.toFile().list()).containsOnly(".lock");
        return samples.now(job);
    }

    private Path mp3(Job job) throws IOException {
        StoredFiles mp3s = camel.getRegistry().lookupByNameAndType("mp3s", StoredFiles.class);
        Path copy = dir.resolve("copy.mp3");
        try (InputStream mp3 = mp3s.open(mp3s.find(job.mp3()).orElseThrow(), 0, job.mp3Bytes() - 1)) {
            Files.copy(mp3, copy);
        }
        return copy;
    }

    private Path encodedInOneGo(Path video) throws Exception {
        Path folder = Files.createDirectory(dir.resolve("one"));
        Files.copy(video, folder.resolve(Mp3Encoder.INPUT));
        Mp3Encoder encoder = camel.getRegistry().lookupByNameAndType("encoder", Mp3Encoder.class);
        List<String> line = new ArrayList<>(List.of(Clips.ffmpeg().path().toString()));
        line.addAll(encoder.arguments());
        Process ffmpeg = new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("log").toFile())
                .start();
        assertThat(ffmpeg.waitFor()).isZero();
        return folder.resolve(Mp3Encoder.OUTPUT);
    }

    private long exchanges(String route) throws Exception {
        return camel.getCamelContextExtension()
                .getContextPlugin(ManagedCamelContext.class)
                .getManagedRoute(route)
                .getExchangesTotal();
    }
}
