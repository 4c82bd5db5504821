package io.github.videotomp3.converter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.videotomp3.Clips;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.component.exec.ExecCommand;
import org.apache.camel.component.exec.ExecResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FfmpegBinaryTest {

    private static final String NO_PATH = "";

    @TempDir
    private Path dir;

    @Test
    void takesTheConfiguredOneFirst() throws Exception {
        Path configured = script("mine", "echo 'ffmpeg version 9.9 Copyright'; echo ' A..... libmp3lame  MP3'");
        FfmpegBinary ffmpeg = new FfmpegBinary(configured.toString(), dir, dir.toString());
        assertThat(ffmpeg.path()).isEqualTo(configured);
        assertThat(ffmpeg.origin()).isEqualTo("configured");
        assertThat(ffmpeg.version()).isEqualTo("9.9");
    }

    @Test
    void takesTheOneOnThePathNext() throws Exception {
        Path onPath = script("ffmpeg", "echo 'ffmpeg version 9.9 Copyright'; echo ' A..... libmp3lame  MP3'");
        FfmpegBinary ffmpeg = new FfmpegBinary(" ", dir, "/nonexistent:" + dir);
        assertThat(ffmpeg.path()).isEqualTo(onPath);
        assertThat(ffmpeg.origin()).isEqualTo("PATH");
    }

    @Test
    void putsTheBundledOneInPlaceOnce() throws Exception {
        Path folder = dir.resolve("bin");
        Files.createDirectories(folder);
        Path older = Files.writeString(folder.resolve("ffmpeg-0123456789abcdef"), "of an earlier version");
        FfmpegBinary first = new FfmpegBinary(null, folder, NO_PATH);
        assertThat(first.origin()).isEqualTo("bundled");
        assertThat(first.version()).isNotBlank();
        Object written = Files.getLastModifiedTime(first.path());
        FfmpegBinary second = new FfmpegBinary(null, folder, NO_PATH);
        assertThat(second.path()).isEqualTo(first.path());
        assertThat(Files.getLastModifiedTime(second.path())).isEqualTo(written);
        assertThat(older).doesNotExist();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(first.path());
        }
    }

    @Test
    void runsTheBundledOneOnAnMpegTransportStream() throws Exception {
        FfmpegBinary bundled = new FfmpegBinary("", dir.resolve("bin"), NO_PATH);
        Files.move(Clips.ts(dir, 2), dir.resolve(Mp3Encoder.INPUT));
        Mp3Encoder encoder = new Mp3Encoder(2, 7, Duration.ofHours(1));
        ExecResult result = new FfmpegExecutor(null, 0, 0)
                .execute(new ExecCommand(
                        bundled.path().toString(),
                        encoder.arguments(),
                        dir.toString(),
                        30_000L,
                        Set.of(),
                        null,
                        null,
                        false,
                        null));
        assertThat(encoder.outcome(result).rejected()).isFalse();
    }

    @Test
    void passesOverOneOnThePathThatCannotWriteMp3() throws Exception {
        script("ffmpeg", "echo 'ffmpeg version 9.9 Copyright'; echo ' A..... aac  AAC'");
        assertThat(new FfmpegBinary("", dir.resolve("bin"), dir.toString()).origin())
                .isEqualTo("bundled");
    }

    @Test
    void saysThatTheConfiguredOneIsMissing() {
        assertUnfit(dir.resolve("nosuch"), "which does not exist. Set converter.ffmpeg to the path of an ffmpeg");
    }

    @Test
    void saysThatTheConfiguredOneIsNoProgram() throws Exception {
        assertUnfit(Files.writeString(dir.resolve("notes.txt"), "ffmpeg"), "which is not an executable file.");
        assertUnfit(dir, "which is not an executable file.");
    }

    @Test
    void saysThatTheConfiguredOneCannotWriteMp3() throws Exception {
        assertUnfit(
                script("mute", "echo 'ffmpeg version 9.9 Copyright'; echo ' A..... aac  AAC'"),
                "which cannot write MP3: it was built without libmp3lame.");
    }

    @Test
    void saysThatTheConfiguredOneIsSomethingElse() throws Exception {
        assertUnfit(script("other", "echo hello libmp3lame"), "which does not answer like an ffmpeg.");
        assertUnfit(script("broken", "exit 3"), "which does not answer like an ffmpeg.");
    }

    @Test
    void saysThatTheConfiguredOneCannotBeRun() throws Exception {
        Path orphan = Files.writeString(dir.resolve("orphan"), "#!/nonexistent/interpreter\n");
        assertThat(orphan.toFile().setExecutable(true)).isTrue();
        assertUnfit(orphan, "which cannot be run");
    }

    private void assertUnfit(Path configured, String sentence) {
        assertThatThrownBy(() -> new FfmpegBinary(configured.toString(), dir.toString()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("converter.ffmpeg is " + configured + ", " + sentence)
                .hasMessageContaining("or leave it empty");
    }

    private Path script(String name, String commands) throws IOException {
        Path script = Files.writeString(dir.resolve(name), "#!/bin/sh\n" + commands + "\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return script;
    }
}
