package io.github.videotomp3.converter;

import io.github.videotomp3.converter.SplitPlan.Part;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.Jobs;
import io.github.videotomp3.job.Mp3Options;
import io.github.videotomp3.job.Phase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.exec.ExecCommand;
import org.apache.camel.component.exec.ExecResult;

/**
 * One attempt's way through ffmpeg. Usually that is one run, which also says what the video is. Only where that asks for
 * another run - there is a picture to keep, or an MP3 to copy - the first one is killed before it has done any work.
 */
final class Attempt implements ProgressListener {

    /** Percent; an MP3 that is still to be stored is not finished. */
    static final int ALL_BUT_STORED = 99;

    /** Percent: to measure the loudness takes about as long as to encode. */
    private static final int MEASURED = 50;

    /** What a video says of its length is rounded, and its audio may be a little longer than its pictures. */
    private static final double INEXACT = 1.02;

    private static final Duration INEXACT_SECONDS = Duration.ofSeconds(2);

    private final Job job;
    private final Mp3Options options;
    private final Jobs jobs;
    private final Mp3Encoder encoder;
    private final FfmpegExecutor executor;
    private final Splitting splitting;
    private volatile Source source = Source.UNKNOWN;

    /** The arguments of a run that may turn out to be the wrong ones; else null. */
    private volatile List<String> guess;

    /** How the sound can be shared among several ffmpegs; null if it had better not. */
    private volatile SplitPlan plan;

    /** Null unless the sound is being shared. */
    private SharedEncoding shared;

    private boolean cover;
    private long end;
    private boolean measuring;
    private int percent;
    private boolean lengthIsWrong;

    Attempt(Job job, Jobs jobs, Mp3Encoder encoder, FfmpegExecutor executor, Splitting splitting) {
        this.job = job;
        this.options = job.options();
        this.jobs = jobs;
        this.encoder = encoder;
        this.executor = executor;
        this.splitting = splitting;
    }

    Job job() {
        return job;
    }

    /** What ffmpeg is asked for while nothing is known of the video. */
    List<String> arguments() {
        return encoder.arguments(options, Source.UNKNOWN, false);
    }

    /**
     * Runs ffmpeg as often as it takes, all together not longer than the command's timeout, or until the sound is to be
     * shared.
     *
     * @param command with {@link #arguments()}
     * @return of the run that counts; of no meaning if there are {@link #parts()}
     */
    ExecResult run(ExecCommand command) {
        if (end == 0) {
            end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(command.getTimeout());
        } else { // once more, since parts could not be joined
            return encode(command);
        }
        if (options.loudness() != null) {
            measuring = true;
            ExecResult measured = execute(command, encoder.measuring(options));
            measuring = false;
            if (measured.getExitValue() != 0) {
                return measured;
            }
            percent = MEASURED;
            return runKnowingly(command, measured);
        }
        guess = command.getArgs();
        ExecResult guessed = execute(command, guess);
        if (!isWrong(guess)) {
            return guessed;
        }
        guess = null;
        return runKnowingly(command, guessed);
    }

    private ExecResult runKnowingly(ExecCommand command, ExecResult before) {
        cover = Mp3Encoder.wantsCover(options, source) && hasPicture(command);
        if (plan == null) {
            return encode(command);
        }
        shared = new SharedEncoding(plan, Mp3Encoder.encodedSampleRate(options, source), this);
        return before;
    }

    private ExecResult encode(ExecCommand command) {
        boolean wanted = Mp3Encoder.wantsCover(options, source);
        ExecResult result = execute(command, encoder.arguments(options, source, cover));
        if (failed(result) && (cover || Mp3Encoder.copies(options, source))) {
            source = source.soundOnly();
            cover = false;
            result = execute(command, encoder.arguments(options, source, false));
        }
        return wanted && !cover ? withNote(result) : result;
    }

    /** The parts to be encoded side by side; empty if it is one ffmpeg's work. */
    List<Part> parts() {
        return shared == null ? List.of() : shared.parts();
    }

    /** What ffmpeg is asked for one of the parts. */
    List<String> arguments(Part part) {
        return encoder.arguments(options, source, cover, part);
    }

    /** Runs ffmpeg for one of the parts; the command names its file as its out file. */
    ExecResult runPart(ExecCommand command) {
        return shared.encode(limited(command, command.getArgs()), executor);
    }

    /**
     * Makes one MP3 of the parts.
     *
     * @param results one for each part
     * @throws UnjoinableException if that is not to be had: then there are no parts any more, but one {@link #run}
     */
    ExecResult join(List<ExecResult> results) throws UnjoinableException {
        try {
            ExecResult joined = shared.join(results);
            return Mp3Encoder.wantsCover(options, source) && !cover ? withNote(joined) : joined;
        } catch (UnjoinableException e) {
            shared = null;
            throw e;
        }
    }

    /** A picture is worth no failure: whatever is wrong with it, the MP3 does without. */
    private boolean hasPicture(ExecCommand command) {
        ExecResult result = execute(command, encoder.picturing(options, source));
        try {
            Path picture = Path.of(command.getWorkingDir(), Mp3Encoder.COVER);
            return result.getExitValue() == 0 && Files.exists(picture) && Files.size(picture) > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ExecResult execute(ExecCommand command, List<String> arguments) {
        return executor.execute(limited(command, arguments), this, false);
    }

    /** What is left of the time is for this one. */
    private ExecCommand limited(ExecCommand command, List<String> arguments) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        return new ExecCommand(
                command.getExecutable(),
                arguments,
                command.getWorkingDir(),
                command.getTimeout() > 0 ? Math.max(1, left) : command.getTimeout(),
                command.getExitValues(),
                null,
                command.getOutFile(),
                command.isUseStderrOnEmptyStdout(),
                command.getCommandLogLevel());
    }

    private static boolean failed(ExecResult result) {
        int exit = result.getExitValue();
        return exit != 0 && exit != FfmpegExecutor.TIMED_OUT_EXIT && exit != FfmpegExecutor.STOPPED_EXIT;
    }

    private static ExecResult withNote(ExecResult result) {
        byte[] note = (Mp3Encoder.NO_COVER + "\n").getBytes(StandardCharsets.UTF_8);
        InputStream stderr = new SequenceInputStream(result.getStderr(), new ByteArrayInputStream(note));
        return new ExecResult(result.getCommand(), result.getStdout(), stderr, result.getExitValue());
    }

    private boolean isWrong(List<String> arguments) {
        return source.described()
                && (plan != null
                        || Mp3Encoder.wantsCover(options, source)
                        || !encoder.arguments(options, source, false).equals(arguments));
    }

    @Override
    public boolean described(String line) {
        boolean known = source.described();
        source = source.with(line);
        List<String> arguments = guess;
        if (arguments != null && !known && source.described()) {
            int most = splitting.parts(encoder.expected(options, source));
            plan = most > 1 ? encoder.plan(options, source, most) : null;
        }
        return arguments == null || !isWrong(arguments);
    }

    @Override
    public void progressed(Path workFolder, Duration outTime) {
        jobs.progress(job, Phase.CONVERTING, measuring ? 0 : outTime.toMillis() / 1000.0, percent(outTime));
    }

    @Override
    public void wanted() {
        jobs.check(job);
    }

    /** Null while nobody knows: the video does not say how long it is, or turns out to be longer than it said. */
    private Integer percent(Duration outTime) {
        Duration expected = encoder.expected(options, source);
        if (expected == null || expected.isZero()) {
            return null;
        }
        double part = outTime.toMillis() / (double) expected.toMillis();
        lengthIsWrong |= part > INEXACT && outTime.minus(expected).compareTo(INEXACT_SECONDS) > 0;
        if (lengthIsWrong) {
            return null;
        }
        int from = options.loudness() == null || measuring ? 0 : MEASURED;
        int to = measuring ? MEASURED : 100;
        percent = Math.max(percent, Math.min(ALL_BUT_STORED, (int) (from + (to - from) * part)));
        return percent;
    }
}
