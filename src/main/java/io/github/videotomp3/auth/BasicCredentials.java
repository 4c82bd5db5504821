package io.github.videotomp3.auth;

import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;

/** Takes the credentials out of a request. */
public class BasicCredentials {

    /**
     * @throws io.github.videotomp3.camel.Refusal 401 when there are none, see {@link Credentials#fromHeader}
     */
    public Credentials read(@Header("Authorization") String authorization) {
        return Credentials.fromHeader(authorization);
    }

    /**
     * What counts as one account when logins are counted: the user's id, since the database finds a user by more spellings
     * than one; the address itself where there is no such user.
     */
    public String account(@Body Map<String, Object> row, @ExchangeProperty("credentials") Credentials credentials) {
        return row == null || row.isEmpty()
                ? credentials.email()
                : row.get("id").toString();
    }
}
