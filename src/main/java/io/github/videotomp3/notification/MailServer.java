package io.github.videotomp3.notification;

import java.time.Duration;
import java.util.Properties;
import org.apache.camel.component.mail.DefaultJavaMailSender;

/** The SMTP server that takes our mails, with time limits, so that a silent one holds no worker for ever. */
public final class MailServer extends DefaultJavaMailSender {

    /**
     * @param user empty if the server wants no login
     * @param startTls whether to refuse a server that does not encrypt (RFC 3207)
     * @param timeout for connecting and for each answer, more than zero, which would mean for ever
     */
    public MailServer(String host, int port, String user, String password, boolean startTls, Duration timeout) {
        if (timeout.toMillis() < 1) {
            throw new IllegalArgumentException("notification.timeout must be more than 0 s, not " + timeout);
        }
        Properties properties = new Properties();
        for (String limit : new String[] {"connectiontimeout", "timeout", "writetimeout"}) {
            properties.setProperty("mail.smtp." + limit, String.valueOf(timeout.toMillis()));
        }
        properties.setProperty("mail.smtp.starttls.enable", String.valueOf(startTls));
        properties.setProperty("mail.smtp.starttls.required", String.valueOf(startTls));
        properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
        setJavaMailProperties(properties);
        setProtocol("smtp");
        setHost(host);
        setPort(port);
        if (!user.isEmpty()) {
            setUsername(user);
            setPassword(password);
        }
    }
}
