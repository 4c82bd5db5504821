package io.github.videotomp3.converter;

import java.nio.file.Path;
import java.time.Duration;

/** Hears what ffmpeg says of its work. */
@FunctionalInterface
public interface ProgressListener {

    /**
     * Says, at most once per second, how far the work is. It is called by the thread that waits for ffmpeg; an exception
     * thrown here stops ffmpeg and reaches the caller.
     *
     * @param workFolder the working directory of the conversion
     * @param outTime    how much audio has been written
     */
    void progressed(Path workFolder, Duration outTime);

    /**
     * Asks, twice per second at most, whether anybody still wants the result, also of an ffmpeg that gets nowhere. An
     * exception thrown here stops it, as above.
     */
    default void wanted() {}

    /**
     * Says a line of what ffmpeg tells about the video at its level info. It is called by the thread that reads them, and
     * must not wait.
     *
     * @return false if ffmpeg is to be killed, because with what is known now it would have been asked otherwise
     */
    default boolean described(String line) {
        return true;
    }
}
