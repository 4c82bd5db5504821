package io.github.videotomp3.boot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * Turns {@code BUNDLES} into what Camel and Spring Boot need to know: which route files to load, and which connections
 * not to make. A pattern that matches no file would start an empty program in silence, so the files are listed by name.
 */
public class BundleEnvironment implements EnvironmentPostProcessor, Ordered {

    private static final String AUTOCONFIGURE = "org.springframework.boot.autoconfigure.";
    private static final List<String> SQL = List.of(
            AUTOCONFIGURE + "jdbc.DataSourceAutoConfiguration", AUTOCONFIGURE + "flyway.FlywayAutoConfiguration");
    private static final String MONGO = AUTOCONFIGURE + "mongo.MongoAutoConfiguration";

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        Settings.check(environment);
        Set<Bundle> bundles = Bundle.named(environment.getProperty("bundles"));
        boolean http = bundles.contains(Bundle.AUTH) || bundles.contains(Bundle.GATEWAY);
        if (bundles.contains(Bundle.AUTH)
                && bundles.contains(Bundle.GATEWAY)
                && environment.getProperty("auth.path", "").isEmpty()) {
            throw new IllegalArgumentException(
                    "auth.path may be empty only where the bundle auth runs without gateway: both have a /login");
        }
        String port = environment.getProperty("management.server.port", "");
        if (http && port.equals(environment.getProperty("server.port", "8080"))) {
            throw new IllegalArgumentException("management.server.port and server.port are both " + port
                    + ": the console and the metrics need a port of their own");
        }
        Map<String, Object> defaults = new HashMap<>();
        Embedding embedding = new Embedding(environment, bundles);
        embedding.addTo(defaults);
        defaults.put("converter.workers", Runtime.getRuntime().availableProcessors());
        defaults.put("management.only", !http);
        List<String> servers = servers(bundles);
        servers.forEach(server -> defaults.put("needs." + server, true));
        defaults.put("needs.mail", bundles.contains(Bundle.NOTIFICATION));
        defaults.put(
                "management.endpoint.health.group.readiness.include",
                "readinessState,camelReadinessState," + String.join(",", servers));
        List<String> folders = new ArrayList<>();
        bundles.forEach(bundle -> folders.add(bundle.key()));
        if (bundles.contains(Bundle.GATEWAY) && embedding.mail()) {
            folders.add("embedded");
        }
        defaults.put(
                "camel.main.routes-include-pattern",
                String.join(",", files(environment.getProperty("routes.location", "classpath:routes"), folders)));
        List<String> excluded = new ArrayList<>();
        if (!bundles.contains(Bundle.AUTH)) {
            excluded.addAll(SQL);
        }
        if (bundles.equals(Set.of(Bundle.AUTH))) {
            excluded.add(MONGO);
        }
        defaults.put("spring.autoconfigure.exclude", String.join(",", excluded));
        environment.getPropertySources().addLast(new MapPropertySource("bundles", defaults));
        environment.getPropertySources().addFirst(new MapPropertySource("embedding", embedding.overrides()));
    }

    /** What has to be there before a process gets requests or messages, under the names of {@link Servers}. */
    private static List<String> servers(Set<Bundle> bundles) {
        List<String> parts = new ArrayList<>();
        if (bundles.contains(Bundle.AUTH)) {
            parts.add("db");
        }
        if (!bundles.equals(Set.of(Bundle.AUTH))) {
            parts.addAll(List.of("rabbit", "mongo"));
        }
        return parts;
    }

    /** Beans come first: a route file can only name what has been declared before it is read. */
    private static List<String> files(String location, List<String> folders) {
        PathMatchingResourcePatternResolver resolver = new PathMatchingResourcePatternResolver();
        List<String> files = new ArrayList<>(List.of(location + "/failures.camel.yaml"));
        for (String folder : folders) {
            String pattern = location + "/" + folder + "/*.camel.yaml";
            try {
                List<String> found = Arrays.stream(resolver.getResources(pattern))
                        .map(Resource::getFilename)
                        .map(name -> location + "/" + folder + "/" + name)
                        .sorted((a, b) ->
                                Boolean.compare(b.endsWith("/beans.camel.yaml"), a.endsWith("/beans.camel.yaml")))
                        .toList();
                if (found.isEmpty()) {
                    throw new IllegalArgumentException("routes.location has no route files: " + pattern);
                }
                files.addAll(found);
            } catch (IOException e) {
                throw new UncheckedIOException("routes.location can't be read: " + pattern, e);
            }
        }
        return files;
    }
}
