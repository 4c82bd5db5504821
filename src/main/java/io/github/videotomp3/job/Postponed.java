package io.github.videotomp3.job;

/** A message whose time has not come, such as one whose job another worker holds: it comes back later, uncounted. */
public class Postponed extends RuntimeException {

    private static final long serialVersionUID = 1;

    public Postponed(String reason) {
        super(reason);
    }
}
