package io.github.videotomp3.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobWaitsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            wait=30                | 30
            Wait = "7"             | 7
            respond-async, wait=10 | 10
            wait=10; why=so, x     | 10
            wait=999999999         | 60
            wait=0                 | 0
            wait                   | 0
            wait=-1                | 0
            wait=1.5               | 0
            await=5                | 0
            ''                     | 0
            """)
    void readsHowLongTheCallerWouldWait(String prefer, long seconds) {
        assertThat(JobWaits.wait(prefer)).isEqualTo(Duration.ofSeconds(seconds));
    }
}
