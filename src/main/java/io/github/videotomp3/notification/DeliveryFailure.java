package io.github.videotomp3.notification;

/** A receiver's answer that is no success. */
public final class DeliveryFailure extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;

    DeliveryFailure(int status) {
        super("the receiver answered " + status);
        this.status = status;
    }

    int status() {
        return status;
    }
}
