package io.github.videotomp3.converter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.videotomp3.Clips;
import io.github.videotomp3.job.Postponed;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.apache.camel.component.exec.ExecCommand;
import org.apache.camel.component.exec.ExecException;
import org.apache.camel.component.exec.ExecResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FfmpegExecutorTest {

    /** Starts a grandchild that would hold the pipes, writes both process ids, and waits. */
    private static final String FAMILY = "echo $$ > pids; sleep 60 & echo $! >> pids; sleep 60";

    /** Reports progress and does not end. */
    private static final String BUSY = "echo $$ > pids; echo out_time_us=1500000; sleep 60";

    @TempDir
    private Path dir;

    @Test
    void killsTheWholeFamilyThatTakesTooLong() throws Exception {
        ExecResult result = executor(null).execute(shell(FAMILY, 500));
        assertThat(result.getExitValue()).isEqualTo(124);
        assertThat(text(result.getStderr())).endsWith("TIMED_OUT after 500 ms");
        assertThat(pids()).hasSize(2);
        assertAllDead();
    }

    @Test
    void keepsOnlyTheEndOfEndlessComplaints() throws Exception {
        ExecResult result = executor(null).execute(shell("head -c 20000000 /dev/zero >&2; echo the end >&2", 30_000));
        assertThat(result.getExitValue()).isZero();
        assertThat(text(result.getStderr())).hasSize(8192).endsWith("the end\n");
    }

    @Test
    void keepsOfAllLevelsTheErrorsAndPassesOnTheDescription() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        String levels = """
                prlimit: no level at all
                [mov @ 0x55] [warning] a warning
                goes on
                [mov @ 0x55] [mjpeg @ 0x5] [error] an error
                    Last message repeated 2 times
                [info]   Duration: 1
                    of two lines
                [fatal] the end
                """;
        ExecResult result = executor(listener(line -> heard.add(line)))
                .execute(shell("cat >&2 <<'EOF'\n" + levels + "EOF", 10_000));

        assertThat(text(result.getStderr())).isEqualTo("""
                prlimit: no level at all
                [mov @ 0x55] [mjpeg @ 0x5] an error
                    Last message repeated 2 times
                the end
                """);
        assertThat(heard).containsExactly("  Duration: 1", "    of two lines");
    }

    @Test
    void killsTheProgramWhenItsDescriptionAsksForAnother() throws Exception {
        ExecResult result = executor(listener(line -> !line.equals("enough")))
                .execute(shell("echo $$ > pids; echo '[info] more' >&2; echo '[info] enough' >&2; sleep 60", 30_000));

        assertThat(result.getExitValue()).isEqualTo(137);
        assertAllDead();
    }

    private static ProgressListener listener(Predicate<String> described) {
        return new ProgressListener() {
            @Override
            public void progressed(Path workFolder, Duration outTime) {}

            @Override
            public boolean described(String line) {
                return described.test(line);
            }
        };
    }

    @Test
    void tellsTheProgramNothingOfThisProcess() throws Exception {
        ExecResult result = executor(null).execute(shell("env >&2", 10_000));
        assertThat(text(result.getStderr()).lines().map(line -> line.substring(0, line.indexOf('='))))
                .contains("PATH", "GCONV_PATH")
                // the shell itself adds the last three
                .isSubsetOf("PATH", "LD_LIBRARY_PATH", "GCONV_PATH", "PWD", "SHLVL", "_");
    }

    @Test
    void reportsProgressAtMostOncePerSecond() throws Exception {
        List<Duration> heard = new CopyOnWriteArrayList<>();
        List<Path> folders = new CopyOnWriteArrayList<>();
        String counting = "for i in 1 2 3 4 5 6 7 8; do echo out_time_us=${i}00000; sleep 0.3; done";
        ExecResult result = executor((folder, outTime) -> {
                    folders.add(folder);
                    heard.add(outTime);
                })
                .execute(shell(counting, 30_000));
        assertThat(heard).hasSizeBetween(2, 4).isSorted();
        assertThat(folders).containsOnly(dir);
        assertThat(text(result.getStdout())).isEqualTo("800000");
    }

    @Test
    void reportsTheProgressOfTheRealProgram() throws Exception {
        Mp3Encoder encoder = new Mp3Encoder(0, 0, Duration.ofHours(4));
        Files.move(Clips.mp4(dir, 120), dir.resolve(Mp3Encoder.INPUT));
        List<Duration> heard = new CopyOnWriteArrayList<>();
        ExecResult result = executor((folder, outTime) -> heard.add(outTime))
                .execute(command(Clips.ffmpeg().path().toString(), encoder.arguments(), 60_000));
        assertThat(heard).isNotEmpty().allMatch(outTime -> outTime.compareTo(Duration.ofSeconds(121)) < 0);
        assertThat(Long.parseLong(text(result.getStdout()))).isBetween(119_900_000L, 120_100_000L);
    }

    @Test
    void hasNoProgressIfThereWasNone() throws Exception {
        ExecResult result = executor(null).execute(shell("echo out_time_us=N/A; echo out_time_us=-5", 10_000));
        assertThat(text(result.getStdout())).isEqualTo("0");
    }

    @Test
    void killsTheProgramWhenTheListenerThrows() {
        RuntimeException lost = new IllegalStateException("The lease is lost");
        assertThatThrownBy(() -> executor((folder, outTime) -> {
                            throw lost;
                        })
                        .execute(shell(BUSY, 30_000)))
                .isSameAs(lost);
        assertAllDead();
    }

    @Test
    void killsWithinASecondWhatGetsNowhereAndNobodyWants() throws Exception {
        Postponed lost = new Postponed("deleted");
        AtomicBoolean deleted = new AtomicBoolean();
        FfmpegExecutor executor = executor(new ProgressListener() {
            @Override
            public void progressed(Path workFolder, Duration outTime) {}

            @Override
            public void wanted() {
                if (deleted.get()) {
                    throw lost;
                }
            }
        });
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        new Thread(() -> {
                    try {
                        executor.execute(shell(FAMILY, 30_000));
                    } catch (RuntimeException e) {
                        failure.complete(e);
                    }
                })
                .start();
        await().until(() -> pids().size() == 2);

        deleted.set(true);

        assertThat(failure).succeedsWithin(Duration.ofSeconds(1)).isSameAs(lost);
        assertAllDead();
    }

    @Test
    void killsWhatIsRunningWhenItIsClosed() throws Exception {
        FfmpegExecutor executor = executor(null);
        CompletableFuture<ExecResult> running = inThread(executor, FAMILY);
        await().until(() -> pids().size() == 2);
        executor.close();
        ExecResult result = running.get(10, TimeUnit.SECONDS);
        assertThat(result.getExitValue()).isEqualTo(143);
        assertThat(text(result.getStderr())).endsWith("STOPPED");
        assertAllDead();
    }

    @Test
    void killsTheProgramWhenItIsInterrupted() throws Exception {
        FfmpegExecutor executor = executor(null);
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                executor.execute(shell(FAMILY, 30_000));
            } catch (RuntimeException e) {
                failure.complete(e);
            }
        });
        thread.start();
        await().until(() -> pids().size() == 2);
        thread.interrupt();
        assertThat(failure.get(10, TimeUnit.SECONDS)).isInstanceOf(ExecException.class);
        assertAllDead();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void leavesNothingRunningWhenThisProcessIsKilled() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Other.class.getName(),
                        dir.toString())
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("log").toFile())
                .start();
        await().atMost(Duration.ofSeconds(30)).until(() -> pids().size() == 1);
        assertThat(lives(pids().get(0))).isTrue();
        other.destroyForcibly().waitFor();
        assertAllDead();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void boundsMemoryAndOutput() throws Exception {
        ExecResult memory = executor(null).execute(shell("ulimit -v >&2", 10_000));
        assertThat(text(memory.getStderr())).isEqualTo("1048576\n");
        ExecResult output =
                new FfmpegExecutor(null, 0, 1000).execute(command("head", List.of("-c", "9999", "/dev/zero"), 10_000));
        assertThat(output.getExitValue()).as("a pipe is not a file").isZero();
        ExecResult file = new FfmpegExecutor(null, 0, 1000)
                .execute(command("dd", List.of("if=/dev/zero", "of=big", "bs=100", "count=99"), 10_000));
        assertThat(file.getExitValue()).isEqualTo(153);
        assertThat(dir.resolve("big")).hasSize(1000);
    }

    @Test
    void passesArgumentsAsTheyAre() throws Exception {
        List<String> odd = List.of("my video é.mp4", "it's \"quoted\"", "$(touch pwned)", "-i", "", "a;b|c&d");
        List<String> arguments = new ArrayList<>(List.of("-c", "for a in \"$@\"; do echo \"<$a>\" >&2; done", "sh"));
        arguments.addAll(odd);
        ExecResult result = executor(null).execute(command("sh", arguments, 10_000));
        assertThat(text(result.getStderr()).lines())
                .containsExactlyElementsOf(
                        odd.stream().map(argument -> "<" + argument + ">").toList());
    }

    @Test
    void saysWhatItCannotStart() {
        assertThatThrownBy(() -> executor(null).execute(command("no-such-program", List.of(), 10_000)))
                .isInstanceOf(ExecException.class)
                .hasMessageStartingWith("Cannot start no-such-program");
    }

    @Test
    void refusesNegativeLimits() {
        assertThatThrownBy(() -> new FfmpegExecutor(null, -1, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    private FfmpegExecutor executor(ProgressListener listener) {
        return new FfmpegExecutor(listener, 1L << 30, 1L << 30);
    }

    private CompletableFuture<ExecResult> inThread(FfmpegExecutor executor, String script) {
        CompletableFuture<ExecResult> result = new CompletableFuture<>();
        new Thread(() -> result.complete(executor.execute(shell(script, 30_000)))).start();
        return result;
    }

    private ExecCommand shell(String script, long timeoutMillis) {
        return command("sh", List.of("-c", script), timeoutMillis);
    }

    private ExecCommand command(String program, List<String> arguments, long timeoutMillis) {
        return new ExecCommand(program, arguments, dir.toString(), timeoutMillis, Set.of(), null, null, false, null);
    }

    private List<Long> pids() {
        try {
            Path file = dir.resolve("pids");
            return Files.exists(file)
                    ? Files.readAllLines(file).stream().map(Long::valueOf).toList()
                    : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertAllDead() {
        assertThat(pids()).isNotEmpty();
        // an orphan is a zombie until its new parent has taken notice
        await().untilAsserted(() -> assertThat(pids()).noneMatch(FfmpegExecutorTest::lives));
    }

    private static boolean lives(long pid) {
        return ProcessHandle.of(pid)
                .map(handle -> handle.isAlive() && !isZombie(pid))
                .orElse(false);
    }

    private static boolean isZombie(long pid) {
        try {
            Path stat = Path.of("/proc", Long.toString(pid), "stat");
            return Files.exists(stat) && Files.readString(stat).matches("(?s)\\d+ \\(.*\\) Z.*");
        } catch (IOException e) {
            // it has gone in between
            return true;
        }
    }

    private static String text(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Another process that runs a program which does not end. */
    static final class Other {

        private Other() {}

        public static void main(String[] arguments) {
            new FfmpegExecutor(null, 0, 0)
                    .execute(new ExecCommand(
                            "sh",
                            List.of("-c", "echo $$ > pids; exec sleep 60"),
                            arguments[0],
                            60_000L,
                            Set.of(),
                            null,
                            null,
                            false,
                            null));
        }
    }
}
