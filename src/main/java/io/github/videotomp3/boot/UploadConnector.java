package io.github.videotomp3.boot;

import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/** Lets Tomcat take in uploads in larger steps than the 8 KB that suit small requests. */
@Component
class UploadConnector implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    private static final int READ_BYTES = 1 << 16;

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addConnectorCustomizers(
                connector -> connector.setProperty("socket.appReadBufSize", String.valueOf(READ_BYTES)));
    }
}
