package io.github.videotomp3.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalTest {

    @Test
    void keepsTheOriginalWhenAHeaderIsAdded() {
        Refusal plain = Refusal.of(503, "unavailable", "Try again.");
        Refusal later = plain.withHeader("Retry-After", "10").withHeader("retry-after", "20");

        assertThat(plain.getHeaders()).isEmpty();
        assertThat(later.getHeaders()).hasSize(1).containsEntry("RETRY-AFTER", "20");
        assertThat(later).hasMessage("unavailable: Try again.");
        assertThatThrownBy(() -> later.getHeaders().put("a", "b")).isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 200, 399, 600})
    void refusesAStatusThatIsNoError(int status) {
        assertThatThrownBy(() -> Refusal.of(status, "odd", "Odd.")).isInstanceOf(IllegalArgumentException.class);
    }
}
