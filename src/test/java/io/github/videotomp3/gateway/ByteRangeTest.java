package io.github.videotomp3.gateway;

import static io.github.videotomp3.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.camel.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of RFC 9110 §14.1.2 and what lies around them. */
class ByteRangeTest {

    private static final long LENGTH = 10_000;

    @ParameterizedTest
    @CsvSource({
        "bytes=0-499, 0, 499",
        "bytes=500-999, 500, 999",
        "bytes=-500, 9500, 9999",
        "bytes=9500-, 9500, 9999",
        "bytes=0-0, 0, 0",
        "bytes=-1, 9999, 9999",
        "bytes=9999-9999, 9999, 9999",
        "bytes=9000-20000, 9000, 9999",
        "bytes=-20000, 0, 9999",
        "bytes=0-, 0, 9999",
        "BYTES=1-2, 1, 2",
        "' bytes=1-2 ', 1, 2"
    })
    void readsOneRange(String header, long first, long last) {
        ByteRange range = ByteRange.of(header, LENGTH);

        assertThat(range).isEqualTo(new ByteRange(first, last));
        assertThat(range.length()).isEqualTo(last - first + 1);
        assertThat(range.contentRange(LENGTH)).isEqualTo("bytes " + first + "-" + last + "/10000");
        assertThat(range.isWhole(LENGTH)).isEqualTo(first == 0 && last == 9999);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "bytes",
                "bytes=",
                "bytes=-",
                "bytes=0-1,5-6",
                "bytes=5-4",
                "bytes=a-b",
                "bytes=--1",
                "bytes= 0-1",
                "bytes=1-2-3",
                "items=0-1",
                "bytes=0-99999999999999999999",
                "bytes=٣-٤"
            })
    void takesTheWholeForWhatIsNotOneRange(String header) {
        assertThat(ByteRange.of(header, LENGTH)).isEqualTo(ByteRange.all(LENGTH));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10000-", "bytes=10000-10001", "bytes=-0", "bytes=999999999999999999-"})
    void refusesARangeBehindTheEnd(String header) {
        Refusal refusal = refusalOf(() -> ByteRange.of(header, LENGTH));

        assertThat(refusal.getStatus()).isEqualTo(416);
        assertThat(refusal.getHeaders()).containsEntry("Content-Range", "bytes */10000");
    }

    @Test
    void takesAnEmptyFileAsAWhole() {
        assertThat(ByteRange.of(null, 0).length()).isZero();
        assertThat(ByteRange.of(null, 0).isWhole(0)).isTrue();
        assertThat(refusalOf(() -> ByteRange.of("bytes=0-", 0)).getStatus()).isEqualTo(416);
    }
}
