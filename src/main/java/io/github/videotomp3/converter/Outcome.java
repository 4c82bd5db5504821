package io.github.videotomp3.converter;

/**
 * What became of a conversion that is finished for good: an MP3 to deliver, or a reason why there never will be one.
 *
 * @param reason  a sentence for the video's owner; null if the MP3 is fit to deliver
 * @param code    a stable word for {@code reason}, such as {@code no-audio}; null if the MP3 is fit to deliver
 * @param warning a sentence for the owner of an MP3 that is less than the video promised; null if there is none
 * @param seconds length of the MP3
 */
public record Outcome(String reason, String code, String warning, double seconds) {

    /** Whether there is no MP3 to deliver. */
    public boolean rejected() {
        return reason != null;
    }
}
