package io.github.videotomp3.job;

/** A message that no retry can help: it is parked at once, with this text for the operator. */
public class Unprocessable extends RuntimeException {

    private static final long serialVersionUID = 1;

    public Unprocessable(String reason) {
        super(reason);
    }
}
