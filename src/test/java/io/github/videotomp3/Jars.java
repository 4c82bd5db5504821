package io.github.videotomp3;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The jars that the build packs: the whole one, the lean one without the embedded parts, and that of the routes' beans.
 */
public final class Jars {

    private static final String LIBRARIES = "BOOT-INF/lib/";
    private static final String LEAN = "-lean.jar";
    private static final String BEANS = "-beans.jar";

    private Jars() {}

    public static Path whole() throws IOException {
        return only(name -> name.endsWith(".jar") && !name.endsWith(LEAN) && !name.endsWith(BEANS));
    }

    public static Path lean() throws IOException {
        return only(name -> name.endsWith(LEAN));
    }

    static Path beans() throws IOException {
        return only(name -> name.endsWith(BEANS));
    }

    private static Path only(Predicate<String> wanted) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("video-to-mp3-")
                            && wanted.test(file.getFileName().toString()))
                    .reduce((one, other) -> {
                        throw new IllegalStateException("which one: " + one + " or " + other);
                    })
                    .orElseThrow();
        }
    }

    /** The file names of the libraries in a jar. */
    static Set<String> libraries(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.startsWith(LIBRARIES) && name.endsWith(".jar"))
                    .map(name -> name.substring(LIBRARIES.length()))
                    .collect(Collectors.toSet());
        }
    }
}
