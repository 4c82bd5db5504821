package io.github.videotomp3.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.videotomp3.auth.Caller;
import io.github.videotomp3.camel.Refusal;
import io.github.videotomp3.camel.RequestBody;
import io.github.videotomp3.job.MailSwitch;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.Headers;

/** What people use of what they may have, and what they have chosen. */
public final class Accounts {

    private final UploadLimits limits;
    private final MailSwitch mails;

    public Accounts(UploadLimits limits, MailSwitch mails) {
        this.limits = limits;
        this.mails = mails;
    }

    /** The caller's account as it is. */
    public AccountView show(@ExchangeProperty("caller") Caller caller, @Headers Map<String, Object> headers) {
        headers.clear();
        return limits.account(caller.username(), mails.isOn(caller.username()));
    }

    /**
     * Changes what the caller has chosen, and shows it.
     *
     * @param servlet the body where a servlet container reads it; elsewhere it is the message's
     * @throws Refusal 400, 413 or 415 if the body is anything but {@code {"mails": true}} or {@code {"mails": false}}
     */
    public AccountView change(
            @Header("CamelHttpServletRequest") InputStream servlet,
            @Body Object body,
            @Header(Exchange.CONTENT_TYPE) String type,
            @ExchangeProperty("caller") Caller caller,
            @Headers Map<String, Object> headers) {
        RequestBody.prepareAnswer(body);
        JsonNode wanted = JsonBody.read(servlet, body, type, List.of("mails")).path("mails");
        if (!wanted.isBoolean()) {
            throw Refusal.of(400, "bad settings", "mails must be true or false.");
        }
        mails.set(caller.username(), wanted.booleanValue());
        return show(caller, headers);
    }
}
