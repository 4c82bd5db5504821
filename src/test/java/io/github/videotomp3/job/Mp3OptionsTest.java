package io.github.videotomp3.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.videotomp3.job.Mp3Options.Cover;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Mp3OptionsTest {

    @Test
    void readsAllThatCanBeAskedFor() {
        Mp3Options options = options(
                "bitrate=192",
                "sample_rate=44100",
                "channels=1",
                "start=75.5",
                "end=1:02:03",
                "loudness=-16",
                "title=Ein Stück = gut; \"so\"",
                "artist=Ä",
                "album=B",
                "cover=frame");

        assertThat(options)
                .isEqualTo(new Mp3Options(
                        null,
                        192,
                        null,
                        44100,
                        1,
                        Duration.ofMillis(75_500),
                        Duration.ofSeconds(3723),
                        -16.0,
                        "Ein Stück = gut; \"so\"",
                        "Ä",
                        "B",
                        Cover.FRAME));
        assertThat(options("quality=0").quality()).isZero();
        assertThat(options("abr=145").abr()).isEqualTo(145);
    }

    @Test
    void takesAnEmptyFieldOfAFormForNoWish() {
        assertThat(options("quality=", "bitrate= ", "title=", "cover=", "start=0", "abr=128"))
                .isEqualTo(options("abr=128"));
        assertThat(options()).isEqualTo(Mp3Options.NONE);
        assertThat(Mp3Options.NONE.cover()).isEqualTo(Cover.KEEP);
    }

    @ParameterizedTest
    @CsvSource({
        "0.25, 250",
        "75, 75000",
        "75.5, 75500",
        "1:15, 75000",
        "01:15.250, 75250",
        "0:01:15, 75000",
        "168:00:00, 604800000"
    })
    void readsTimesInSecondsOrByTheClock(String text, long millis) {
        assertThat(options("end=" + text).end()).hasMillis(millis);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            quality=10      | quality must be a whole number from 0 (best) to 9, not "10".
            quality=best    | quality must be a whole number from 0 (best) to 9, not "best".
            quality=-1      | quality must be a whole number from 0 (best) to 9, not "-1".
            bitrate=100     | bitrate must be one of 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 192, 224, 256, 320 (kbit/s), not "100".
            bitrate=192k    | bitrate must be one of 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 192, 224, 256, 320 (kbit/s), not "192k".
            abr=311         | abr must be a whole number from 8 to 310 (kbit/s), not "311".
            sample_rate=96000 | sample_rate must be one of 8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000 (Hz), not "96000".
            channels=6      | channels must be 1 (mono) or 2 (stereo), not "6".
            start=-1        | start must be seconds, or h:mm:ss, up to 7 days, not "-1".
            start=1:75      | start must be seconds, or h:mm:ss, up to 7 days, not "1:75".
            start=168:00:01 | start must be seconds, or h:mm:ss, up to 7 days, not "168:00:01".
            end=0           | end must be seconds, or h:mm:ss, more than 0 and up to 7 days, not "0".
            loudness=0      | loudness must be a number from -31 to -9 (LUFS), not "0".
            loudness=-8.9   | loudness must be a number from -31 to -9 (LUFS), not "-8.9".
            cover=https://example.com/a.png | cover must be one of keep, frame, none, not "https://example.com/a.png".
            bitrte=192      | There is no option "bitrte"; there are quality, bitrate, abr, sample_rate, channels, start, end, loudness, title, artist, album, cover.
            """)
    void saysWhatWasSentAndWhatIsAllowed(String sent, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> options(sent)).withMessage(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            quality=2&bitrate=192        | quality and bitrate exclude each other; send one of quality, bitrate and abr.
            bitrate=192&abr=192          | bitrate and abr exclude each other; send one of quality, bitrate and abr.
            quality=2&quality=3          | quality was sent twice.
            start=10&end=10              | end must be later than start, but start is 10 s and end is 10 s.
            start=1:00&end=59.5          | end must be later than start, but start is 60 s and end is 59.5 s.
            bitrate=24                   | bitrate must be one of 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320 (kbit/s) without a sample_rate, not "24".
            bitrate=320&sample_rate=22050 | bitrate must be one of 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160 (kbit/s) with a sample_rate of 22050 Hz, not "320".
            bitrate=96&sample_rate=8000  | bitrate must be one of 8, 16, 24, 32, 40, 48, 56, 64 (kbit/s) with a sample_rate of 8000 Hz, not "96".
            abr=200&sample_rate=16000    | abr must be a whole number from 8 to 160 (kbit/s) with a sample_rate of 16000 Hz, not "200".
            abr=9                        | abr must be a whole number from 32 to 310 (kbit/s) without a sample_rate, not "9".
            """)
    void saysWhichOptionsDoNotGoTogether(String sent, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options(sent.split("&")))
                .withMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\u0000b", "a\u0085b", "\u001b[2J"})
    void refusesControlCharactersInTags(String tag) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options("title=x" + tag))
                .withMessageMatching("title must be at most 200 characters .*, not \"x[^\\p{Cntrl}]*\"\\.");
    }

    @Test
    void refusesATagThatIsTooLongAndQuotesLittleOfIt() {
        assertThat(options("album=" + "🔔".repeat(200)).album()).hasSize(400);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options("album=" + "x".repeat(201)))
                .satisfies(failure -> assertThat(failure.getMessage()).hasSizeLessThan(130));
    }

    @Test
    void comesBackFromTheJobAsItWas() {
        List<Mp3Options> all = List.of(
                Mp3Options.NONE,
                options("quality=9", "end=0.001", "loudness=-23", "cover=none"),
                options("bitrate=8", "sample_rate=8000", "channels=2", "start=604799.999"),
                options("abr=310", "title=1.50", "artist=true", "album=null", "start=12345", "end=123456.5"));

        for (Mp3Options options : all) {
            assertThat(Mp3Options.of(Document.parse(new Document(options.asMap()).toJson())))
                    .isEqualTo(options);
        }
        assertThat(Mp3Options.of((Map<String, Object>) null)).isEqualTo(Mp3Options.NONE);
        assertThat(Mp3Options.NONE.asMap()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "quality=2, true",
        "abr=128, true",
        "channels=2, true",
        "end=9, true",
        "loudness=-16, true",
        "title=x, false",
        "cover=none, false",
        "start=0, false"
    })
    void knowsWhatChangesTheSound(String sent, boolean changes) {
        assertThat(options(sent).changeSound()).isEqualTo(changes);
    }

    @ParameterizedTest
    @CsvSource({"0, 8000", "64, 8000", "65, 16000", "160, 16000", "161, 32000", "320, 32000"})
    void knowsTheSampleRatesOfBitrates(int kilobits, int rate) {
        assertThat(Mp3Options.lowestSampleRate(kilobits)).isEqualTo(rate);
    }

    private static Mp3Options options(String... sent) {
        List<Map.Entry<String, String>> options = new ArrayList<>();
        for (String option : sent) {
            int equals = option.indexOf('=');
            options.add(Map.entry(option.substring(0, equals), option.substring(equals + 1)));
        }
        return Mp3Options.of(options);
    }
}
