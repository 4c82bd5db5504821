package io.github.videotomp3.boot;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Says, once all is ready and the servers that it needs are there, what runs where, and what to type next. */
@Component
class StartNotice {

    private static final Logger LOG = LoggerFactory.getLogger(StartNotice.class);

    private static final String SAMPLE = "samples/bell.mp4";

    private final Environment environment;
    private final CamelContext camel;
    private final Map<String, Server> servers;
    private Duration started;
    private long startedNanos;
    private boolean said;

    StartNotice(Environment environment, CamelContext camel, Map<String, Server> servers) {
        this.environment = environment;
        this.camel = camel;
        this.servers = servers;
    }

    @EventListener
    synchronized void started(ApplicationReadyEvent event) {
        started = event.getTimeTaken();
        startedNanos = System.nanoTime();
        sayIfReady();
    }

    @EventListener(Servers.Found.class)
    synchronized void sayIfReady() {
        boolean ready = servers.entrySet().stream()
                .allMatch(server ->
                        server.getKey().equals("mail") || server.getValue().isThere());
        if (started != null && ready && !said) {
            said = true;
            say(started.plusNanos(System.nanoTime() - startedNanos));
        }
    }

    private void say(Duration taken) {
        List<String> lines = new ArrayList<>();
        Set<Bundle> chosen = Bundle.named(property("bundles"));
        String bundles = chosen.stream().map(Bundle::key).collect(Collectors.joining(", "));
        lines.add("video-to-mp3 is ready after " + taken.toMillis() / 100 / 10.0 + " s: " + bundles);
        List<String> embedded = new ArrayList<>();
        for (String part : List.of("broker", "mongo", "sql", "mail")) {
            if (is("embedded." + part)) {
                embedded.add(part);
            }
        }
        if (!embedded.isEmpty()) {
            lines.add(
                    "  embedded  " + String.join(", ", embedded)
                            + (chosen.size() == Bundle.values().length
                                    ? " (for one machine, not for production)"
                                    : " (no other process reaches them: give their addresses if the other bundles run elsewhere)"));
        }
        Object ffmpeg = camel.getRegistry().lookupByName("ffmpeg");
        if (ffmpeg != null) {
            lines.add("  ffmpeg    " + ffmpeg);
        }
        lines.add("  data      " + property("data.folder"));
        String operator = property("operator.name");
        String file = property("operator.password-file");
        lines.add("  console   http://" + property("management.server.address") + ":"
                + property("local.management.port") + "/hawtio "
                + (property("operator.password").isEmpty()
                        ? "(locked: set operator.password)"
                        : file.isEmpty()
                                ? "(as " + operator + ")"
                                : "(as " + operator + ", password in " + file + ")"));
        if (camel.getRoute("upload-to-video") != null) {
            String url = property("notification.url");
            lines.add("  url       " + url);
            lines.add("next, in another terminal:");
            lines.add("  curl -X POST " + url + "/register -u me@example.com:'a long password'");
            lines.add("  TOKEN=$(curl -s -X POST " + url + "/login -u me@example.com:'a long password')");
            String video = Files.exists(Path.of(SAMPLE)) ? SAMPLE : "your-video.mp4";
            lines.add("  curl -F file=@" + video + " -H \"Authorization: Bearer $TOKEN\" " + url + "/upload");
        }
        LOG.info("{}", String.join(System.lineSeparator(), lines));
    }

    private String property(String key) {
        return environment.getProperty(key, "");
    }

    private boolean is(String key) {
        return environment.getProperty(key, Boolean.class, false);
    }
}
