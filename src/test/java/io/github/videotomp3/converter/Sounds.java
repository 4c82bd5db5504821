package io.github.videotomp3.converter;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.videotomp3.Clips;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Videos with all kinds of sound, and what decoders make of an MP3. */
final class Sounds {

    /** FFmpeg's sources by name: %1$d is the sample rate, %2$d the length in seconds. */
    private static String source(String sound) {
        return switch (sound) {
            // bells over a trembling tone and drums, another melody on each side
            case "music", "jumps" ->
                "aevalsrc=s=%1$d:d=%2$d:exprs='"
                        + "0.22*sin(1382*t*pow(2\\,floor(mod(t*2\\,12))/12))*exp(-3*mod(t*2\\,1))"
                        + "+0.18*sin(2073*t+3*sin(31*t))+0.35*(random(0)-0.5)*exp(-25*mod(t*4\\,1))"
                        + "|0.2*sin(1740*t*pow(2\\,floor(mod(t*2\\,12))/12))*exp(-2*mod(t*2\\,1))"
                        + "+0.18*sin(2086*t)+0.3*(random(1)-0.5)*exp(-20*mod(t*4+0.5\\,1))'";
            case "speech" ->
                "flite=text='"
                        + "She sells sea shells by the sea shore. Peter Piper picked a peck of pickled peppers! "
                                .repeat(30)
                        + "',aloop=loop=-1:size=2000000,atrim=duration=%2$d,aresample=%1$d";
            case "silence" -> "anullsrc=r=%1$d,atrim=duration=%2$d";
            case "noise" -> "anoisesrc=color=white:amplitude=0.8:seed=1:sample_rate=%1$d:duration=%2$d";
            case "sweep" -> "aevalsrc=s=%1$d:d=%2$d:exprs='0.5*sin(6.283*(50*t+0.15*%1$d/%2$d*t*t))'";
            default -> throw new IllegalArgumentException(sound);
        };
    }

    private Sounds() {}

    /**
     * Makes a video.
     *
     * @param sound music, speech, silence, noise, sweep, or jumps: music that is loud, quiet and silent by turns
     * @param file what its name ends with decides over the container
     * @param codec of the sound, with FFmpeg's options for it
     */
    static Path video(Path file, String sound, int sampleRate, int channels, int seconds, String codec) {
        Path ffmpeg = Clips.ffmpeg().path();
        if (sound.equals("speech")) {
            assumeTrue(
                    new String(output(List.of(ffmpeg.toString(), "-v", "error", "-h", "filter=flite")))
                            .contains("Synthesize"),
                    "this ffmpeg cannot speak");
        }
        String filters = sound.equals("jumps")
                ? "volume=enable='lt(mod(t,7),3.5)':volume=0.003,volume=enable='lt(mod(t,29),2)':volume=0"
                : "anull";
        List<String> line = new ArrayList<>(List.of(ffmpeg.toString(), "-nostdin", "-v", "error", "-y"));
        line.addAll(List.of("-f", "lavfi", "-i", String.format(Locale.ROOT, source(sound), sampleRate, seconds)));
        line.addAll(List.of("-f", "lavfi", "-i", "testsrc=size=64x48:rate=5", "-t", Integer.toString(seconds)));
        boolean onlySound = file.toString().endsWith(".flac");
        line.addAll(List.of("-map", "0:a"));
        if (!onlySound) {
            line.addAll(List.of("-map", "1:v", "-r", file.toString().endsWith(".ts") ? "25" : "5"));
        }
        line.addAll(List.of("-af", filters, "-ac", Integer.toString(channels), "-c:a"));
        line.addAll(Arrays.asList(codec.split(" ")));
        if (file.toString().endsWith(".webm")) {
            line.addAll(List.of("-c:v", "libvpx", "-deadline", "realtime"));
        } else if (!onlySound) {
            line.addAll(List.of("-c:v", "mpeg4"));
        }
        line.add(file.toString());
        output(line);
        return file;
    }

    /** Inverts bytes here and there in the middle half of a file. */
    static Path damaged(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            for (int i = bytes.length / 4; i < bytes.length * 3 / 4; i += 20011) {
                for (int j = i; j < i + 40; j++) {
                    bytes[j] ^= (byte) (j * 31);
                }
            }
            return Files.write(file.resolveSibling("damaged-" + file.getFileName()), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean isInstalled(String program) {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** FFmpeg's decoder: samples of 4 bytes, without what the Xing tag says is none of the sound. */
    static List<String> ffmpeg(Path mp3) {
        return List.of(Clips.ffmpeg().path().toString(), "-v", "error", "-i", mp3.toString(), "-f", "f32le", "pipe:1");
    }

    /** Another decoder that is installed: mpg123, LAME's (mpglib), or SoX's (libmad); null if there is none. */
    static List<String> anotherDecoder(Path mp3) {
        String file = mp3.toString();
        return isInstalled("mpg123")
                ? List.of("mpg123", "-q", "-e", "f32", "-s", file)
                : isInstalled("lame")
                        ? List.of("lame", "--quiet", "--decode", "-t", file, "-")
                        : isInstalled("sox") ? List.of("sox", file, "-t", "s32", "-") : null;
    }

    /**
     * What two programs write.
     *
     * @param oneBytes      of the one
     * @param otherBytes    of the other
     * @param differentWords of 4 bytes, as far as both go
     * @param most           by how much they differ as floating-point samples, of which 1 is the loudest
     */
    record Comparison(long oneBytes, long otherBytes, long differentWords, double most) {

        static Comparison of(List<String> one, List<String> other) {
            Process first = start(one);
            Process second = start(other);
            try (InputStream a = first.getInputStream();
                    InputStream b = second.getInputStream()) {
                byte[] left = new byte[1 << 16];
                byte[] right = new byte[1 << 16];
                long leftBytes = 0;
                long rightBytes = 0;
                long different = 0;
                double most = 0;
                ByteBuffer lefts = ByteBuffer.wrap(left).order(ByteOrder.LITTLE_ENDIAN);
                ByteBuffer rights = ByteBuffer.wrap(right).order(ByteOrder.LITTLE_ENDIAN);
                while (true) {
                    int m = a.readNBytes(left, 0, left.length);
                    int n = b.readNBytes(right, 0, right.length);
                    leftBytes += m;
                    rightBytes += n;
                    if (!Arrays.equals(left, 0, Math.min(m, n), right, 0, Math.min(m, n))) {
                        for (int i = 0; i + 4 <= Math.min(m, n); i += 4) {
                            different += lefts.getInt(i) == rights.getInt(i) ? 0 : 1;
                            most = Math.max(most, Math.abs(lefts.getFloat(i) - rights.getFloat(i)));
                        }
                    }
                    if (m < left.length && n < right.length) {
                        return new Comparison(leftBytes, rightBytes, different, most);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                first.destroy();
                second.destroy();
            }
        }
    }

    /** What a program writes; it has to succeed. */
    static byte[] output(List<String> line) {
        Process process = start(line);
        try (InputStream output = process.getInputStream()) {
            byte[] bytes = output.readAllBytes();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", line));
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Process start(List<String> line) {
        ProcessBuilder builder = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("GCONV_PATH", "/nonexistent");
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
