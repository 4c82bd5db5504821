package io.github.videotomp3.converter;

import io.github.videotomp3.converter.SplitPlan.Part;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.exec.ExecCommand;
import org.apache.camel.component.exec.ExecResult;

/** The encoding of one sound by several ffmpegs at once, each of which has a part of it. When one fails, the others stop. */
final class SharedEncoding {

    private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int FAILED_EXIT = 1;

    private final SplitPlan plan;
    private final int sampleRate;
    private final ProgressListener whole;
    private final Map<Part, Duration> written = new ConcurrentHashMap<>();
    private volatile OptionalLong samples = OptionalLong.empty();
    private volatile boolean over;
    private RuntimeException failure;
    private long reported = System.nanoTime() - REPORT_NANOS;

    /**
     * @param sampleRate of the MP3 in Hz
     * @param whole hears of all parts together
     */
    SharedEncoding(SplitPlan plan, int sampleRate, ProgressListener whole) {
        this.plan = plan;
        this.sampleRate = sampleRate;
        this.whole = whole;
    }

    List<Part> parts() {
        return plan.parts();
    }

    /**
     * Encodes one part, all but the first behind whatever else this machine converts. What goes wrong is for {@link #join}
     * to say.
     *
     * @param command whose out file is that of the part
     */
    ExecResult encode(ExecCommand command, FfmpegExecutor executor) {
        Part part = plan.parts().stream()
                .filter(each -> each.file().equals(command.getOutFile().getName()))
                .findFirst()
                .orElseThrow();
        try {
            ExecResult result = executor.execute(command, new PartListener(part), !part.isFirst());
            over |= result.getExitValue() != 0;
            return result;
        } catch (RuntimeException e) {
            fail(e);
            return new ExecResult(command, FfmpegExecutor.stream(""), FfmpegExecutor.stream(e.toString()), FAILED_EXIT);
        }
    }

    /** The first failure counts: others may follow from it. */
    private synchronized void fail(RuntimeException e) {
        if (!over) {
            failure = e;
            over = true;
        }
    }

    /**
     * Joins what the parts have become.
     *
     * @param results one for each part
     * @return what one ffmpeg would have returned for all of it
     * @throws UnjoinableException if that is not to be had in this way
     * @throws RuntimeException what a listener threw
     */
    ExecResult join(List<ExecResult> results) throws UnjoinableException {
        synchronized (this) {
            if (failure != null) {
                throw failure;
            }
        }
        for (ExecResult result : results) {
            int exit = result.getExitValue();
            if (exit == FfmpegExecutor.STOPPED_EXIT || exit == FfmpegExecutor.TIMED_OUT_EXIT) {
                return result;
            }
            if (exit != 0) {
                throw new UnjoinableException("ffmpeg ended with " + exit);
            }
        }
        ExecResult last = results.get(results.size() - 1);
        Path folder = Path.of(last.getCommand().getWorkingDir());
        long total = samples.orElseThrow(() -> new UnjoinableException("ffmpeg did not say how many samples it got"));
        try {
            Mp3Joiner.join(plan.segments(folder), total, folder.resolve(Mp3Encoder.OUTPUT));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        long micros = Math.round(total * 1e6 / sampleRate);
        // it alone has decoded all of the sound, and knows of all damage
        return new ExecResult(last.getCommand(), FfmpegExecutor.stream(Long.toString(micros)), last.getStderr(), 0);
    }

    private synchronized void progressed(Part part, Path folder, Duration outTime) {
        written.put(part, outTime);
        if (System.nanoTime() - reported >= REPORT_NANOS) {
            reported = System.nanoTime();
            whole.progressed(
                    folder,
                    written.entrySet().stream()
                            .map(each -> each.getValue().minus(repeated(each.getKey())))
                            .filter(duration -> !duration.isNegative())
                            .reduce(Duration.ZERO, Duration::plus));
        }
    }

    /** What a part has in common with the one before. */
    private Duration repeated(Part part) {
        long overlap = part.isFirst() ? 0 : plan.parts().get(part.index() - 1).endSample() - part.firstSample();
        return Duration.ofMillis(overlap * 1000 / sampleRate);
    }

    private final class PartListener implements ProgressListener {

        private final Part part;

        PartListener(Part part) {
            this.part = part;
        }

        @Override
        public void progressed(Path workFolder, Duration outTime) {
            requireOthers();
            SharedEncoding.this.progressed(part, workFolder, outTime);
        }

        @Override
        public void wanted() {
            requireOthers();
            whole.wanted();
        }

        @Override
        public boolean described(String line) {
            if (part.isLast()) {
                part.total(line).ifPresent(total -> samples = OptionalLong.of(total));
            }
            return true;
        }

        private void requireOthers() {
            if (over) {
                throw new IllegalStateException("Another part has failed");
            }
        }
    }
}
