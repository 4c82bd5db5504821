package io.github.videotomp3.boot;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class ApiRequestsTest {

    private final MockHttpServletRequest request = new MockHttpServletRequest("POST", "/upload");
    private final MockHttpServletResponse response = new MockHttpServletResponse();

    @Test
    void showsOfTheQueryOnlyTheFid() throws Exception {
        request.setQueryString("fid=6743a1f0c2b5d80012345678&authorization=Bearer+x&CamelHttpPath=/planted");
        for (String name : new String[] {"authorization", "CamelHttpPath"}) {
            request.setParameter(name, "planted");
        }

        HttpServletRequest seen = filtered();

        assertThat(Collections.list(seen.getParameterNames())).containsExactly("fid");
        assertThat(seen.getParameter("fid")).isEqualTo("6743a1f0c2b5d80012345678");
        assertThat(seen.getParameterValues("fid")).containsExactly("6743a1f0c2b5d80012345678");
        assertThat(seen.getParameter("authorization")).isNull();
        assertThat(seen.getParameterValues("CamelHttpPath")).isNull();
    }

    @Test
    void showsNoFieldOfAForm() throws Exception {
        request.setContentType("application/x-www-form-urlencoded");
        request.setParameter("fid", "planted");
        request.setParameter("to", "everybody@example.com");

        HttpServletRequest seen = filtered();

        assertThat(Collections.list(seen.getParameterNames())).isEmpty();
        assertThat(seen.getParameter("fid")).isNull();
        assertThat(seen.getParameter("to")).isNull();
    }

    @Test
    void showsEachFidOfTheQueryAndAnEmptyOne() throws Exception {
        request.setQueryString("fid=a&x=1&fid=b&fid");

        assertThat(filtered().getParameterValues("fid")).containsExactly("a", "b", "");
    }

    @Test
    void hidesTheLengthFromWhoeverWouldReadTheBodyIntoMemory() throws Exception {
        request.setContent(new byte[4711]);

        HttpServletRequest seen = filtered();

        assertThat(seen.getContentLength()).isZero();
        assertThat(seen.getContentLengthLong()).isEqualTo(4711);
        assertThat(seen.getInputStream().readAllBytes()).hasSize(4711);
    }

    @Test
    void forbidsBrowsersToGuessTypes() throws Exception {
        filtered();

        assertThat(response.getHeader("X-Content-Type-Options")).isEqualTo("nosniff");
    }

    private HttpServletRequest filtered() throws Exception {
        MockFilterChain chain = new MockFilterChain();
        new ApiRequests().doFilter(request, response, chain);
        return (HttpServletRequest) chain.getRequest();
    }
}
