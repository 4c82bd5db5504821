package io.github.videotomp3.gateway;

import io.github.videotomp3.camel.Refusal;
import io.github.videotomp3.camel.RequestBody;
import io.github.videotomp3.job.MailSwitch;
import io.github.videotomp3.job.SignedLinks;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Headers;

/**
 * Follows the link in a mail that ends all mails. A mail program posts to it (RFC 8058), and so does a person who is asked
 * first; what only fetches it, such as a scanner of links, changes nothing.
 */
public final class Unsubscriptions {

    private static final String POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
            + "base-uri 'none'; frame-ancestors 'none'";

    private final MailSwitch mails;
    private final SignedLinks links;
    private final byte[] question = read("unsubscribe.html");
    private final byte[] answer = read("unsubscribed.html");

    public Unsubscriptions(MailSwitch mails, SignedLinks links) {
        this.mails = mails;
        this.links = links;
    }

    private static byte[] read(String name) {
        try (InputStream resource = Unsubscriptions.class.getResourceAsStream("/mails/" + name)) {
            return resource.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Asks whether the person wants no more mails, by a form that posts to the same address.
     *
     * @param request the body of the request, which is empty
     * @throws Refusal 403 if the link is not signed
     */
    public byte[] ask(
            @Body Object request,
            @Header("person") String person,
            @Header("sig") String signature,
            @Headers Map<String, Object> headers) {
        RequestBody.prepareAnswer(request);
        links.verifyUnsubscribe(person, signature);
        return page(question, headers);
    }

    /**
     * Switches the person's mails off, and says so.
     *
     * @param request the body of the request, which is left alone: that there is a POST is what counts
     * @throws Refusal 403 if the link is not signed
     */
    public byte[] accept(
            @Body Object request,
            @Header("person") String person,
            @Header("sig") String signature,
            @Headers Map<String, Object> headers) {
        RequestBody.prepareAnswer(request);
        links.verifyUnsubscribe(person, signature);
        mails.off(person);
        return page(answer, headers);
    }

    private static byte[] page(byte[] html, Map<String, Object> headers) {
        headers.clear();
        headers.put(Exchange.CONTENT_TYPE, "text/html; charset=utf-8");
        headers.put("Cache-Control", "no-store");
        headers.put("Content-Security-Policy", POLICY);
        headers.put("Referrer-Policy", "no-referrer");
        headers.put("X-Frame-Options", "DENY");
        return html;
    }
}
