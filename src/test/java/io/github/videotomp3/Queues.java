package io.github.videotomp3;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.AdviceWithRouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.model.Model;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.boot.test.context.TestConfiguration;

/**
 * Stands in for the broker: a route that reads a queue reads {@code direct:<queue>-queue}, one that fills it fills
 * {@code mock:<id of the step>}, and what a timer starts comes when {@code direct:<id of the timer's step>} is called. The routes are advised
 * once, before Camel starts.
 */
@TestConfiguration(proxyBeanMethods = false)
public class Queues implements CamelContextConfiguration {

    private static final List<String> EMPTYING = List.of(
            "video-to-mp3",
            "mp3-to-email",
            "rejected-to-email",
            "webhook-to-request",
            "job-to-webhook-sweep",
            "stored-to-video-sweep",
            "ended-to-mp3-sweep",
            "jobs-to-events",
            "expired-to-deletion",
            "expired-to-deletion-video",
            "account-to-deletion-sweep",
            "orphans-to-reaper");

    private static final List<String> REPLAYING = List.of(
            "video-failed-to-video", "mp3-failed-to-mp3", "rejected-failed-to-rejected", "webhook-failed-to-webhook");

    private static final Map<String, List<String>> FILLING = Map.of(
            "stored-to-video", List.of("video-queue"),
            "ended-to-mp3-tell", List.of("mp3-queue", "rejected-queue"),
            "ended-to-mp3-park", List.of("failed-queue"),
            "video-failed-to-video", List.of("again-video"),
            "mp3-failed-to-mp3", List.of("again-mp3"),
            "rejected-failed-to-rejected", List.of("again-rejected"),
            "webhook-failed-to-webhook", List.of("again-webhook"),
            "job-to-webhook-queue", List.of("webhook-queue"),
            "queue-failures", List.of("retry-or-failed"));

    @Override
    public void beforeApplicationStart(CamelContext camel) {
        EMPTYING.forEach(route -> advise(camel, route, Queues::callDirectly));
        REPLAYING.forEach(route -> advise(camel, route, advice -> {
            callDirectly(advice);
            advice.getOriginalRoute().setRoutePolicyRef(null); // it asks the broker, which ReplayTest has
            advice.getOriginalRoute().setAutoStartup("true");
        }));
        FILLING.forEach((route, steps) -> advise(
                camel,
                route,
                advice -> steps.forEach(step ->
                        advice.weaveById(step).replace().to("mock:" + step).id(step))));
    }

    @Override
    public void afterApplicationStart(CamelContext camel) {}

    private static void callDirectly(AdviceWithRouteBuilder advice) {
        advice.replaceFromWith("direct:" + advice.getOriginalRoute().getInput().getId());
    }

    private static void advise(CamelContext camel, String route, Consumer<AdviceWithRouteBuilder> change) {
        Model model = camel.getCamelContextExtension().getContextPlugin(Model.class);
        if (model.getRouteDefinition(route) == null) {
            return; // of a bundle that is not loaded
        }
        try {
            AdviceWith.adviceWith(camel, route, false, change::accept);
        } catch (Exception e) {
            throw new IllegalStateException("cannot advise " + route, e);
        }
    }

    /** What went to a queue since the last reset. */
    public static MockEndpoint filled(CamelContext camel, String step) {
        return camel.getEndpoint("mock:" + step, MockEndpoint.class);
    }
}
