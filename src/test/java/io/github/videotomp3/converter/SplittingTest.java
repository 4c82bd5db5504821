package io.github.videotomp3.converter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.videotomp3.camel.Workers;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SplittingTest {

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    private final Workers busy = new Workers();

    @Test
    void sharesALongSoundAmongAllCoresThatAreIdle() {
        assumeTrue(CORES > 1, "one core has nobody to share with");
        take(1);

        assertThat(new Splitting(LONG, CORES, busy).parts(LONG)).isEqualTo(Math.min(CORES, 8));
        assertThat(new Splitting(LONG, 1000, busy).parts(LONG)).isEqualTo(Math.min(CORES, 8));
        assertThat(new Splitting(LONG, 2, busy).parts(LONG)).isEqualTo(2);
    }

    @Test
    void sharesNothingWhileAllWorkersAreBusy() {
        take(CORES);

        assertThat(new Splitting(LONG, CORES, busy).parts(LONG)).isEqualTo(1);
        assertThat(new Splitting(LONG, 2 * CORES, busy).parts(LONG)).isEqualTo(1);
    }

    @Test
    void takesOneWhoHasGivenItsMessageBackForIdle() {
        assumeTrue(CORES > 1, "one core has nobody to share with");
        take(CORES);
        busy.onExchangeDone(null, null);

        assertThat(new Splitting(LONG, CORES, busy).parts(LONG)).isEqualTo(2);
    }

    @Test
    void leavesAShortSoundToOne() {
        take(1);

        assertThat(new Splitting(LONG, CORES, busy).parts(LONG.minusMillis(1))).isEqualTo(1);
        assertThat(new Splitting(LONG, CORES, busy).parts(null)).isEqualTo(1);
        assertThat(new Splitting(Duration.ZERO, CORES, busy).parts(LONG)).isEqualTo(1);
    }

    private void take(int messages) {
        for (int i = 0; i < messages; i++) {
            busy.onExchangeBegin(null, null);
        }
    }
}
