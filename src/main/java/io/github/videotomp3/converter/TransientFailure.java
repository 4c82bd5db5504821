package io.github.videotomp3.converter;

/** Says that a conversion failed for a reason that is not the video's: trying it again may help. */
public class TransientFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public TransientFailure(String message) {
        super(message);
    }
}
