package io.github.videotomp3;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.boot.embedded.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/install} and {@code bin/start}: an archive of classes that fits is used, any other is ignored. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "they are for a POSIX shell")
class ArchiveIT {

    private static final Duration PATIENCE = Duration.ofSeconds(300);
    private static final String IGNORED = "is of another JDK or other jars, and is not used: ";

    @TempDir
    static Path home;

    private static Path folder;
    private static Path jar;
    private static Path jdk;
    private static FileTime packed;
    private static String trainedOn;

    @BeforeAll
    static void install() throws Exception {
        folder = home.resolve("program");
        Path log = home.resolve("install.log");
        Process install = process(log, "bin/install", Jars.whole().toString(), folder.toString())
                .start();
        assertThat(install.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(install.exitValue()).as(Files.readString(log)).isZero();
        jar = folder.toRealPath().resolve("video-to-mp3.jar");
        jdk = folder.resolve("classes.jdk");
        packed = Files.getLastModifiedTime(jar);
        trainedOn = Files.readString(jdk);
    }

    @BeforeEach
    void fits() throws IOException {
        Files.setLastModifiedTime(jar, packed);
        Files.writeString(jdk, trainedOn);
    }

    @Test
    void leavesNothingBesideProgramAndArchive() {
        assertThat(folder.toFile().list())
                .hasSize(5)
                .contains("start", "video-to-mp3.jar", "lib", "classes.jdk")
                .containsAnyOf("classes.jsa", "classes.aot");
    }

    @Test
    void startsFromTheArchive() throws Exception {
        Start start = start();

        assertThat(start.log()).doesNotContain(IGNORED, "[warning]", "[error");
        assertThat(start.classes())
                .anyMatch(line -> line.contains(".boot.VideoToMp3 source: shared objects file"))
                .filteredOn(line -> line.contains("source: file:"))
                .hasSizeLessThan(start.classes().size() / 5);
    }

    @Test
    void ignoresTheArchiveOfAnotherJdk() throws Exception {
        Files.writeString(jdk, trainedOn + "another");

        ignores(start());
    }

    @Test
    void ignoresTheArchiveOfAnOlderJar() throws Exception {
        Files.setLastModifiedTime(jar, FileTime.from(packed.toInstant().plus(Duration.ofDays(10_000))));

        ignores(start());
    }

    /** What the script can't see: a jar that is not the archive's, and is not newer. */
    @Test
    void leavesWhatElseDoesNotFitToTheJvm() throws Exception {
        Files.setLastModifiedTime(jar, FileTime.from(packed.toInstant().minusSeconds(60)));
        Start start = start();

        assertThat(start.log()).doesNotContain(IGNORED);
        startedFrom(jar, start);
    }

    private static void ignores(Start start) {
        assertThat(start.log()).containsOnlyOnce(IGNORED).doesNotContain("[warning]", "[error");
        startedFrom(jar, start);
    }

    private static void startedFrom(Path jar, Start start) {
        assertThat(start.classes()).anyMatch(line -> line.contains(".boot.VideoToMp3 source: file:" + pathOf(jar)));
    }

    private static String pathOf(Path jar) {
        return jar.toUri().getRawPath();
    }

    private record Start(String log, List<String> classes) {}

    /** Until it is ready; then it is stopped. */
    private static Start start() throws Exception {
        Path log = Files.createTempFile(home, "start", ".log");
        Path classes = home.resolve(log.getFileName() + ".classes");
        ProcessBuilder builder = process(
                log,
                folder.resolve("start").toString(),
                "--bundles=auth",
                "--server.port=" + FreePort.next(),
                "--management.server.port=" + FreePort.next(),
                "--data.folder=" + home.resolve("data"));
        builder.environment().put("JAVA_OPTS", "-Xmx256m -Xlog:class+load:file=" + classes);
        Process process = builder.start();
        try {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> !process.isAlive() || Files.readString(log).contains(" is ready after "));
        } finally {
            process.destroy(); // the script has become the JVM
            assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(Files.readString(log)).contains(" is ready after ");
        return new Start(Files.readString(log), Files.readAllLines(classes));
    }

    private static ProcessBuilder process(Path log, String... command) {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("SPRING_"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }
}
