package io.github.videotomp3.converter;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.component.exec.ExecCommand;
import org.apache.camel.component.exec.ExecCommandExecutor;
import org.apache.camel.component.exec.ExecException;
import org.apache.camel.component.exec.ExecResult;

/**
 * Runs ffmpeg on a leash: with an empty environment, bounded memory, output and time, and never longer than its caller.
 *
 * <p>The result's stdout is the last out_time of {@code -progress pipe:1} in microseconds ({@code 0} if there was
 * none), its stderr the last 8 KiB of what is an error by {@code -loglevel level+info}, or has no level at all; what is
 * info goes to the listener. A command that exceeds its time is killed with its children; its exit value is
 * {@value #TIMED_OUT_EXIT} and its stderr ends with {@value #TIMED_OUT}. One that {@link #close()} kills has
 * {@value #STOPPED_EXIT} and {@value #STOPPED}.
 *
 * <p>On Linux the process is started through prlimit and setpriv if the machine has them. The kernel then kills it when
 * the <em>thread</em> that started it ends (prctl(2), PR_SET_PDEATHSIG), so call this from a platform thread.
 */
public final class FfmpegExecutor implements ExecCommandExecutor, AutoCloseable {

    static final String TIMED_OUT = "TIMED_OUT";
    static final int TIMED_OUT_EXIT = 124;
    static final String STOPPED = "STOPPED";
    static final int STOPPED_EXIT = 143;
    static final int STDERR_LIMIT = 8192;

    private static final Set<String> KEPT_VARIABLES = Set.of("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT");
    private static final long POLL_MILLIS = 100;
    private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long GRACE_MILLIS = 5000;

    /** Behind whatever else this machine converts. */
    private static final List<String> NICE = List.of("nice", "-n", "19");

    private final ProgressListener listener;
    private final List<String> prefix;
    private final List<String> nicePrefix;
    private final Set<Process> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param listener         hears of progress; may be null
     * @param memoryLimitBytes address space of a process (RLIMIT_AS); 0 for no limit
     * @param outputLimitBytes size of a file that it writes (RLIMIT_FSIZE); 0 for no limit
     * @throws IllegalArgumentException if a limit is negative
     */
    public FfmpegExecutor(ProgressListener listener, long memoryLimitBytes, long outputLimitBytes) {
        if (memoryLimitBytes < 0 || outputLimitBytes < 0) {
            throw new IllegalArgumentException("The limits of ffmpeg must not be negative, but they are "
                    + memoryLimitBytes + " bytes of memory and " + outputLimitBytes + " bytes of output");
        }
        this.listener = listener;
        this.prefix = prefix(memoryLimitBytes, outputLimitBytes);
        this.nicePrefix = nice(prefix);
    }

    /**
     * Runs the command in the calling thread; the message body is not fed to it.
     *
     * @throws ExecException if it cannot be started, or the calling thread is interrupted
     */
    @Override
    public ExecResult execute(ExecCommand command) {
        return execute(command, listener, false);
    }

    /**
     * The same with a listener of its own, which may be null.
     *
     * @param nice whether it takes only the time that no other process wants, where the system can do that
     */
    ExecResult execute(ExecCommand command, ProgressListener listener, boolean nice) {
        Path folder = Path.of(command.getWorkingDir() == null ? "" : command.getWorkingDir())
                .toAbsolutePath();
        Process process = start(nice ? nicePrefix : prefix, command, folder);
        running.add(process);
        try {
            if (closed) {
                kill(process);
            }
            process.getOutputStream().close();
            Progress progress = new Progress(process.getInputStream());
            Log log = new Log(process.getErrorStream(), line -> {
                if (listener != null && !listener.described(line)) {
                    destroy(process);
                }
            });
            Thread stdout = startDaemon(progress, "ffmpeg-progress");
            Thread stderr = startDaemon(log, "ffmpeg-stderr");
            boolean finished = await(process, command.getTimeout(), progress, folder, listener);
            if (!finished) {
                kill(process);
            }
            stdout.join(GRACE_MILLIS);
            stderr.join(GRACE_MILLIS);
            return result(command, process, finished, progress.outTimeMicros, log.text());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExecException("Interrupted while ffmpeg was running", null, null, STOPPED_EXIT, e);
        } catch (IOException e) {
            throw new ExecException("Lost the pipes to ffmpeg", null, null, STOPPED_EXIT, e);
        } finally {
            if (process.isAlive()) {
                kill(process);
            }
            running.remove(process);
        }
    }

    /** Kills all that is running, and whatever is started later. */
    @Override
    public void close() {
        closed = true;
        running.forEach(FfmpegExecutor::kill);
    }

    /** Leaves of an environment what a program needs to start, and nothing that it could tell. */
    static void strip(Map<String, String> environment) {
        environment.keySet().removeIf(name -> !KEPT_VARIABLES.contains(name.toUpperCase(Locale.ROOT)));
        // the static build loads the system's character converters otherwise, and crashes on every MPEG-TS
        environment.put("GCONV_PATH", "/nonexistent");
    }

    private static Process start(List<String> prefix, ExecCommand command, Path folder) {
        List<String> line = new ArrayList<>(prefix);
        line.add(command.getExecutable());
        line.addAll(command.getArgs());
        ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile());
        strip(builder.environment());
        try {
            return builder.start();
        } catch (IOException e) {
            throw new ExecException("Cannot start " + command.getExecutable(), null, null, 127, e);
        }
    }

    private static boolean await(
            Process process, long timeoutMillis, Progress progress, Path folder, ProgressListener listener)
            throws InterruptedException {
        long start = System.nanoTime();
        long timeout = timeoutMillis > 0 ? TimeUnit.MILLISECONDS.toNanos(timeoutMillis) : Long.MAX_VALUE;
        long reported = start - REPORT_NANOS;
        long looked = start;
        long reportedMicros = 0;
        while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
            long now = System.nanoTime();
            if (now - start > timeout) {
                return false;
            }
            long micros = progress.outTimeMicros;
            if (listener != null && micros != reportedMicros && now - reported >= REPORT_NANOS) {
                reported = now;
                looked = now;
                reportedMicros = micros;
                listener.progressed(folder, Duration.of(micros, ChronoUnit.MICROS));
            } else if (listener != null && now - looked >= LOOK_NANOS) {
                looked = now;
                listener.wanted();
            }
        }
        return true;
    }

    private ExecResult result(ExecCommand command, Process process, boolean finished, long micros, String stderr) {
        String text = stderr;
        int exit = finished ? process.exitValue() : TIMED_OUT_EXIT;
        if (!finished) {
            text += "\n" + TIMED_OUT + " after " + command.getTimeout() + " ms";
        } else if (closed && exit != 0) {
            exit = STOPPED_EXIT;
            text += "\n" + STOPPED;
        } else if (exit == 126 || exit == 127) {
            throw new ExecException("Cannot start " + command.getExecutable() + ": " + text.strip(), null, null, exit);
        }
        return new ExecResult(command, stream(Long.toString(micros)), stream(text), exit);
    }

    static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Thread startDaemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void destroy(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static void kill(Process process) {
        destroy(process);
        // not interruptible: whoever deletes the work folder next must not meet a living ffmpeg
        process.onExit()
                .completeOnTimeout(process, GRACE_MILLIS, TimeUnit.MILLISECONDS)
                .join();
    }

    private static List<String> prefix(long memoryLimitBytes, long outputLimitBytes) {
        List<String> words = new ArrayList<>();
        if (System.getProperty("os.name").startsWith("Linux")) {
            List<String> limits = new ArrayList<>(List.of("prlimit"));
            if (memoryLimitBytes > 0) {
                limits.add("--as=" + memoryLimitBytes);
            }
            if (outputLimitBytes > 0) {
                limits.add("--fsize=" + outputLimitBytes);
            }
            limits.add("--");
            if (limits.size() > 2 && works(limits)) {
                words.addAll(limits);
            }
            List<String> leash = List.of("setpriv", "--pdeathsig", "KILL", "--");
            if (works(leash)) {
                words.addAll(leash);
            }
        }
        return List.copyOf(words);
    }

    private static List<String> nice(List<String> prefix) {
        return works(NICE) ? Stream.concat(NICE.stream(), prefix.stream()).toList() : prefix;
    }

    /** Not every prlimit or setpriv knows these options (BusyBox), and not every container allows them: try it. */
    private static boolean works(List<String> prefix) {
        List<String> line = new ArrayList<>(prefix);
        line.add("true");
        try {
            Process process = new ProcessBuilder(line)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                return process.waitFor(GRACE_MILLIS, TimeUnit.MILLISECONDS) && process.exitValue() == 0;
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Reads the key=value lines of {@code -progress}. */
    private static final class Progress implements Runnable {

        private final InputStream stream;
        private volatile long outTimeMicros;

        Progress(InputStream stream) {
            this.stream = stream;
        }

        @Override
        public void run() {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    // the one named ms counts microseconds too; N/A and negative before the first frame
                    if (line.matches("out_time_(us|ms)=\\d{1,18}")) {
                        outTimeMicros = Long.parseLong(line.substring(line.indexOf('=') + 1));
                    }
                }
            } catch (IOException e) {
                // the process was killed: what was read stands
            }
        }
    }

    /**
     * Reads stderr line by line: passes on what is info, drops warnings, and keeps the end of the rest, so that a program
     * that never stops complaining costs no memory. A line without a level goes on with the one before it.
     */
    private static final class Log implements Runnable {

        private static final Pattern LEVEL =
                Pattern.compile("(?s)((?:\\[[^\\[\\]]+ @ \\w+\\] ?)*)\\[(panic|fatal|error|warning|info)\\] (.*)");

        private final InputStream stream;
        private final Consumer<String> info;
        private final byte[] line = new byte[STDERR_LIMIT];
        private int length;
        private String level = "error";
        private boolean begins = true;
        private byte[] end = new byte[0];

        Log(InputStream stream, Consumer<String> info) {
            this.stream = stream;
            this.info = info;
        }

        @Override
        public void run() {
            byte[] buffer = new byte[STDERR_LIMIT];
            try (stream) {
                for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
                    for (int i = 0; i < read; i++) {
                        take(buffer[i]);
                    }
                }
                if (length > 0) {
                    flush();
                }
            } catch (IOException e) {
                // the process was killed: what was read stands
            }
        }

        private void take(byte next) {
            line[length++] = next;
            if (next == '\n' || length == line.length) {
                flush();
                begins = next == '\n';
            }
        }

        private void flush() {
            String text = new String(line, 0, length, StandardCharsets.UTF_8);
            Matcher leveled = LEVEL.matcher(text);
            boolean marked = begins && leveled.matches();
            if (marked) {
                level = leveled.group(2);
            }
            switch (level) {
                case "info" -> info.accept((marked ? leveled.group(3) : text).stripTrailing());
                case "warning" -> {}
                default ->
                    append(
                            marked
                                    ? (leveled.group(1) + leveled.group(3)).getBytes(StandardCharsets.UTF_8)
                                    : Arrays.copyOf(line, length));
            }
            length = 0;
        }

        private synchronized void append(byte[] bytes) {
            byte[] next = Arrays.copyOf(end, end.length + bytes.length);
            System.arraycopy(bytes, 0, next, end.length, bytes.length);
            end = Arrays.copyOfRange(next, Math.max(0, next.length - STDERR_LIMIT), next.length);
        }

        synchronized String text() {
            return new String(end, StandardCharsets.UTF_8);
        }
    }
}
