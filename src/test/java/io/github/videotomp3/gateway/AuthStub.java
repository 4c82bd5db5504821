package io.github.videotomp3.gateway;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Stands in for the auth bundle of another machine: gives one answer to everything, and keeps what it was asked. */
final class AuthStub implements AutoCloseable {

    record Asked(String method, String path, Headers headers) {}

    private final HttpServer server;
    private final List<Asked> asked = new ArrayList<>();

    AuthStub(String url, int status, Map<String, String> headers, String body) throws IOException {
        server = HttpServer.create(
                new InetSocketAddress("127.0.0.1", URI.create(url).getPort()), 0);
        server.createContext("/", exchange -> {
            asked.add(new Asked(
                    exchange.getRequestMethod(), exchange.getRequestURI().toString(), exchange.getRequestHeaders()));
            headers.forEach(exchange.getResponseHeaders()::set);
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Connection", "close");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    Asked onlyRequest() {
        if (asked.size() != 1) {
            throw new AssertionError("asked " + asked.size() + " times, not once");
        }
        return asked.get(0);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
