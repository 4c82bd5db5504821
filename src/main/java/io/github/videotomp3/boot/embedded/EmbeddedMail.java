package io.github.videotomp3.boot.embedded;

import com.icegreen.greenmail.configuration.GreenMailConfiguration;
import com.icegreen.greenmail.mail.MailAddress;
import com.icegreen.greenmail.mail.MovingMessage;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.user.UserImpl;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mail server inside this process that takes mail for anybody over SMTP and sends none on: GreenMail, whose mailboxes
 * are {@link MailFiles}, so that what it has accepted outlives the process.
 */
public final class EmbeddedMail implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedMail.class);
    private static final int KEPT_PER_ADDRESS = 1000;
    private static final long STARTUP_TIMEOUT_MS = 30_000;

    private final MailFiles files;
    private final GreenMail server;

    /**
     * Starts the server on 127.0.0.1; it asks nobody to log in.
     *
     * @throws IllegalStateException if the port is in use or the directory cannot be written
     */
    public EmbeddedMail(Path directory, int port) {
        LoopbackPort.requireFree(port, "spring.mail.port", "embedded mail server");
        files = new MailFiles(directory.toAbsolutePath(), KEPT_PER_ADDRESS);
        ServerSetup smtp = new ServerSetup(port, LoopbackPort.HOST, ServerSetup.PROTOCOL_SMTP);
        smtp.setServerStartupTimeout(STARTUP_TIMEOUT_MS);
        server = new GreenMail(smtp)
                .withConfiguration(GreenMailConfiguration.aConfig().withDisabledAuthentication());
        server.getUserManager().setMessageDeliveryHandler((message, recipient) -> mailbox(recipient));
        server.start();
        LOG.info("Embedded mail server listens on {}:{}, mail in {}", LoopbackPort.HOST, port, directory);
    }

    /** What it throws GreenMail answers with 451, so that the sender keeps the message. */
    private GreenMailUser mailbox(MailAddress recipient) {
        String address = recipient.getEmail();
        return new UserImpl(address, address, address, null) {
            @Override
            public void deliver(MovingMessage message) {
                files.store(address, message.getMessage());
            }
        };
    }

    /** The mail to an address, newest first; the newest {@value #KEPT_PER_ADDRESS} are kept. */
    public List<Mail> inbox(String address) {
        return files.list(address);
    }

    @Override
    public void close() {
        server.stop();
    }
}
