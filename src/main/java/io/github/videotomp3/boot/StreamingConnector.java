package io.github.videotomp3.boot;

import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/** Lets Tomcat take videos in, and hand MP3s out, in larger steps than the 8 KB that suit small requests. */
@Component
class StreamingConnector implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    private static final String BYTES = String.valueOf(1 << 16);

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addConnectorCustomizers(connector -> {
            connector.setProperty("socket.appReadBufSize", BYTES);
            connector.setProperty("socket.appWriteBufSize", BYTES);
        });
    }
}
