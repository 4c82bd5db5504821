package io.github.videotomp3.notification;

import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.SignedLinks;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Writes the mails. Who gets them and what they say comes from the jobs alone, never from a message. */
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
     * What the mail says; its headers replace all that the exchange carried. The {@code Message-ID} is the jobs', so that a
     * mail that has to be sent a second time collapses with the first in the mailbox (RFC 5322 §3.6.4).
     *
     * @param jobs that have ended, all of one owner, at least one
     */
    public Letter write(List<Job> jobs, Map<String, Object> headers) {
        String owner = jobs.get(0).owner();
        Letter letter = Letter.about(
                jobs.stream()
                        .filter(Job::isDone)
                        .map(job -> Letter.Done.of(job, url + links.to(job)))
                        .toList(),
                jobs.stream().filter(Job::isLost).map(Letter.Lost::of).toList(),
                links.expiry(),
                url,
                url + links.unsubscribe(owner));
        headers.clear();
        headers.put("To", owner);
        headers.put("From", from);
        headers.put("Message-ID", "<" + id(jobs) + "@" + domain + ">");
        headers.put("Auto-Submitted", "auto-generated"); // RFC 3834 §5: no out-of-office answers, please
        headers.put("List-Unsubscribe", "<" + letter.unsubscribe() + ">"); // RFC 2369 §3.2
        headers.put("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"); // RFC 8058 §3.1
        headers.put("Content-Type", "text/html; charset=UTF-8"); // of the last alternative
        headers.put("Subject", letter.subject());
        return letter;
    }

    private static String id(List<Job> jobs) {
        String id = jobs.get(0).id().toHexString();
        if (jobs.size() == 1) {
            return id + (jobs.get(0).isDone() ? ".done" : ".rejected");
        }
        String all = jobs.stream().map(job -> job.id().toHexString()).collect(Collectors.joining());
        return id + "." + UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.US_ASCII)) + ".digest";
    }
}
