package io.github.videotomp3.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class SweepFailuresTest {

    private final SweepFailures failures = new SweepFailures();

    @Test
    void tellsTheSameFailureOfARouteOnce(CapturedOutput output) {
        failures.log("one-sweep", new IOException("the store is away"));
        failures.log("one-sweep", new IOException("the store is away"));
        failures.log("other-sweep", new IOException("the store is away"));

        assertThat(output).containsOnlyOnce("one-sweep tries again later: the store is away");
        assertThat(output).containsOnlyOnce("other-sweep tries again later: the store is away");
    }

    @Test
    void tellsOfEachChange(CapturedOutput output) {
        failures.log("sweep", new IOException("the store is away"));
        failures.log("sweep", new NullPointerException());
        failures.log("sweep", new IOException("the store is away"));

        assertThat(output.toString().split("the store is away", -1)).hasSize(3);
        assertThat(output).contains("NullPointerException");
    }

    @Test
    void tellsTheFirstSentenceOnly(CapturedOutput output) {
        failures.log("sweep", new IOException("Timed out after 30.5 s. Client view of cluster state is {…}"));

        assertThat(output).contains("later: Timed out after 30.5 s").doesNotContain("cluster");
    }
}
