package io.github.videotomp3;

import io.github.videotomp3.RouteFiles.Place;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Draws the route files as a flowchart of Mermaid: each file a box in its bundle, each queue a hexagon, each store a
 * cylinder. What many routes of a bundle have in common, their callers and their stores, hangs on the bundle. Routes
 * that an operator starts are left out: each leads back to where a line came from.
 */
final class RoutePicture {

    private static final Pattern TABLE = Pattern.compile("(?:FROM|INTO|UPDATE) (\\w+)");
    private static final String FILES = "io.github.videotomp3.job.StoredFiles";
    private static final String JOBS = "io.github.videotomp3.job.Jobs"; // in the database of the videos

    private static final String GRIDFS = "GridFS";

    private final RouteFiles files;
    private final Map<String, Map<String, Set<String>>> boxes = new LinkedHashMap<>();
    private final Map<String, Set<String>> stores = new TreeMap<>();
    private final Set<String> queues = new TreeSet<>();
    private final Set<String> links = new LinkedHashSet<>();

    private RoutePicture(RouteFiles files) {
        this.files = files;
    }

    static String of(RouteFiles files) {
        RoutePicture picture = new RoutePicture(files);
        Integrations.BUNDLES.forEach(picture::draw);
        return picture.mermaid();
    }

    private void draw(String bundle) {
        boxes.put(bundle, new LinkedHashMap<>());
        of(bundle, files.routes()).filter(RoutePicture::startsByItself).forEach(route -> {
            boxes.get(bundle).computeIfAbsent(route.file(), file -> new LinkedHashSet<>());
            from(route.under("from"));
            RouteFiles.stepsOfRoute(route).forEach(step -> to(step.place()));
            RouteFiles.beansIn(route.map()).forEach(bean -> bean(bundle, bean));
        });
    }

    private static boolean startsByItself(Place route) {
        return !route.text("autoStartup").equals("false");
    }

    private static Stream<Place> of(String bundle, Collection<Place> places) {
        return places.stream().filter(place -> place.bundle().equals(bundle));
    }

    private void from(Place from) {
        if (from.uri().startsWith("platform-http:")) {
            String path = from.uri().replace("platform-http:", "");
            if (!path.startsWith("{{")) {
                links.add("person --> " + from.bundle());
            }
            String method = from.under("parameters").text("httpMethodRestrict").replaceFirst(",.*", "");
            boxes.get(from.bundle()).get(from.file()).add(method + " " + path.replace("{{auth.path}}", "/auth"));
        } else if (from.uri().startsWith("spring-rabbitmq:")) {
            links.add(queue(from.under("parameters").text("queues")) + " --> " + from.file());
        }
    }

    private void to(Place step) {
        for (Map.Entry<String, String> text : RouteFiles.texts(step.map())) {
            if (text.getValue().startsWith("direct:")) {
                String file = text.getValue().replace("direct:", "");
                if (!file.startsWith(step.file()) && !file.endsWith("-failures")) { // what goes wrong is no way to go
                    links.add(step.file() + " --> " + file);
                }
            }
        }
        if (step.uri().startsWith("spring-rabbitmq:")) {
            links.add(step.file() + " --> " + queue(step.under("parameters").text("routingKey")));
        } else if (step.uri().startsWith("mongodb-gridfs:")) {
            store(step.bundle(), step.under("parameters").text("database"), GRIDFS);
        } else if (step.uri().startsWith("sql:")) {
            Matcher table = TABLE.matcher(step.uri());
            if (table.find()) {
                store(step.bundle(), "SQL", "table " + table.group(1));
            }
        } else if (step.uri().startsWith("smtp:")) {
            links.add(step.file() + " --> mailbox");
        } else if (step.uri().startsWith("http:")) {
            links.add(step.file() + " --> receiver");
        } else if (step.uri().startsWith("{{gateway.auth.url}}")) {
            String path = "platform-http:{{auth.path}}" + step.uri().replace("{{gateway.auth.url}}", "");
            files.routes().stream()
                    .filter(route -> route.under("from").uri().equals(path))
                    .forEach(route -> links.add(step.file() + " --> " + route.file()));
        }
    }

    /** The store that a bean is, or those of the beans that it is made of. */
    private void bean(String bundle, String name) {
        of(bundle, files.beans()).filter(bean -> bean.text("name").equals(name)).forEach(bean -> {
            if (bean.text("type").equals(FILES)) {
                store(bundle, bean.under("constructors").text("1"), GRIDFS);
            } else if (bean.text("type").equals(JOBS)) {
                store(bundle, "videos", "jobs");
            } else {
                RouteFiles.beansIn(bean.map()).forEach(part -> bean(bundle, part));
            }
        });
    }

    private void store(String bundle, String store, String content) {
        stores.computeIfAbsent(store, name -> new TreeSet<>()).add(content);
        links.add(bundle + " --- " + store);
    }

    private String queue(String key) {
        String queue = key.replaceFirst("\\{\\{queues\\.(.*?)}}", "$1");
        queues.add(queue);
        return id(queue);
    }

    private static String id(String queue) {
        return "queue-" + queue.replace('.', '-');
    }

    private String mermaid() {
        StringBuilder out = new StringBuilder("flowchart LR\n  person([person or program])\n");
        boxes.forEach((bundle, routes) -> {
            out.append("  subgraph ").append(bundle).append('\n');
            routes.forEach((file, paths) -> {
                out.append("    ").append(file);
                if (!paths.isEmpty()) {
                    out.append("[\"")
                            .append(file)
                            .append("<br>")
                            .append(String.join("<br>", paths))
                            .append("\"]");
                }
                out.append('\n');
            });
            out.append("  end\n");
        });
        queues.forEach(queue -> line(out, id(queue) + "{{queue " + queue + "}}"));
        stores.forEach(
                (store, contents) -> line(out, store + "[(\"" + store + "<br>" + String.join(", ", contents) + "\")]"));
        line(out, "mailbox([mailbox])");
        line(out, "receiver([receiver of a webhook])");
        out.append('\n');
        links.forEach(link -> line(out, link));
        return out.toString();
    }

    private static void line(StringBuilder out, String line) {
        out.append("  ").append(line).append('\n');
    }
}
