package io.github.videotomp3;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Somebody on this machine who wants to be told by webhook; answers as it is told to, else 204. */
public final class Receiver implements AutoCloseable {

    /** A request as it came. */
    public record Call(String id, String timestamp, String signature, String type, byte[] body) {

        /** Whether the signature is the one that Standard Webhooks asks for, worked out anew from the bytes that came. */
        public boolean isSignedWith(String secret) throws Exception {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.replaceFirst("^whsec_", "")), "HmacSHA256"));
            mac.update(id.getBytes());
            mac.update((byte) '.');
            mac.update(timestamp.getBytes());
            mac.update((byte) '.');
            return signature.equals("v1," + Base64.getEncoder().encodeToString(mac.doFinal(body)));
        }
    }

    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Queue<Integer> answers = new ConcurrentLinkedQueue<>();
    private final HttpServer server;

    public Receiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 10);
        server.createContext("/", call -> {
            var headers = call.getRequestHeaders();
            calls.add(new Call(
                    headers.getFirst("webhook-id"),
                    headers.getFirst("webhook-timestamp"),
                    headers.getFirst("webhook-signature"),
                    headers.getFirst("Content-Type"),
                    call.getRequestBody().readAllBytes()));
            Integer status = answers.poll();
            call.sendResponseHeaders(status == null ? 204 : status, -1);
            call.close();
        });
        server.start();
    }

    /** @param path with its slash, and a query if there is one */
    public String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** What the next requests get, one after the other. */
    public void answer(Integer... statuses) {
        answers.addAll(List.of(statuses));
    }

    public List<Call> calls() {
        return calls;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
