package io.github.videotomp3.auth;

import org.apache.camel.Header;

/** Takes the credentials out of a request. */
public class BasicCredentials {

    /**
     * @throws io.github.videotomp3.camel.Refusal 401 when there are none, see {@link Credentials#fromHeader}
     */
    public Credentials read(@Header("Authorization") String authorization) {
        return Credentials.fromHeader(authorization);
    }
}
