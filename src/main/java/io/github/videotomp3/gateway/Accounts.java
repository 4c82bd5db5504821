package io.github.videotomp3.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.videotomp3.auth.Caller;
import io.github.videotomp3.camel.Refusal;
import io.github.videotomp3.camel.RequestBody;
import io.github.videotomp3.job.MailSwitch;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.Headers;

/** What people use of what they may have, and what they have chosen. */
public final class Accounts {

    private static final int LONGEST_BODY = 1 << 14;
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

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
     * @throws Refusal 400 if the body is anything but {@code {"mails": true}} or {@code {"mails": false}}
     */
    public AccountView change(
            @Header("CamelHttpServletRequest") InputStream servlet,
            @Body Object body,
            @ExchangeProperty("caller") Caller caller,
            @Headers Map<String, Object> headers)
            throws IOException {
        RequestBody.prepareAnswer(body);
        mails.set(caller.username(), wanted(RequestBody.stream(servlet, body).readNBytes(LONGEST_BODY)));
        return show(caller, headers);
    }

    private static boolean wanted(byte[] body) throws IOException {
        try {
            JsonNode settings = JSON.readTree(body);
            if (settings.isObject()
                    && settings.size() == 1
                    && settings.path("mails").isBoolean()) {
                return settings.get("mails").booleanValue();
            }
        } catch (JsonProcessingException noJson) {
            // said below
        }
        throw Refusal.of(400, "bad settings", "Send JSON with mails alone, true or false: {\"mails\": false}");
    }
}
