package io.github.videotomp3.converter;

import com.mongodb.client.gridfs.model.GridFSFile;
import io.github.videotomp3.camel.ConfirmedRabbitComponent;
import io.github.videotomp3.converter.SplitPlan.Part;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.JobMessage;
import io.github.videotomp3.job.Jobs;
import io.github.videotomp3.job.Phase;
import io.github.videotomp3.job.Postponed;
import io.github.videotomp3.job.StoredFiles;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Headers;
import org.apache.camel.component.exec.ExecBinding;
import org.apache.camel.component.exec.ExecCommand;
import org.apache.camel.component.exec.ExecCommandExecutor;
import org.apache.camel.component.exec.ExecResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a video to ffmpeg and the MP3 back, and keeps the job's lease alive meanwhile. Whichever way a step ends, the
 * work folder is gone when nobody needs it any more.
 */
public final class Conversions implements ExecCommandExecutor, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Conversions.class);
    private static final int COPY_BUFFER = 1 << 18;
    private static final long RENEW_NANOS = Duration.ofSeconds(2).toNanos();

    private final Jobs jobs;
    private final StoredFiles videos;
    private final StoredFiles mp3s;
    private final WorkFolders folders;
    private final Mp3Encoder encoder;
    private final FfmpegBinary ffmpeg;
    private final FfmpegExecutor executor;
    private final Splitting splitting;
    private final Map<Path, Attempt> running = new ConcurrentHashMap<>();

    /**
     * @param maxMemory bytes of address space that one ffmpeg may have, 0 for no limit
     * @param maxOutput bytes that one ffmpeg may write, 0 for no limit
     */
    public Conversions(
            Jobs jobs,
            StoredFiles videos,
            StoredFiles mp3s,
            WorkFolders folders,
            Mp3Encoder encoder,
            FfmpegBinary ffmpeg,
            Splitting splitting,
            long maxMemory,
            long maxOutput) {
        this.jobs = jobs;
        this.videos = videos;
        this.mp3s = mp3s;
        this.folders = folders;
        this.encoder = encoder;
        this.ffmpeg = ffmpeg;
        this.splitting = splitting;
        this.executor = new FfmpegExecutor(null, maxMemory, maxOutput);
    }

    /** One attempt at a job, in a work folder of its own. */
    public record Conversion(Job job, Path folder) {

        Path output() {
            return folder.resolve(Mp3Encoder.OUTPUT);
        }
    }

    /**
     * Puts the video into a work folder, and the command into the headers from which camel-exec takes it.
     *
     * @throws TransientFailure if the video is gone; after the last attempt the job has failed, and its owner hears of it
     * @throws Postponed if the disk is full: the job is given back as it was, another converter may have room; or if the video
     *     is no longer what was stored: the job has failed, and its message announces that when it comes back
     */
    public Conversion fetch(@Body Job job, @Headers Map<String, Object> headers) {
        GridFSFile video = videos.find(job.id())
                .orElseThrow(() ->
                        new TransientFailure("the video of job " + job.id().toHexString() + " is gone"));
        if (!folders.hasRoomFor(video.getLength())) {
            LOG.warn("converter.work-folder has no room for the {} bytes of a video, which waits", video.getLength());
            jobs.handBack(job);
            throw new Postponed("the work folder is full");
        }
        Conversion conversion = new Conversion(job, folders.create(job.id().toHexString()));
        cleaningUp(conversion.folder(), () -> copy(video, conversion));
        Attempt attempt = new Attempt(job, jobs, encoder, executor, splitting);
        running.put(conversion.folder(), attempt);
        command(conversion, attempt.arguments(), headers);
        return conversion;
    }

    private void command(Conversion conversion, List<String> arguments, Map<String, Object> headers) {
        headers.clear();
        headers.put(ExecBinding.EXEC_COMMAND_EXECUTABLE, ffmpeg.path().toString());
        headers.put(ExecBinding.EXEC_COMMAND_ARGS, arguments);
        headers.put(ExecBinding.EXEC_COMMAND_WORKING_DIR, conversion.folder().toString());
    }

    private Void copy(GridFSFile video, Conversion conversion) {
        byte[] buffer = new byte[COPY_BUFFER];
        CRC32C sum = new CRC32C();
        try (InputStream from = renewing(
                        videos.open(video, 0, video.getLength() - 1),
                        () -> jobs.progress(conversion.job(), Phase.FETCHING, 0, 0));
                OutputStream to = Files.newOutputStream(conversion.folder().resolve(Mp3Encoder.INPUT))) {
            for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
                sum.update(buffer, 0, count);
                to.write(buffer, 0, count);
            }
            String tags = Mp3Encoder.tags(conversion.job().options());
            if (tags != null) {
                Files.writeString(conversion.folder().resolve(Mp3Encoder.TAGS), tags);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        check(sum, conversion.job());
        return null;
    }

    /** Damage is found here, since ffmpeg makes an MP3 of many damaged videos, with holes. */
    private void check(CRC32C sum, Job job) {
        if (job.crc32c() != null && job.crc32c() != sum.getValue()) {
            String id = job.id().toHexString();
            LOG.error("The video of job {} is not what was stored: the document store has damaged it", id);
            jobs.failed(job, "The video was damaged after it had been stored here: please send it once more");
            throw new Postponed("the video of job " + id + " is damaged");
        }
    }

    /** The same bytes; while they are read, the lease is kept alive. */
    private static InputStream renewing(InputStream bytes, Runnable renewal) {
        return new FilterInputStream(bytes) {
            private long renewed = System.nanoTime();

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                if (System.nanoTime() - renewed > RENEW_NANOS) {
                    renewal.run();
                    renewed = System.nanoTime();
                }
                return super.read(target, offset, length);
            }
        };
    }

    /** Runs ffmpeg for camel-exec: for a part of the sound if the command has an out file, else for all of it. */
    @Override
    public ExecResult execute(ExecCommand command) {
        Path folder = Path.of(command.getWorkingDir());
        Attempt attempt = running.get(folder);
        return command.getOutFile() == null
                ? cleaningUp(folder, () -> attempt.run(command))
                : attempt.runPart(command); // the folder is still that of the others
    }

    /** Whether ffmpeg was stopped because several are to share the work. */
    public boolean isShared(@ExchangeProperty("conversion") Conversion conversion) {
        return !parts(conversion).isEmpty();
    }

    /** The parts that several ffmpegs are to encode side by side; empty if one has encoded all of the sound. */
    public List<Part> parts(@ExchangeProperty("conversion") Conversion conversion) {
        return running.get(conversion.folder()).parts();
    }

    /** Puts the command for a part into the headers. */
    public void prepare(
            @Body Part part,
            @ExchangeProperty("conversion") Conversion conversion,
            @Headers Map<String, Object> headers) {
        command(conversion, running.get(conversion.folder()).arguments(part), headers);
        headers.put(ExecBinding.EXEC_COMMAND_OUT_FILE, part.file());
    }

    /**
     * Joins what the parts have become to one MP3.
     *
     * @return null if that can't be done; then the headers have the command for all of the sound
     */
    public ExecResult join(
            @Body List<ExecResult> results,
            @ExchangeProperty("conversion") Conversion conversion,
            @Headers Map<String, Object> headers) {
        Attempt attempt = running.get(conversion.folder());
        return cleaningUp(conversion.folder(), () -> {
            try {
                return attempt.join(results);
            } catch (UnjoinableException e) {
                LOG.warn(
                        "The parts of job {} cannot be joined, it is encoded in one go: {}",
                        conversion.job().id().toHexString(),
                        e.getMessage());
                command(conversion, attempt.arguments(), headers);
                return null;
            }
        });
    }

    /**
     * What ffmpeg's answer means for the video.
     *
     * @throws Postponed if this process is stopping, and has killed it: the job is given back as it was
     */
    public Outcome judge(@Body ExecResult result, @ExchangeProperty("conversion") Conversion conversion) {
        if (result.getExitValue() == FfmpegExecutor.STOPPED_EXIT) {
            cleanUp(conversion.folder());
            jobs.handBack(conversion.job());
            throw new Postponed("this converter is stopping");
        }
        return cleaningUp(conversion.folder(), () -> encoder.outcome(result));
    }

    /** Stores the MP3 under the attempt's id and ends the job. */
    public Job store(@Body Outcome outcome, @ExchangeProperty("conversion") Conversion conversion) {
        Job job = conversion.job();
        Runnable renewal = () -> jobs.progress(job, Phase.STORING, outcome.seconds(), Attempt.ALL_BUT_STORED);
        try (InputStream mp3 = renewing(Files.newInputStream(conversion.output()), renewal)) {
            renewal.run(); // an attempt that was taken over need not store anything
            mp3s.store(job.mp3(), job.name(), mp3);
            Job ended = jobs.done(job, Files.size(conversion.output()), outcome.seconds(), outcome.warning());
            if (!ended.isDone()) {
                mp3s.delete(job.mp3()); // deleted by its owner meanwhile
            }
            return ended;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            cleanUp(conversion.folder());
        }
    }

    /** Ends the job with the reason why there is no MP3; the video is of no use to anybody any more. */
    public Job reject(@Body Outcome outcome, @ExchangeProperty("conversion") Conversion conversion) {
        cleanUp(conversion.folder());
        Job ended = jobs.rejected(conversion.job(), outcome.reason());
        videos.delete(ended.id());
        mp3s.delete(ended.id()); // of a first attempt that died
        return ended;
    }

    /** The message about how a job has ended. */
    public JobMessage announcement(@ExchangeProperty("message") JobMessage message, @Body Job job) {
        return message.about(job);
    }

    /** Puts the reason and the count of attempts of a job that was given up into the headers of its parked message. */
    public void explain(@ExchangeProperty("job") Job job, @Headers Map<String, Object> headers) {
        headers.put(ConfirmedRabbitComponent.REASON, job.reason());
        headers.put(ConfirmedRabbitComponent.ATTEMPTS, job.attempts());
    }

    private <T> T cleaningUp(Path folder, Supplier<T> step) {
        try {
            return step.get();
        } catch (RuntimeException e) {
            cleanUp(folder);
            throw e;
        }
    }

    private void cleanUp(Path folder) {
        running.remove(folder);
        folders.delete(folder);
    }

    /** Kills what is running. */
    @Override
    public void close() {
        executor.close();
    }
}
