package io.github.videotomp3.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.videotomp3.RouteTest;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.core.MethodParameter;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

@RouteTest
class HttpThreadsTest {

    private final RequestMappingHandlerAdapter adapter;

    HttpThreadsTest(RequestMappingHandlerAdapter adapter) {
        this.adapter = adapter;
    }

    @Test
    void takesAnAnswerAtOnceAndThrowsWhatARouteHasThrown() throws Exception {
        Method service = getClass().getDeclaredMethod("service");
        MethodParameter returned = new MethodParameter(service, -1);
        HandlerMethodReturnValueHandler first = adapter.getReturnValueHandlers().get(0);
        assertThat(first.supportsReturnType(returned)).isTrue();

        ModelAndViewContainer container = new ModelAndViewContainer();
        first.handleReturnValue(CompletableFuture.completedFuture(null), returned, container, null);
        assertThat(container.isRequestHandled()).isTrue();

        IOException failure = new IOException("the caller has gone");
        assertThatThrownBy(() -> first.handleReturnValue(
                        CompletableFuture.failedFuture(failure), returned, new ModelAndViewContainer(), null))
                .isSameAs(failure);
    }

    CompletableFuture<Void> service() {
        return CompletableFuture.completedFuture(null);
    }
}
