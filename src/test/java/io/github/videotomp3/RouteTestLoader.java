package io.github.videotomp3;

import io.github.videotomp3.boot.embedded.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.springframework.boot.test.context.SpringBootContextLoader;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.util.FileSystemUtils;

/**
 * Gives each program under test what it must not share with another, a data folder and ports, and to a {@link RouteTest}
 * no broker, no auth and little patience. A dynamic property would come too late: secrets are made before.
 */
public class RouteTestLoader extends SpringBootContextLoader {

    @Override
    protected String[] getInlinedProperties(MergedContextConfiguration config) {
        List<String> properties = new ArrayList<>(List.of(
                "data.folder=" + folder(),
                "server.port=" + FreePort.next(),
                "management.server.port=" + FreePort.next()));
        if (AnnotatedElementUtils.hasAnnotation(config.getTestClass(), RouteTest.class)) {
            properties.addAll(List.of(
                    "spring.rabbitmq.host=127.0.0.1",
                    "spring.rabbitmq.port=" + FreePort.next(), // where nobody listens
                    "auth.login.per-minute=3",
                    "gateway.auth.url=http://127.0.0.1:" + FreePort.next())); // where a test may play auth
        }
        properties.addAll(Arrays.asList(super.getInlinedProperties(config)));
        return properties.toArray(String[]::new);
    }

    private static Path folder() {
        try {
            Path folder = Files.createTempDirectory("route-test");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try {
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException e) {
            // the machine's temporary folder is swept by others
        }
    }
}
