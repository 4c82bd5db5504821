package io.github.videotomp3;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was there before the program was killed is there again afterwards. */
class RestartIT {

    @TempDir
    Path home;

    @Test
    void findsUsersJobsMessagesAndMp3sAgainAfterAKill() throws Exception {
        try (Service service = new Service(home, "--converter.lease=3s").start()) {
            assertTellsWhatToTypeNext(service.readLog());
            Person ann = Person.register(service.url());
            String done = ann.accepted(Clips.mp4(home, 3));
            ann.mail(done);
            byte[] mp3 = ann.download(done).body();

            List<String> queued = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                queued.add(ann.accepted(Clips.mkv(home, 120)));
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> ann.job(queued.get(0)).get("state").asText().equals("converting"));
            service.kill();
            Awaitility.await()
                    .until(() -> Processes.workingIn(service.workFolder()).isEmpty());

            service.start();
            ann.login();
            assertThat(ann.download(done).body()).isEqualTo(mp3);
            for (String id : queued) {
                ann.await(id, "done");
                ann.mail(id);
            }
            assertThat(ann.mail(done)).isNotNull();
            try (var files = Files.list(service.workFolder())) {
                assertThat(files.map(Path::getFileName).map(Path::toString)).containsExactly(".lock");
            }
        }
    }

    private static void assertTellsWhatToTypeNext(String log) {
        List<String> lines = log.lines().toList();
        List<String> notice = lines.subList(
                lines.indexOf(lines.stream()
                        .filter(line -> line.contains(" is ready after "))
                        .findFirst()
                        .orElseThrow()),
                lines.size());
        assertThat(lines).as("one screen").hasSizeLessThan(40);
        assertThat(notice).anyMatch(line -> line.matches(" +embedded +.*mail.*"));
        assertThat(notice).anyMatch(line -> line.matches(" +data +/.*"));
        assertThat(notice).anyMatch(line -> line.matches(" +url +http://.*"));
        int next = notice.indexOf("next, in another terminal:");
        assertThat(notice.get(next + 1)).contains("/register");
        assertThat(notice.get(next + 2)).contains("/login");
        assertThat(notice.get(next + 3)).contains("file=@your-video.mp4").contains("/upload");
    }
}
