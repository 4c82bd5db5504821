package io.github.videotomp3.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class ApiRequestsTest {

    private final MockHttpServletRequest request = new MockHttpServletRequest("POST", "/upload");
    private final MockHttpServletResponse response = new MockHttpServletResponse();
    private final DefaultCamelContext camel = new DefaultCamelContext();

    @BeforeEach
    void start() {
        camel.start();
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    @Test
    void asksToComeBackWhileThereAreNoRoutes() throws Exception {
        camel.stop();
        for (CamelContext context : new CamelContext[] {null, camel, new DefaultCamelContext()}) {
            MockHttpServletResponse answer = new MockHttpServletResponse();

            new ApiRequests(provider(context)).doFilter(request, answer, (asked, answered) -> {
                throw new AssertionError("went on");
            });

            assertThat(answer.getStatus()).isEqualTo(503);
            assertThat(answer.getHeader("Retry-After")).isEqualTo("5");
            assertThat(answer.getContentType()).startsWith("application/problem+json");
            assertThat(new ObjectMapper()
                            .readTree(answer.getContentAsString())
                            .get("status")
                            .asInt())
                    .isEqualTo(503);
        }
    }

    private static ObjectProvider<CamelContext> provider(CamelContext context) {
        return new ObjectProvider<>() {
            @Override
            public CamelContext getIfAvailable() {
                return context;
            }
        };
    }

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
        new ApiRequests(provider(camel)).doFilter(request, response, chain);
        return (HttpServletRequest) chain.getRequest();
    }
}
