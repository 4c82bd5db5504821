package io.github.videotomp3.gateway;

/**
 * What a person uses of the service, and how much they may; a limit of 0 is none.
 *
 * @param jobs those that have not ended
 * @param bytes of videos and MP3s
 * @param mails whether they want mails about the ends of their jobs
 */
public record AccountView(String email, Use jobs, Use bytes, boolean mails) {

    /** So much of so much. */
    public record Use(long used, long limit) {}
}
