package io.github.videotomp3.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class BundleTest {

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "  "})
    void takesNothingForAll(String names) {
        assertThat(Bundle.named(names)).containsExactly(Bundle.values());
    }

    @Test
    void readsNamesInAnyOrder() {
        assertThat(Bundle.named("gateway, auth")).containsExactly(Bundle.AUTH, Bundle.GATEWAY);
        assertThat(Bundle.named("converter")).containsExactly(Bundle.CONVERTER);
        assertThat(Bundle.named("auth,auth")).containsExactly(Bundle.AUTH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gatway", "auth,gatway", "Auth", "auth;gateway", "auth,,gateway"})
    void listsTheRightNamesForAWrongOne(String names) {
        assertThatThrownBy(() -> Bundle.named(names))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("BUNDLES names \"")
                .hasMessageEndingWith("but there are only auth, gateway, converter and notification");
    }
}
