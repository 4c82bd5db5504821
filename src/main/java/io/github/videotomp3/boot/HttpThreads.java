package io.github.videotomp3.boot;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.component.platform.http.springboot.SpringBootPlatformHttpEngine;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/**
 * Lets a route answer in the thread that has read the request. Camel would hand each request over to a thread of a pool,
 * and Spring send it through all its filters once more when that has answered; no thread is saved by it, since the route
 * blocks the other one instead.
 */
@Configuration(proxyBeanMethods = false)
class HttpThreads {

    @Bean("platform-http-engine") // Camel looks for it by this name
    PlatformHttpEngine platformHttpEngine(@Value("${server.port:8080}") int port) {
        return new SpringBootPlatformHttpEngine(port, Runnable::run);
    }

    /** Before Spring's own handler of futures, which {@code WebMvcConfigurer} can only add to. */
    @Bean
    static BeanPostProcessor answersAtOnce() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                if (bean instanceof RequestMappingHandlerAdapter adapter) {
                    List<HandlerMethodReturnValueHandler> handlers = new ArrayList<>();
                    handlers.add(new Answered());
                    handlers.addAll(adapter.getReturnValueHandlers());
                    adapter.setReturnValueHandlers(handlers);
                }
                return bean;
            }
        };
    }

    /** Takes the future of a route that has answered, or failed to. */
    private static final class Answered implements HandlerMethodReturnValueHandler {

        @Override
        public boolean supportsReturnType(MethodParameter returnType) {
            return returnType.getParameterType() == CompletableFuture.class;
        }

        @Override
        public void handleReturnValue(
                Object answer, MethodParameter returnType, ModelAndViewContainer container, NativeWebRequest request)
                throws Exception {
            container.setRequestHandled(true);
            try {
                ((CompletableFuture<?>) answer).join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof Exception failure ? failure : e;
            }
        }
    }
}
