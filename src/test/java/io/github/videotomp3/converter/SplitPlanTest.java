package io.github.videotomp3.converter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplitPlanTest {

    private static final Duration HOUR = Duration.ofHours(1);

    @ParameterizedTest
    @CsvSource({"44100, false, 2", "48000, true, 7", "22050, false, 16", "8000, true, 3"})
    void letsNeighboursOverlapByWholeFrames(int sampleRate, boolean constant, int most) {
        List<SplitPlan.Part> parts =
                SplitPlan.of(HOUR, sampleRate, constant, most).parts();
        int samples = sampleRate < 32000 ? 576 : 1152;
        int overlap = 2 * (constant ? 8 : 2) * 49;

        assertThat(parts).hasSize(most);
        assertThat(parts.get(0).firstSample()).isZero();
        assertThat(parts.get(most - 1).endSample()).isEqualTo(SplitPlan.Part.OPEN);
        for (int i = 1; i < most; i++) {
            SplitPlan.Part part = parts.get(i);
            assertThat(part.firstFrame() % 49).isZero();
            assertThat(part.firstSample()).isEqualTo(part.firstFrame() * samples);
            assertThat(parts.get(i - 1).endSample() - part.firstSample()).isEqualTo(overlap * samples);
        }
    }

    /** Decoding takes 0.106 of the time that both take. */
    @Test
    void letsAllPartsTakeTheSameTime() {
        List<SplitPlan.Part> parts = SplitPlan.of(HOUR, 44100, false, 4).parts();
        double all = 3600 * 44100;
        double from = 0;
        double expected = (1 - Math.pow(0.894, 1)) / (1 - Math.pow(0.894, 4)) * (0.894 + 0.106);
        for (SplitPlan.Part part : parts) {
            double to = part.isLast() ? 1 : part.endSample() / all;
            assertThat(0.894 * (to - from) + 0.106 * to).isCloseTo(expected, within(0.005));
            from = to;
        }
    }

    @Test
    void makesFewerPartsOfAShortSound() {
        assertThat(SplitPlan.of(Duration.ofSeconds(60), 44100, false, 16).parts())
                .hasSizeBetween(2, 8);
        assertThat(SplitPlan.of(Duration.ofSeconds(10), 44100, false, 16)).isNull();
        assertThat(SplitPlan.of(Duration.ZERO, 44100, false, 16)).isNull();
        assertThat(SplitPlan.of(HOUR, 44100, false, 1)).isNull();
    }

    @Test
    void readsHowManySamplesThereAre() {
        SplitPlan.Part last = SplitPlan.of(HOUR, 44100, false, 2).last();

        assertThat(last.countedFrom()).isBetween(last.firstSample(), 3600 * 44100L);
        assertThat(last.total("Number of samples: 1000")).hasValue(last.countedFrom() + 1000);
        assertThat(last.total("    comment         : Number of samples: 1000")).isEmpty();
        assertThat(last.total("Overall")).isEmpty();
    }
}
