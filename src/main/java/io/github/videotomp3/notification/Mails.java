package io.github.videotomp3.notification;

import io.github.videotomp3.job.Job;
import java.util.Map;

/** Writes the mails. Who gets them and what they say comes from the job alone, never from a message. */
public final class Mails {

    private final String from;
    private final String url;
    private final String domain;

    /**
     * @param from the sender's address
     * @param url where people reach the service, without a slash at the end
     */
    public Mails(String from, String url) {
        this.from = from;
        this.url = url;
        this.domain = from.substring(from.indexOf('@') + 1).replaceFirst(">.*", "");
    }

    /**
     * The text of the mail; its headers replace all that the exchange carried. The {@code Message-ID} is the job's, so
     * that a mail that has to be sent a second time collapses with the first in the mailbox (RFC 5322 §3.6.4).
     */
    public String write(Job job, Map<String, Object> headers) {
        String id = job.id().toHexString();
        headers.clear();
        headers.put("To", job.owner());
        headers.put("From", from);
        headers.put("Message-ID", "<" + id + "." + (job.isDone() ? "done" : "rejected") + "@" + domain + ">");
        headers.put("Auto-Submitted", "auto-generated"); // RFC 3834 §5: no out-of-office answers, please
        headers.put("Content-Type", "text/plain; charset=UTF-8");
        headers.put("Subject", job.isDone() ? "MP3 Download" : "MP3 conversion failed");
        return job.isDone() ? ready(job, id) : failed(job, id);
    }

    private String ready(Job job, String id) {
        String warning = job.warning() == null ? "" : "\n" + job.warning() + "\n";
        return "mp3 file_id: " + job.mp3().toHexString() + " is now ready!\n\n" + job.name() + "\n" + url
                + "/download?fid=" + id + "\n" + warning;
    }

    private String failed(Job job, String id) {
        return "file_id: " + id + " could not be converted.\n\n" + job.name() + "\n" + job.reason() + "\n" + url
                + "/jobs/" + id + "\n";
    }
}
