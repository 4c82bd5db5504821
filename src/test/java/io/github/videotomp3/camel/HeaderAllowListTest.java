package io.github.videotomp3.camel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderAllowListTest {

    private final HeaderAllowList list = new HeaderAllowList("authorization, Accept", " content-type ,, etag");

    @ParameterizedTest
    @ValueSource(strings = {"authorization", "Authorization", "ACCEPT"})
    void letsNamedHeadersInInAnyCase(String name) {
        assertThat(list.applyFilterToExternalHeaders(name, "x", null)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Type", "ETag"})
    void letsNamedHeadersOutInAnyCase(String name) {
        assertThat(list.applyFilterToCamelHeaders(name, "x", null)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "to",
                "gridfs.operation",
                "CamelExecCommandExecutable",
                "CamelHttpPath",
                "accept ",
                "fid"
            })
    void keepsAllOthersAwayInBothDirections(String name) {
        assertThat(list.applyFilterToExternalHeaders(name, "x", null)).isTrue();
        assertThat(list.applyFilterToCamelHeaders(name, "x", null)).isTrue();
    }

    @Test
    void keepsEachDirectionsListToItself() {
        assertThat(list.applyFilterToExternalHeaders("etag", "x", null)).isTrue();
        assertThat(list.applyFilterToCamelHeaders("authorization", "x", null)).isTrue();
    }

    @Test
    void letsNothingPassWithEmptyLists() {
        HeaderAllowList nothing = new HeaderAllowList("", "");

        assertThat(nothing.applyFilterToExternalHeaders("", "x", null)).isTrue();
        assertThat(nothing.applyFilterToCamelHeaders("accept", "x", null)).isTrue();
    }
}
