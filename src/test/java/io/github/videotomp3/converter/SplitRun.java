package io.github.videotomp3.converter;

import io.github.videotomp3.Clips;
import io.github.videotomp3.job.Mp3Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.camel.component.exec.ExecCommand;

/** Encodes one video in a folder, in one go and in parts, with whichever ffmpeg there is. */
final class SplitRun {

    private static final FfmpegExecutor EXECUTOR = new FfmpegExecutor(null, 0, 0);

    private final Mp3Encoder encoder;
    private final Path folder;
    private final Mp3Options options;
    private Source source = Source.UNKNOWN;

    SplitRun(Mp3Encoder encoder, Path folder, Path video, Mp3Options options) throws IOException {
        this.encoder = encoder;
        this.folder = folder;
        this.options = options;
        if (Mp3Encoder.tags(options) != null) {
            Files.writeString(folder.resolve(Mp3Encoder.TAGS), Mp3Encoder.tags(options));
        }
        Files.createSymbolicLink(folder.resolve(Mp3Encoder.INPUT), video);
        run(encoder.measuring(options), line -> source = source.described() ? source : source.with(line));
    }

    SplitPlan plan(int parts) {
        return encoder.plan(options, source, parts);
    }

    /** What one encoder makes. */
    Path whole() {
        run(encoder.arguments(options, source, false), line -> {});
        return folder.resolve(Mp3Encoder.OUTPUT);
    }

    /**
     * Lets each part be made.
     *
     * @return samples of the whole sound; -1 if nobody said
     */
    long encode(SplitPlan plan) {
        long[] samples = {-1};
        for (SplitPlan.Part part : plan.parts()) {
            run(encoder.arguments(options, source, false, part), line -> {
                OptionalLong total = plan.last().total(line);
                samples[0] = total.orElse(samples[0]);
            });
        }
        return samples[0];
    }

    private void run(List<String> arguments, Consumer<String> said) {
        ProgressListener listener = new ProgressListener() {
            @Override
            public void progressed(Path workFolder, Duration outTime) {}

            @Override
            public boolean described(String line) {
                said.accept(line);
                return true;
            }
        };
        String ffmpeg = Clips.ffmpeg().path().toString();
        EXECUTOR.execute(
                new ExecCommand(ffmpeg, arguments, folder.toString(), 120_000L, Set.of(), null, null, false, null),
                listener,
                false);
    }
}
