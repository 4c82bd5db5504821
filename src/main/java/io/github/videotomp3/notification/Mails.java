package io.github.videotomp3.notification;

import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.SignedLinks;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Writes the mails. Who gets them and what they say comes from the job alone, never from a message. */
public final class Mails {

    private final String from;
    private final String url;
    private final String domain;
    private final SignedLinks links;

    /**
     * @param from the sender's address
     * @param url where people reach the service, without a slash at the end
     */
    public Mails(String from, String url, SignedLinks links) {
        this.from = from;
        this.url = url;
        this.domain = from.substring(from.indexOf('@') + 1).replaceFirst(">.*", "");
        this.links = links;
    }

    /**
     * What the mail says; its headers replace all that the exchange carried. The {@code Message-ID} is the job's, so
     * that a mail that has to be sent a second time collapses with the first in the mailbox (RFC 5322 §3.6.4).
     */
    public Letter write(Job job, Map<String, Object> headers) {
        Instant expiry = links.expiry();
        Letter letter = Letter.about(
                job.isDone() ? List.of(Letter.Done.of(job, url + links.to(job))) : List.of(),
                job.isDone() ? List.of() : List.of(Letter.Lost.of(job)),
                expiry,
                url,
                url + links.unsubscribe(job.owner()));
        String id = job.id().toHexString() + "." + (job.isDone() ? "done" : "rejected");
        headers.clear();
        headers.put("To", job.owner());
        headers.put("From", from);
        headers.put("Message-ID", "<" + id + "@" + domain + ">");
        headers.put("Auto-Submitted", "auto-generated"); // RFC 3834 §5: no out-of-office answers, please
        headers.put("List-Unsubscribe", "<" + letter.unsubscribe() + ">"); // RFC 2369 §3.2
        headers.put("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"); // RFC 8058 §3.1
        headers.put("Content-Type", "text/html; charset=UTF-8"); // of the last alternative
        headers.put("Subject", letter.subject());
        return letter;
    }
}
