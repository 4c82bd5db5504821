package io.github.videotomp3.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.ContentDisposition;

class FileNamesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            bell.mp4                | bell.mp4
            my "best" bell's.mp4    | my "best" bell's.mp4
            ../../etc/passwd        | passwd
            C:\\Users\\me\\bell.mp4    | bell.mp4
            /home/me\\bell.mp4       | bell.mp4
            Glöckchen 🔔.mp4        | Glöckchen 🔔.mp4
            family 👨‍👩‍👧.mp4        | family 👨‍👩‍👧.mp4
            .hidden                 | .hidden
            a;b=c,d.mp4             | a;b=c,d.mp4
            """)
    void keepsTheLastPartOfAPathAsItsOwnerCallsIt(String name, String clean) {
        assertThat(FileNames.clean(name)).isEqualTo(clean);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ".", "..", "....", "/", "a/", "../..", "C:\\", "\u202E", "\r\n", "\0"})
    void callsAFileVideoThatHasNoName(String name) {
        assertThat(FileNames.clean(name)).isEqualTo("video");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r", "\t", "\0", "\u007F", "\u0085", "\u2028", "\u2029", "\u202E", "\u2066"})
    void dropsWhatCouldBreakALineOrTurnTheText(String character) {
        assertThat(FileNames.clean("be" + character + "ll.mp4")).isEqualTo("bell.mp4");
        assertThat(FileNames.clean("a/x" + character + "/bell.mp4")).isEqualTo("bell.mp4");
    }

    @Test
    void composesLettersAsOtherSystemsWriteThem() {
        assertThat(FileNames.clean("Glo\u0308ckchen.mp4")).isEqualTo("Gl\u00F6ckchen.mp4");
    }

    @Test
    void cutsALongNameBetweenCharacters() {
        assertThat(FileNames.clean("x".repeat(300))).isEqualTo("x".repeat(255));
        assertThat(FileNames.clean("🔔".repeat(300))).isEqualTo("🔔".repeat(255));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bell.mp4      | bell.mp3
            bell.MPEG     | bell.mp3
            a.b.webm      | a.b.mp3
            bell          | bell.mp3
            .mp4          | .mp4.mp3
            bell.mp3      | bell.mp3
            bell.longest  | bell.longest.mp3
            Vol. 2        | Vol. 2.mp3
            To be cont... | To be cont....mp3
            """)
    void givesTheMp3TheVideosName(String video, String mp3) {
        assertThat(FileNames.mp3(video)).isEqualTo(mp3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bell.mp3",
                "my bell.mp3",
                "Glöckchen 🔔.mp3",
                "100%.mp3",
                "a;b=c, d.mp3",
                "it's (1) [2] {3}.mp3",
                "\"quoted\".mp3",
                "back\\slash.mp3",
                "日本語.mp3"
            })
    void isReadBackFromTheHeader(String name) {
        String header = FileNames.attachment(name);

        ContentDisposition read = ContentDisposition.parse(header);
        assertThat(read.isAttachment()).isTrue();
        assertThat(read.getFilename()).isEqualTo(name);
        assertThat(header).matches("[ -~]+");
    }

    @Test
    void givesClientsThatKnowOnlyAsciiAPlainName() {
        assertThat(FileNames.attachment("Glöckchen \"🔔\" 5%.mp3"))
                .isEqualTo("attachment; filename=\"Gl_ckchen ___ 5_.mp3\";"
                        + " filename*=UTF-8''Gl%C3%B6ckchen%20%22%F0%9F%94%94%22%205%25.mp3");
    }

    @Test
    void canNotBreakOutOfTheHeader() {
        assertThat(FileNames.attachment("a\r\nSet-Cookie: b=c")).doesNotContain("\r", "\n");
        assertThat(FileNames.attachment("a\"; filename=\"evil.exe"))
                .startsWith("attachment; filename=\"a_; filename=_evil.exe\"; filename*=");
    }
}
