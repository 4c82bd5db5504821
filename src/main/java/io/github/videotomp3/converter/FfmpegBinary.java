package io.github.videotomp3.converter;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The ffmpeg that this machine has: the configured one, else the one on the PATH, else the bundled one. */
public final class FfmpegBinary {

    private static final String SETTING = "converter.ffmpeg";
    private static final String CURE = " Set " + SETTING + " to the path of an ffmpeg with libmp3lame (most Linux "
            + "distributions have one in the package ffmpeg), or leave it empty to use the one on the PATH or the "
            + "bundled one.";
    private static final Pattern VERSION = Pattern.compile("ffmpeg version (\\S+)");
    private static final long PROBE_SECONDS = 10;
    private static final boolean WINDOWS = File.separatorChar == '\\';

    /** What was found, by where it was looked for: Camel makes the beans of a YAML file twice. */
    private static final Map<List<String>, Found> TRIED = new ConcurrentHashMap<>();

    private final Found found;

    /**
     * Finds ffmpeg and runs it once, for at most 10 s; a second one with the same arguments in this JVM takes what the
     * first has found.
     *
     * @param configured the setting {@code converter.ffmpeg}; null or blank if it is not set
     * @param folder     where the bundled ffmpeg is put if it is needed
     * @throws IllegalStateException if there is none that can write MP3; the message names the setting and the cure
     */
    public FfmpegBinary(String configured, String folder) {
        this(configured, Path.of(folder), System.getenv("PATH"));
    }

    FfmpegBinary(String configured, Path folder, String searchPath) {
        String setting = configured == null ? "" : configured.strip();
        this.found = TRIED.computeIfAbsent(
                List.of(setting, folder.toString(), String.valueOf(searchPath)),
                place -> setting.isEmpty() ? found(searchPath, folder) : configured(setting));
    }

    /** Absolute. */
    public Path path() {
        return found.path();
    }

    /** One of {@code configured}, {@code PATH} and {@code bundled}. */
    public String origin() {
        return found.origin();
    }

    /** As ffmpeg itself puts it, such as {@code 5.1.9-0+deb12u1}. */
    public String version() {
        return found.version();
    }

    @Override
    public String toString() {
        return "ffmpeg " + found.version() + " (" + found.origin() + ", " + found.path() + ")";
    }

    private static Found configured(String setting) {
        Path path = Path.of(setting).toAbsolutePath();
        String subject = SETTING + " is " + setting;
        if (!Files.exists(path)) {
            throw new IllegalStateException(subject + ", which does not exist." + CURE);
        }
        if (!Files.isRegularFile(path) || !Files.isExecutable(path)) {
            throw new IllegalStateException(subject + ", which is not an executable file." + CURE);
        }
        return probe(path, "configured", subject);
    }

    private static Found found(String searchPath, Path folder) {
        Path onPath = onPath(searchPath);
        IllegalStateException unfit = null;
        if (onPath != null) {
            try {
                return probe(onPath, "PATH", "The ffmpeg on the PATH is " + onPath);
            } catch (IllegalStateException e) {
                unfit = e;
            }
        }
        String resource = resource();
        if (resource == null || FfmpegBinary.class.getResource(resource) == null) {
            throw unfit != null
                    ? unfit
                    : new IllegalStateException("No ffmpeg was found: there is none on the PATH, "
                            + "and none is bundled for " + System.getProperty("os.name") + " on "
                            + System.getProperty("os.arch") + "." + CURE);
        }
        Path bundled = extract(resource, folder.toAbsolutePath());
        return probe(bundled, "bundled", "The bundled ffmpeg is " + bundled);
    }

    private static Path onPath(String searchPath) {
        if (searchPath != null) {
            for (String entry : searchPath.split(Pattern.quote(File.pathSeparator))) {
                Path candidate = entry.isEmpty() ? null : Path.of(entry, WINDOWS ? "ffmpeg.exe" : "ffmpeg");
                if (candidate != null && Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                    return candidate.toAbsolutePath();
                }
            }
        }
        return null;
    }

    private static Found probe(Path path, String origin, String subject) {
        try {
            Path output = Files.createTempFile("ffmpeg-encoders", ".txt");
            try {
                ProcessBuilder builder = new ProcessBuilder(path.toString(), "-nostdin", "-encoders")
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
                FfmpegExecutor.strip(builder.environment());
                Process process = builder.start();
                boolean finished = process.waitFor(PROBE_SECONDS, TimeUnit.SECONDS);
                if (!finished) {
                    process.destroyForcibly();
                    throw new IllegalStateException(
                            subject + ", which did not answer within " + PROBE_SECONDS + " s." + CURE);
                }
                String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
                Matcher version = VERSION.matcher(text);
                if (process.exitValue() != 0 || !version.find()) {
                    throw new IllegalStateException(subject + ", which does not answer like an ffmpeg." + CURE);
                }
                if (!text.contains(" libmp3lame ")) {
                    throw new IllegalStateException(
                            subject + ", which cannot write MP3: it was built without " + "libmp3lame." + CURE);
                }
                return new Found(path, origin, version.group(1));
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new IllegalStateException(subject + ", which cannot be run (" + e.getMessage() + ")." + CURE, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while trying " + path, e);
        }
    }

    /** Where the artifacts ws.schild:jave-nativebin-* keep their one file; null if there is none for this machine. */
    private static String resource() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        boolean intel = System.getProperty("os.arch").matches("amd64|x86_64");
        String name = null;
        if (system.startsWith("linux") && (arm || intel)) {
            name = arm ? "aarch64" : "amd64";
        } else if (system.startsWith("mac") && (arm || intel)) {
            name = arm ? "aarch64-osx" : "x86_64-osx";
        } else if (system.startsWith("windows")) {
            // Windows on ARM runs it as well
            name = "amd64.exe";
        }
        return name == null ? null : "/ws/schild/jave/nativebin/ffmpeg-" + name;
    }

    private static Path extract(String resource, Path folder) {
        try {
            Path target = folder.resolve("ffmpeg-" + hash(resource) + (WINDOWS ? ".exe" : ""));
            if (!Files.isExecutable(target)) {
                Files.createDirectories(folder);
                Path part = Files.createTempFile(folder, "ffmpeg", ".part");
                try (InputStream in = FfmpegBinary.class.getResourceAsStream(resource)) {
                    Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
                    if (!part.toFile().setExecutable(true, true)) {
                        throw new IOException("cannot be made executable");
                    }
                    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
                } finally {
                    Files.deleteIfExists(part);
                }
            }
            deleteOthers(folder, target);
            return target;
        } catch (IOException e) {
            throw new IllegalStateException(
                    "The bundled ffmpeg cannot be put into " + folder + " (" + e + ")." + CURE, e);
        }
    }

    private static String hash(String resource) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(FfmpegBinary.class.getResourceAsStream(resource), digest)) {
                byte[] buffer = new byte[1 << 16];
                while (in.read(buffer) >= 0) {
                    // the digest sees it pass
                }
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    private static void deleteOthers(Path folder, Path target) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "ffmpeg-*")) {
            for (Path file : files) {
                if (!file.equals(target) && file.getFileName().toString().matches("ffmpeg-[0-9a-f]{16}(\\.exe)?")) {
                    // one that is in use resists on Windows, and is tried again at the next start
                    file.toFile().delete();
                }
            }
        }
    }

    private record Found(Path path, String origin, String version) {}
}
