package io.github.videotomp3.boot.embedded;

import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import jakarta.mail.Address;
import jakarta.mail.BodyPart;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A message as a reader sees it; what it does not have is an empty string.
 *
 * @param id unique for its address
 * @param date when it was accepted
 * @param text its first plain text
 */
public record Mail(
        String id,
        @JsonSerialize(using = ToStringSerializer.class) Instant date,
        String from,
        String to,
        String subject,
        String text) {

    static Mail of(String id, Instant date, MimeMessage message) throws MessagingException, IOException {
        return new Mail(
                id,
                date,
                names(message.getFrom()),
                names(message.getRecipients(Message.RecipientType.TO)),
                Objects.requireNonNullElse(message.getSubject(), ""),
                text(message));
    }

    private static String names(Address[] addresses) {
        return addresses == null
                ? ""
                : Stream.of(addresses)
                        .map(address ->
                                address instanceof InternetAddress one ? one.toUnicodeString() : address.toString())
                        .collect(Collectors.joining(", "));
    }

    private static String text(Part part) throws MessagingException, IOException {
        if (part.isMimeType("text/plain") && part.getContent() instanceof String text) {
            return text;
        }
        if (part.isMimeType("multipart/*") && part.getContent() instanceof Multipart parts) {
            return text(parts);
        }
        return "";
    }

    private static String text(Multipart parts) throws MessagingException, IOException {
        for (int i = 0; i < parts.getCount(); i++) {
            BodyPart part = parts.getBodyPart(i);
            String text = Part.ATTACHMENT.equalsIgnoreCase(part.getDisposition()) ? "" : text(part);
            if (!text.isEmpty()) {
                return text;
            }
        }
        return "";
    }
}
