package io.github.videotomp3.boot;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/** Shows what one of our own classes has found wrong at start as the sentence that it is, without a stack trace. */
class StartFailure implements FailureAnalyzer {

    private static final String OURS = "io.github.videotomp3.";

    @Override
    public FailureAnalysis analyze(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            StackTraceElement[] trace = each.getStackTrace();
            if (trace.length > 0 && trace[0].getClassName().startsWith(OURS)) {
                return new FailureAnalysis(each.getMessage(), null, failure);
            }
        }
        return null;
    }
}
