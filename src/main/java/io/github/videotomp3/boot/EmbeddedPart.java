package io.github.videotomp3.boot;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.util.ClassUtils;

/** A server that can run inside this JVM, if its library is in the jar: the lean jar has none. */
enum EmbeddedPart {
    BROKER("broker", "spring.rabbitmq.host", "org.apache.qpid.server.SystemLauncher"),
    MONGO("document store", "spring.data.mongodb.uri", "de.bwaldvogel.mongo.MongoServer"),
    SQL("database", "spring.datasource.url", "org.h2.Driver"),
    MAIL("mail server", "spring.mail.host", "com.icegreen.greenmail.util.GreenMail");

    private final String title;
    private final String address;
    private final String library;

    EmbeddedPart(String title, String address, String library) {
        this.title = title;
        this.address = address;
        this.library = library;
    }

    private boolean isMissing() {
        return !ClassUtils.isPresent(library, EmbeddedPart.class.getClassLoader());
    }

    /** @throws IllegalArgumentException if a part is to run whose library this jar has not; names the setting */
    static void requireLibraries(Set<EmbeddedPart> parts) {
        refuse(parts.stream().filter(EmbeddedPart::isMissing).toList());
    }

    static void refuse(List<EmbeddedPart> missing) {
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    missing.stream().map(part -> part.address).collect(Collectors.joining(", "))
                            + (missing.size() == 1 ? " is" : " are") + " not set: this jar has no embedded "
                            + missing.stream().map(part -> part.title).collect(Collectors.joining(", ")));
        }
    }
}
