package io.github.videotomp3.converter;

import java.nio.file.Path;
import java.time.Duration;

/** Hears, at most once per second, how far a conversion has come. */
@FunctionalInterface
public interface ProgressListener {

    /**
     * Is called by the thread that waits for ffmpeg; an exception thrown here stops ffmpeg and reaches the caller.
     *
     * @param workFolder the working directory of the conversion
     * @param outTime    how much audio has been written
     */
    void progressed(Path workFolder, Duration outTime);
}
