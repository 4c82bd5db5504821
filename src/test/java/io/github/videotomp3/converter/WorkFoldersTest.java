package io.github.videotomp3.converter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkFoldersTest {

    @TempDir
    private Path dir;

    private Path root;
    private WorkFolders folders;

    @BeforeEach
    void open() {
        root = dir.resolve("deep/work");
        folders = new WorkFolders(root.toString());
    }

    @AfterEach
    void close() {
        folders.close();
    }

    @Test
    void makesAnEmptyFolder() {
        assertThat(folders.create("6743a1")).isEqualTo(root.resolve("6743a1")).isEmptyDirectory();
    }

    @Test
    void emptiesTheFolderThatAnEarlierAttemptLeft() throws Exception {
        fill(folders.create("6743a1"));
        assertThat(folders.create("6743a1")).isEmptyDirectory();
    }

    @Test
    void deletesAFolderWithAllThatIsInIt() throws Exception {
        Path folder = folders.create("6743a1");
        fill(folder);
        folders.delete(folder);
        assertThat(folder).doesNotExist();
    }

    @Test
    void isQuietWhenThereIsNothingToDelete() {
        folders.delete(root.resolve("gone"));
        assertThat(root).exists();
    }

    @Test
    void neverFollowsALinkOutOfTheFolder() throws Exception {
        Path precious = Files.writeString(dir.resolve("precious"), "keep me");
        Path folder = folders.create("6743a1");
        Files.createSymbolicLink(folder.resolve("link"), dir);
        folders.delete(folder);
        assertThat(folder).doesNotExist();
        assertThat(precious).exists();
    }

    @Test
    void touchesNothingOutsideItsRoot() {
        for (String name : new String[] {"..", "../x", "a/b", "", ".lock", "/etc"}) {
            assertThatThrownBy(() -> folders.create(name)).as(name).isInstanceOf(IllegalArgumentException.class);
        }
        for (Path path : new Path[] {dir, root, root.resolve("a/b"), root.resolve("../x")}) {
            assertThatThrownBy(() -> folders.delete(path)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void deletesAtStartWhatAnEarlierRunLeft() throws Exception {
        fill(folders.create("6743a1"));
        folders.close();
        folders = new WorkFolders(root.toString());
        assertThat(root.resolve("6743a1")).doesNotExist();
    }

    @Test
    void takesARootASecondTimeInTheSameProcess() {
        WorkFolders second = new WorkFolders(root.toString());
        assertThat(second.create("6743a1")).isEqualTo(root.resolve("6743a1")).isEmptyDirectory();
    }

    @Test
    void refusesARootThatAnotherProcessUses() throws Exception {
        Path kept = folders.create("6743a1");
        Path log = dir.resolve("log");
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Other.class.getName(),
                        root.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(log).content().contains("which another running converter uses");
        assertThat(kept).exists();
    }

    @Test
    void saysThatARootCannotBeUsed() throws Exception {
        Path file = Files.createFile(dir.resolve("file"));
        assertThatThrownBy(() -> new WorkFolders(file.toString()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("converter.work-folder is " + file + ", which cannot be used");
    }

    private static void fill(Path folder) throws Exception {
        Files.writeString(folder.resolve("in"), "a video");
        Files.writeString(Files.createDirectories(folder.resolve("more/of/it")).resolve("x"), "y");
    }

    /** Another process that wants the same root. */
    static final class Other {

        private Other() {}

        public static void main(String[] arguments) {
            new WorkFolders(arguments[0]);
        }
    }
}
