package io.github.videotomp3.boot.embedded;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mail in files, one directory for each address and one {@code .eml} for each message, named by when it came.
 *
 * <p>A message is written beside the mailboxes and then moved in: what is in a mailbox is whole.
 */
final class MailFiles {

    private static final Logger LOG = LoggerFactory.getLogger(MailFiles.class);
    private static final Comparator<Path> NEWEST_FIRST =
            Comparator.comparing(MailFiles::id).reversed();

    private final Path directory;
    private final int kept;
    private final AtomicLong clock = new AtomicLong();

    /** @param kept how many messages an address keeps */
    MailFiles(Path directory, int kept) {
        this.directory = directory;
        this.kept = kept;
        try {
            Files.createDirectories(directory);
            removeUnfinished();
        } catch (IOException e) {
            throw new IllegalStateException("data.folder cannot be used: " + e, e);
        }
    }

    private void removeUnfinished() throws IOException {
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(directory, "*.part")) {
            for (Path part : parts) {
                Files.delete(part);
            }
        }
    }

    /** @throws IllegalStateException if the message is not safely on disk */
    void store(String address, MimeMessage message) {
        try {
            Path box = Files.createDirectories(box(address));
            Path part = Files.createTempFile(directory, now() + "-", ".part");
            try (OutputStream out = Files.newOutputStream(part)) {
                message.writeTo(out);
            }
            Files.move(part, box.resolve(id(part) + ".eml"), StandardCopyOption.ATOMIC_MOVE);
            removeOldest(box);
        } catch (IOException | MessagingException e) {
            throw new IllegalStateException("A message to " + address + " cannot be kept in " + directory, e);
        }
    }

    private void removeOldest(Path box) throws IOException {
        for (Path old : newestFirst(box).stream().skip(kept).toList()) {
            Files.deleteIfExists(old);
        }
    }

    /** No two messages come in the same millisecond, so that their names put them in order. */
    private long now() {
        return clock.updateAndGet(last -> Math.max(last + 1, System.currentTimeMillis()));
    }

    private Path box(String address) {
        String name = URLEncoder.encode(address.trim().toLowerCase(Locale.ROOT), StandardCharsets.UTF_8);
        Path box = directory.resolve(name).normalize();
        if (!directory.normalize().equals(box.getParent())) {
            throw new IllegalStateException("'" + address + "' is not an address");
        }
        return box;
    }

    List<Mail> list(String address) {
        Path box = box(address);
        if (!Files.isDirectory(box)) {
            return List.of();
        }
        try {
            return newestFirst(box).stream()
                    .map(MailFiles::read)
                    .flatMap(Optional::stream)
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException("The mail to " + address + " cannot be read", e);
        }
    }

    private static List<Path> newestFirst(Path box) throws IOException {
        try (Stream<Path> files = Files.list(box)) {
            return files.sorted(NEWEST_FIRST).toList();
        }
    }

    private static Optional<Mail> read(Path file) {
        String id = id(file);
        Instant date = Instant.ofEpochMilli(Long.parseLong(id.substring(0, id.indexOf('-'))));
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(Mail.of(id, date, new MimeMessage(null, in)));
        } catch (NoSuchFileException e) {
            return Optional.empty(); // newer mail has just pushed it out
        } catch (IOException | MessagingException e) {
            LOG.warn("The mail {} cannot be read", file, e);
            return Optional.empty();
        }
    }

    private static String id(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.lastIndexOf('.'));
    }
}
