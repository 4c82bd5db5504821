package io.github.videotomp3.boot;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.videotomp3.camel.HttpFailures;
import io.github.videotomp3.camel.HttpFailures.Problem;
import io.github.videotomp3.gateway.JobEvents;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/**
 * Serves {@code GET /jobs/events}, beside the routes: {@code platform-http} holds a thread for as long as an answer lasts,
 * and this one has no end. What is said comes from the route {@code jobs-to-events}.
 */
@Configuration(proxyBeanMethods = false)
class EventStreams implements HttpRequestHandler, SmartLifecycle {

    private static final int BEFORE_ROUTES = -2; // platform-http has -1, and a route for /jobs/{id}

    private final ObjectProvider<CamelContext> camel;
    private volatile boolean running;

    /** @param camel asked for when it is needed, as it starts after this */
    EventStreams(ObjectProvider<CamelContext> camel) {
        this.camel = camel;
    }

    @Bean
    SimpleUrlHandlerMapping jobEventsMapping() {
        return new SimpleUrlHandlerMapping(Map.of("/jobs/events", this), BEFORE_ROUTES) {
            @Override
            protected Object getHandlerInternal(HttpServletRequest request) throws Exception {
                Object handler = request.getMethod().equals("GET") ? super.getHandlerInternal(request) : null;
                return handler != null && events() != null ? handler : null; // else the routes say what is wrong
            }
        };
    }

    @Override
    public void handleRequest(HttpServletRequest request, HttpServletResponse response) throws IOException {
        JobEvents events = events();
        EventStream stream = new EventStream(events);
        try {
            events.listen(request.getHeader("Authorization"), request.getHeader("Last-Event-ID"), stream);
        } catch (RuntimeException e) {
            refuse(response, e);
            return;
        }
        response.setContentType("text/event-stream");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Accel-Buffering", "no"); // nginx would hold the events back
        AsyncContext connection = request.startAsync(); // past ApiRequests, which keeps flushes back
        connection.setTimeout(0);
        stream.begin(connection);
    }

    private static void refuse(HttpServletResponse response, RuntimeException failure) throws IOException {
        Map<String, Object> headers = new HashMap<>();
        Problem problem = new HttpFailures().answer(failure, headers);
        headers.remove(Exchange.HTTP_RESPONSE_CODE);
        headers.forEach((name, value) -> response.setHeader(name, String.valueOf(value)));
        response.setStatus(problem.status());
        new ObjectMapper().writeValue(response.getOutputStream(), problem);
    }

    /** Null if there is no gateway in this process. */
    private JobEvents events() {
        return camel.getObject().getRegistry().lookupByNameAndType("jobEvents", JobEvents.class);
    }

    @Override
    public void start() {
        running = true;
    }

    /** The web server lets requests come to their end before it stops, and these would not. */
    @Override
    public void stop() {
        JobEvents events = events();
        if (events != null) {
            events.close();
        }
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
