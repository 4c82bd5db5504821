package io.github.videotomp3.boot;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmbeddedPartTest {

    @Test
    void namesTheSettingOfEachPartThatTheJarLacks() {
        assertThatThrownBy(() -> EmbeddedPart.refuse(List.of(EmbeddedPart.BROKER)))
                .hasMessage("spring.rabbitmq.host is not set: this jar has no embedded broker");
        assertThatThrownBy(() -> EmbeddedPart.refuse(List.of(EmbeddedPart.SQL, EmbeddedPart.MAIL)))
                .hasMessage("spring.datasource.url, spring.mail.host are not set: this jar has no embedded database,"
                        + " mail server");
    }

    @Test
    void findsTheLibrariesOfTheWholeJar() {
        assertThatCode(() -> EmbeddedPart.requireLibraries(EnumSet.allOf(EmbeddedPart.class)))
                .doesNotThrowAnyException();
    }
}
