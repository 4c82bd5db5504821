package io.github.videotomp3.boot;

import io.github.videotomp3.gateway.JobEvents;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Holds {@code GET /jobs/{id}} with {@code Prefer: wait=30} (RFC 7240 §4.3) back until there is something to say, and then
 * lets its route answer. No thread waits meanwhile.
 */
@Component
@Order(Ordered.LOWEST_PRECEDENCE) // what waits has been through ApiRequests
class JobWaits extends OncePerRequestFilter {

    static final Duration LONGEST = Duration.ofSeconds(60);

    private static final Pattern JOB = Pattern.compile("/jobs/([0-9a-fA-F]{24})");
    private static final Pattern WAIT = Pattern.compile("(?i)(?:^|,)\\s*wait\\s*=\\s*\"?(\\d{1,9})\"?\\s*(?:[,;]|$)");

    private final ObjectProvider<CamelContext> camel;

    /** @param camel asked for with each request, as filters are made before it */
    JobWaits(ObjectProvider<CamelContext> camel) {
        this.camel = camel;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Matcher job = JOB.matcher(request.getRequestURI());
        Duration wait = wait(String.join(",", Collections.list(request.getHeaders("Prefer"))));
        JobEvents events =
                wait.isZero() || !job.matches() || !request.getMethod().equals("GET") ? null : events();
        if (events == null) {
            chain.doFilter(request, response);
            return;
        }
        response.setHeader("Preference-Applied", "wait=" + wait.toSeconds());
        AsyncContext answer = request.startAsync(request, response);
        answer.setTimeout(0);
        events.await(
                job.group(1),
                request.getHeader("Authorization"),
                request.getHeader("If-None-Match"),
                wait,
                answer::dispatch);
    }

    /** How long the caller would wait; zero if it says nothing of that. */
    static Duration wait(String prefer) {
        Matcher wait = WAIT.matcher(prefer);
        Duration wish = wait.find() ? Duration.ofSeconds(Long.parseLong(wait.group(1))) : Duration.ZERO;
        return wish.compareTo(LONGEST) < 0 ? wish : LONGEST;
    }

    private JobEvents events() {
        return camel.getObject().getRegistry().lookupByNameAndType("jobEvents", JobEvents.class);
    }
}
