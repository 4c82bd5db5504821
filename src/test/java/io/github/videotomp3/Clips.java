package io.github.videotomp3;

import io.github.videotomp3.converter.FfmpegBinary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Small videos for tests: a test picture and a tone, made by whichever ffmpeg there is, once per JVM. */
public final class Clips {

    private static final Path CACHE = cache();
    private static final FfmpegBinary FFMPEG =
            new FfmpegBinary("", Path.of("target", "ffmpeg").toString());
    private static final Map<String, Path> MADE = new HashMap<>();

    private Clips() {}

    /** The ffmpeg on the PATH, else the bundled one. */
    public static FfmpegBinary ffmpeg() {
        return FFMPEG;
    }

    /** A shell script that stands in for ffmpeg, and calls the real one where the text has {@code %s}. */
    public static Path ffmpeg(Path folder, String script) throws IOException {
        Path file = Files.writeString(folder.resolve("ffmpeg"), script.formatted(ffmpeg().path()));
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** As phones and cameras write it: the index (moov) comes last. */
    public static Path mp4(Path dir, int seconds) {
        return clip(dir, "clip.mp4", seconds, "-c:v", "mpeg4", "-c:a", "aac");
    }

    /** As loud and as full as music, so that an encoder has to work for it; both channels are the same. */
    public static Path music(Path dir, int seconds) {
        return music(
                dir,
                "music",
                seconds,
                "anoisesrc=color=pink:amplitude=0.4:sample_rate=48000[n];[1:a][n]amix=inputs=2[a]");
    }

    /** The same in two channels that differ, as most videos have it. */
    public static Path stereo(Path dir, int seconds) {
        String noise = "anoisesrc=color=pink:amplitude=0.4:sample_rate=48000:seed=";
        return music(
                dir,
                "stereo",
                seconds,
                "[1:a]asplit[a1][a2];" + noise + "1[n1];" + noise + "2[n2];[n1][a1]amix=inputs=2[l];"
                        + "[n2][a2]amix=inputs=2[r];[l][r]join=inputs=2:channel_layout=stereo[a]");
    }

    private static Path music(Path dir, String name, int seconds, String filter) {
        return clip(
                dir,
                seconds + "-" + name + ".mp4",
                seconds,
                "-filter_complex",
                filter,
                "-map",
                "0:v",
                "-map",
                "[a]",
                "-c:v",
                "mpeg4",
                "-c:a",
                "aac",
                "-b:a",
                "160k");
    }

    /** The same again and again. */
    public static Path repeated(Path clip, int times, Path target) {
        run("-stream_loop", String.valueOf(times - 1), "-i", clip.toString(), "-c", "copy", "-y", target.toString());
        return target;
    }

    /** With a picture attached, as music is sold, a title and two chapters: the first half and the second. */
    public static Path covered(Path dir, int seconds) {
        String bare = mp4(dir, seconds).toString();
        int half = seconds * 500;
        String chapter = "[CHAPTER]\nTIMEBASE=1/1000\nSTART=%d\nEND=%d\ntitle=%s\n";
        try {
            Path tags = Files.writeString(
                    dir.resolve("tags"),
                    ";FFMETADATA1\ntitle=A bell\nartist=A bell-ringer\n"
                            + chapter.formatted(0, half, "One")
                            + chapter.formatted(half, 2 * half, "Zwei ü"));
            Path covered = dir.resolve("covered.mp4");
            run(
                    "-i",
                    bare,
                    "-i",
                    bare,
                    "-f",
                    "ffmetadata",
                    "-i",
                    tags.toString(),
                    "-map",
                    "0",
                    "-map",
                    "1:v",
                    "-map_metadata",
                    "2",
                    "-map_chapters",
                    "2",
                    "-c",
                    "copy",
                    "-c:v:1",
                    "mjpeg",
                    "-frames:v:1",
                    "1",
                    "-disposition:v:1",
                    "attached_pic",
                    "-y",
                    covered.toString());
            return covered;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The frames of an MP3 without anything around them. */
    public static Path mp3(Path dir, int seconds) {
        return clip(dir, "bare.mp3", seconds, "-vn", "-c:a", "libmp3lame", "-write_xing", "0", "-id3v2_version", "0");
    }

    /** A video whose audio track is this MP3. */
    public static Path around(Path mp3, Path dir, int seconds) {
        Path video = dir.resolve("around.mkv");
        run(
                "-i",
                mp4(dir, seconds).toString(),
                "-i",
                mp3.toString(),
                "-map",
                "0:v",
                "-map",
                "1:a",
                "-c",
                "copy",
                "-y",
                video.toString());
        return video;
    }

    /** 997 Hz in both channels, and nothing else. */
    public static Path tone(Path dir, int seconds) {
        return clip(
                dir,
                "tone.mp4",
                seconds,
                "-filter_complex",
                "sine=frequency=997:sample_rate=48000[a]",
                "-map",
                "0:v",
                "-map",
                "[a]",
                "-c:v",
                "mpeg4",
                "-c:a",
                "aac");
    }

    /** 6 s: silence, a tone from 2 s to 4 s, silence; the name's ending is the container. */
    public static Path beep(Path dir, String name) {
        return clip(
                dir,
                name,
                6,
                "-af",
                "volume=4,volume=enable='lt(t,2)+gt(t,4)':volume=0",
                "-r",
                "25",
                "-c:v",
                "mpeg4",
                "-c:a",
                name.endsWith(".ts") ? "mp2" : "aac");
    }

    /** As it is made for streaming: the index comes first. */
    public static Path faststart(Path dir, int seconds) {
        return clip(dir, "faststart.mp4", seconds, "-c:v", "mpeg4", "-c:a", "aac", "-movflags", "+faststart");
    }

    /** Six channels. */
    public static Path surround(Path dir, int seconds) {
        return clip(dir, "surround.mp4", seconds, "-c:v", "mpeg4", "-c:a", "aac", "-ac", "6");
    }

    public static Path silent(Path dir, int seconds) {
        return clip(dir, "silent.mp4", seconds, "-c:v", "mpeg4", "-an");
    }

    public static Path mkv(Path dir, int seconds) {
        return clip(dir, "clip.mkv", seconds, "-c:v", "mpeg4", "-c:a", "libopus");
    }

    public static Path webm(Path dir, int seconds) {
        return clip(dir, "clip.webm", seconds, "-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus");
    }

    public static Path avi(Path dir, int seconds) {
        return clip(dir, "clip.avi", seconds, "-c:v", "mpeg4", "-c:a", "libmp3lame");
    }

    /** Mono, 8 kHz, uncompressed. */
    public static Path telephone(Path dir, int seconds) {
        return clip(dir, "telephone.avi", seconds, "-c:v", "mpeg4", "-c:a", "pcm_s16le", "-ac", "1", "-ar", "8000");
    }

    public static Path threeGp(Path dir, int seconds) {
        return clip(
                dir, "clip.3gp", seconds, "-s", "176x144", "-c:v", "h263", "-c:a", "aac", "-ac", "1", "-ar", "16000");
    }

    public static Path mov(Path dir, int seconds) {
        return clip(dir, "clip.mov", seconds, "-c:v", "mpeg4", "-c:a", "pcm_s16le");
    }

    /** Its service name is not in UTF-8, so that a reader has to convert it. */
    public static Path ts(Path dir, int seconds) {
        return clip(dir, "clip.ts", seconds, "-r", "25", "-c:v", "mpeg2video", "-c:a", "mp2");
    }

    /** A picture, without any sound. */
    public static Path png(Path dir) {
        return clip(dir, "picture.png", 1, "-c:v", "png", "-frames:v", "1", "-f", "image2", "-an");
    }

    /** The first part of a file, under the same name with {@code cut-} before it. */
    public static Path cut(Path file, double part) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            return Files.write(file.resolveSibling("cut-" + file.getFileName()), Arrays.copyOf(bytes, (int)
                    (bytes.length * part)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Length of what can be heard, in seconds, found by decoding all of it. */
    public static double seconds(Path audio) {
        try {
            Path samples = Files.createTempFile(CACHE, "decoded", ".pcm");
            run("-i", audio.toString(), "-ac", "1", "-ar", "8000", "-f", "s16le", "-y", samples.toString());
            double seconds = Files.size(samples) / 16000.0;
            Files.delete(samples);
            return seconds;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A checksum of all that can be heard, each sample of it. */
    public static String sum(Path audio) {
        try {
            Path sum = Files.createTempFile(CACHE, "decoded", ".md5");
            run("-i", audio.toString(), "-map", "0:a", "-f", "md5", "-y", sum.toString());
            String text = Files.readString(sum);
            Files.delete(sum);
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What can be heard, at 48 kHz in mono. */
    static ShortBuffer samples(Path audio) {
        try {
            Path samples = Files.createTempFile(CACHE, "decoded", ".pcm");
            run("-i", audio.toString(), "-ac", "1", "-ar", "48000", "-f", "s16le", "-y", samples.toString());
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(samples));
            Files.delete(samples);
            return bytes.order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static synchronized Path clip(Path dir, String name, int seconds, String... encoding) {
        try {
            Path made = MADE.computeIfAbsent(seconds + "-" + name, key -> make(CACHE.resolve(key), seconds, encoding));
            return Files.copy(made, dir.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path make(Path file, int seconds, String... encoding) {
        List<String> arguments = new ArrayList<>(List.of(
                "-f",
                "lavfi",
                "-i",
                "testsrc=size=160x120:rate=10",
                "-f",
                "lavfi",
                "-i",
                "sine=frequency=440:sample_rate=48000",
                "-t",
                Integer.toString(seconds),
                "-ac",
                "2"));
        arguments.addAll(List.of(encoding));
        arguments.addAll(List.of("-y", file.toString()));
        run(arguments.toArray(String[]::new));
        return file;
    }

    private static void run(String... arguments) {
        List<String> command = new ArrayList<>(List.of(FFMPEG.path().toString(), "-nostdin", "-loglevel", "error"));
        command.addAll(List.of(arguments));
        try {
            Path log = Files.createTempFile(CACHE, "ffmpeg", ".log");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            builder.environment().put("GCONV_PATH", "/nonexistent");
            Process process = builder.start();
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException(command + ": " + Files.readString(log));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Path cache() {
        try {
            Path cache = Files.createTempDirectory("clips");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(cache)));
            return cache;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            // the machine's temporary folder is swept by others
        }
    }
}
