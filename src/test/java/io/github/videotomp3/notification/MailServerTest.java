package io.github.videotomp3.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.videotomp3.boot.embedded.EmbeddedMail;
import io.github.videotomp3.boot.embedded.FreePort;
import io.github.videotomp3.boot.embedded.Mail;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class MailServerTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private final int port = FreePort.next();

    @Test
    void bringsAMailToAServerThatWantsNoLogin() throws Exception {
        try (EmbeddedMail mail = new EmbeddedMail(directory, port)) {
            send(new MailServer("127.0.0.1", port, "", "", false, TIMEOUT));

            assertThat(mail.inbox("me@example.com")).extracting(Mail::subject).containsExactly("MP3 Download");
        }
    }

    @Test
    void keepsTheMessageIdThatWasChosen() throws Exception {
        MailServer server = new MailServer("127.0.0.1", port, "", "", false, TIMEOUT);
        try (EmbeddedMail mail = new EmbeddedMail(directory, port)) {
            MimeMessage message = send(server);

            assertThat(mail.inbox("me@example.com")).hasSize(1);
            assertThat(message.getMessageID()).isEqualTo("<6743a1f0c2b5d80012345678.done@example.com>");
        }
    }

    @Test
    void refusesAServerThatDoesNotEncrypt() {
        try (EmbeddedMail mail = new EmbeddedMail(directory, port)) {
            MailServer server = new MailServer("127.0.0.1", port, "", "", true, TIMEOUT);

            assertThatThrownBy(() -> send(server))
                    .isInstanceOf(MessagingException.class)
                    .hasMessageContaining("STARTTLS");
            assertThat(mail.inbox("me@example.com")).isEmpty();
        }
    }

    @Test
    @Timeout(20)
    void givesUpOnAServerThatStaysSilent() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            MailServer server =
                    new MailServer("127.0.0.1", silent.getLocalPort(), "", "", false, Duration.ofMillis(300));

            assertThatThrownBy(() -> send(server)).isInstanceOf(MessagingException.class);
        }
    }

    @Test
    void limitsEveryWaitInMilliseconds() {
        Properties properties = new MailServer("smtp.example.com", 587, "", "", true, TIMEOUT).getJavaMailProperties();

        assertThat(properties)
                .containsEntry("mail.smtp.connectiontimeout", "20000")
                .containsEntry("mail.smtp.timeout", "20000")
                .containsEntry("mail.smtp.writetimeout", "20000")
                .containsEntry("mail.smtp.starttls.required", "true")
                .containsEntry("mail.smtp.ssl.checkserveridentity", "true");
    }

    @Test
    void logsInOnlyWithAName() {
        MailServer named = new MailServer("smtp.example.com", 587, "me", "secret", true, TIMEOUT);
        MailServer anonymous = new MailServer("smtp.example.com", 587, "", "secret", true, TIMEOUT);

        assertThat(named.getHost()).isEqualTo("smtp.example.com");
        assertThat(named.getPort()).isEqualTo(587);
        assertThat(named.getProtocol()).isEqualTo("smtp");
        assertThat(named.getUsername()).isEqualTo("me");
        assertThat(named.getPassword()).isEqualTo("secret");
        assertThat(anonymous.getUsername()).isNull();
        assertThat(anonymous.getPassword()).isNull();
    }

    private static MimeMessage send(MailServer server) throws MessagingException {
        MimeMessage message = new MimeMessage(server.getSession());
        message.setFrom("video-to-mp3@example.com");
        message.setRecipient(Message.RecipientType.TO, new InternetAddress("me@example.com"));
        message.setSubject("MP3 Download");
        message.setHeader("Message-ID", "<6743a1f0c2b5d80012345678.done@example.com>");
        message.setText("mp3 file_id: 6743a1f0c2b5d80012345678 is now ready!");
        server.send(message);
        return message;
    }
}
