package io.github.videotomp3.boot.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedMailTest {

    @TempDir
    Path directory;

    private final int port = FreePort.next();
    private final Session session = Session.getInstance(smtp(port));

    @Test
    void keepsTheMailOfAnAddressNewestFirst() throws Exception {
        try (EmbeddedMail mail = start()) {
            send("ann@example.com", "First", "One");
            send("bob@example.com", "Other", "Two");
            send("Ann@Example.com", "Grüße", "Schön: ♫\n.\nÄnde");

            assertThat(mail.inbox("ann@example.com")).extracting(Mail::subject).containsExactly("Grüße", "First");
            Mail newest = mail.inbox("ann@example.com").get(0);
            assertThat(newest.from()).isEqualTo("video2mp3@example.com");
            assertThat(newest.to()).isEqualTo("Ann@Example.com");
            assertThat(newest.text()).isEqualToIgnoringNewLines("Schön: ♫\n.\nÄnde");
            assertThat(newest.date()).isCloseTo(Instant.now(), within(Duration.ofMinutes(1)));
            assertThat(mail.inbox("nobody@example.com")).isEmpty();
        }
    }

    @Test
    void showsThePlainTextOfAMessageOfManyParts() throws Exception {
        MimeBodyPart html = new MimeBodyPart();
        html.setText("<b>Ready</b>", "utf-8", "html");
        MimeBodyPart plain = new MimeBodyPart();
        plain.setText("Ready", "utf-8");
        MimeMessage message = message("ann@example.com", "Ready");
        message.setContent(new MimeMultipart("alternative", html, plain));
        try (EmbeddedMail mail = start()) {
            Transport.send(message);

            assertThat(mail.inbox("ann@example.com")).extracting(Mail::text).containsExactly("Ready");
        }
    }

    @Test
    void keepsItsMailWhenItIsStartedAgain() throws Exception {
        try (EmbeddedMail mail = start()) {
            send("ann@example.com", "Kept", "One");
        }
        Files.createFile(directory.resolve("1-unfinished.part"));
        try (EmbeddedMail mail = start()) {
            assertThat(mail.inbox("ann@example.com")).extracting(Mail::subject).containsExactly("Kept");
            assertThat(directory.resolve("1-unfinished.part")).doesNotExist();
        }
    }

    @Test
    void refusesAMessageThatItCannotWrite() throws Exception {
        try (EmbeddedMail mail = start()) {
            Files.createFile(directory.resolve("ann%40example.com"));

            assertThatThrownBy(() -> send("ann@example.com", "Lost", "One"))
                    .isInstanceOf(MessagingException.class)
                    .hasStackTraceContaining("451");
        }
    }

    @Test
    void refusesARecipientThatWouldLeaveTheDirectory() throws Exception {
        MailFiles files = new MailFiles(directory, 2);
        for (String recipient : new String[] {"..", ".", ""}) {
            assertThatThrownBy(() -> files.store(recipient, message("ann@example.com", "Lost")))
                    .hasMessage("'" + recipient + "' is not an address");
        }
        files.store("../../ann@example.com", message("ann@example.com", "Kept"));
        assertThat(directory.resolve("..%2F..%2Fann%40example.com")).isDirectory();
    }

    @Test
    void takesAnyLogin() throws Exception {
        try (EmbeddedMail mail = start()) {
            Transport.send(message("ann@example.com", "Logged in"), "somebody", "secret");

            assertThat(mail.inbox("ann@example.com")).hasSize(1);
        }
    }

    @Test
    void keepsNoMoreThanTheNewestMessagesOfAnAddress() throws Exception {
        MailFiles files = new MailFiles(directory, 2);
        for (String subject : new String[] {"First", "Second", "Third"}) {
            files.store("ann@example.com", message("ann@example.com", subject));
        }

        assertThat(files.list("ann@example.com")).extracting(Mail::subject).containsExactly("Third", "Second");
    }

    @Test
    void listensOnNoOtherAddressThanLoopback() throws IOException {
        try (EmbeddedMail mail = start()) {
            assertThat(Loopback.isTheOnlyListenerOf(port)).isTrue();
        }
    }

    @Test
    void namesThePortThatIsInUse() {
        try (EmbeddedMail mail = start()) {
            assertThatThrownBy(this::start)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("mail")
                    .hasMessageStartingWith("spring.mail.port is " + port);
        }
    }

    private EmbeddedMail start() {
        return new EmbeddedMail(directory, port);
    }

    private void send(String to, String subject, String text) throws MessagingException {
        MimeMessage message = message(to, subject);
        message.setText(text, "utf-8");
        Transport.send(message);
    }

    private MimeMessage message(String to, String subject) throws MessagingException {
        MimeMessage message = new MimeMessage(session);
        message.setFrom("video2mp3@example.com");
        message.setRecipient(Message.RecipientType.TO, new InternetAddress(to, false));
        message.setSubject(subject, "utf-8");
        message.setText("");
        return message;
    }

    private static Properties smtp(int port) {
        Properties properties = new Properties();
        properties.setProperty("mail.smtp.host", "127.0.0.1");
        properties.setProperty("mail.smtp.port", String.valueOf(port));
        return properties;
    }
}
