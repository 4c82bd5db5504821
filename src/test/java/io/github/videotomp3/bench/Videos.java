package io.github.videotomp3.bench;

import io.github.videotomp3.Clips;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** Large videos that take no time to make and none to convert. */
final class Videos {

    private Videos() {}

    /** A short clip with a hole behind it, which reads as zeros and takes no room on the disk. */
    static Path of(Path folder, long bytes) throws IOException {
        Path video = Files.move(Clips.faststart(folder, 3), folder.resolve(bytes + ".mp4"));
        try (RandomAccessFile file = new RandomAccessFile(video.toFile(), "rw")) {
            file.setLength(bytes);
        }
        return video;
    }
}
