package io.github.videotomp3;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.videotomp3.camel.Refusal;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Catches refusals for a closer look. */
public final class Refusals {

    private Refusals() {}

    public static Refusal refusalOf(ThrowingCallable call) {
        Refusal refusal = catchThrowableOfType(Refusal.class, call);
        if (refusal == null) {
            throw new AssertionError("nothing was refused");
        }
        return refusal;
    }
}
