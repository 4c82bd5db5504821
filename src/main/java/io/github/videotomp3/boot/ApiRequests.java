package io.github.videotomp3.boot;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Shows Camel's platform-http a request whose body it leaves alone. It would read the whole body into memory or a
 * temporary file before the route starts, read form fields as headers, and give a query parameter the same standing as
 * the header of that name; so it sees no length, and of the parameters only those of the query that are no header. While
 * Camel is not started, whoever calls is asked to come back.
 */
@Component
@Order(Ordered.LOWEST_PRECEDENCE - 1) // before JobWaits
class ApiRequests extends OncePerRequestFilter {

    private static final String DOWNLOAD = "/download";
    private static final int BUFFER = 1 << 17;

    private final Supplier<CamelContext> camel;

    /** @param camel asked for with each request until it is there, as filters are made before it */
    ApiRequests(ObjectProvider<CamelContext> camel) {
        this.camel = SingletonSupplier.ofNullable(camel::getIfAvailable);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        response.setHeader("X-Content-Type-Options", "nosniff");
        CamelContext context = camel.get();
        if (context == null || !context.isStarted()) {
            comeBack(response);
            return;
        }
        if (request.getRequestURI().equals(DOWNLOAD)) {
            response.setBufferSize(BUFFER); // Camel writes and flushes this much at a time
            chain.doFilter(new Unread(request), response);
        } else {
            chain.doFilter(new Unread(request), new Unflushed(response));
        }
    }

    /** The port is open before the routes are there, and after they are gone: not found would be a lie. */
    private static void comeBack(HttpServletResponse response) throws IOException {
        response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        response.setHeader("Retry-After", "5");
        response.setHeader("Connection", "close"); // an upload need not send its body first
        response.setContentType("application/problem+json");
        response.getOutputStream()
                .print("{\"type\":\"about:blank\",\"title\":\"starting or stopping\",\"status\":503,"
                        + "\"detail\":\"The service is starting or stopping, try again in a few seconds.\"}");
    }

    /** Camel flushes what it writes, so that even a short answer would go out in two pieces and say no length. */
    private static final class Unflushed extends HttpServletResponseWrapper {

        Unflushed(HttpServletResponse response) {
            super(response);
        }

        @Override
        public ServletOutputStream getOutputStream() throws IOException {
            ServletOutputStream out = super.getOutputStream();
            return new ServletOutputStream() {
                @Override
                public void write(int b) throws IOException {
                    out.write(b);
                }

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    out.write(bytes, offset, length);
                }

                @Override
                public void flush() {
                    // the server does it when its buffer is full, or the answer whole
                }

                @Override
                public void close() throws IOException {
                    out.close();
                }

                @Override
                public boolean isReady() {
                    return out.isReady();
                }

                @Override
                public void setWriteListener(WriteListener listener) {
                    out.setWriteListener(listener);
                }
            };
        }
    }

    private static final class Unread extends HttpServletRequestWrapper {

        /** Which MP3 or whose mails a link is about, and its signature. */
        private static final Set<String> PARAMETERS = Set.of("fid", "expires", "person", "sig");

        private final Map<String, String[]> parameters = new HashMap<>();

        Unread(HttpServletRequest request) {
            super(request);
            if (request.getQueryString() != null) {
                var query = UriComponentsBuilder.newInstance()
                        .query(request.getQueryString())
                        .build()
                        .getQueryParams();
                query.forEach((name, values) -> {
                    if (PARAMETERS.contains(name)) {
                        parameters.put(
                                name,
                                values.stream().map(v -> v == null ? "" : v).toArray(String[]::new));
                    }
                });
            }
        }

        @Override
        public int getContentLength() {
            return 0;
        }

        /** Else Camel might unpack the body, depending on what of it has arrived. */
        @Override
        public String getHeader(String name) {
            return "Content-Encoding".equalsIgnoreCase(name) ? null : super.getHeader(name);
        }

        @Override
        public String getParameter(String name) {
            String[] values = getParameterValues(name);
            return values == null ? null : values[0];
        }

        @Override
        public String[] getParameterValues(String name) {
            return parameters.get(name);
        }

        @Override
        public Map<String, String[]> getParameterMap() {
            return Collections.unmodifiableMap(parameters);
        }

        @Override
        public Enumeration<String> getParameterNames() {
            return Collections.enumeration(parameters.keySet());
        }
    }
}
