package io.github.videotomp3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;

/** What the files of a folder of routes say, and the settings and the Java beside them. */
final class RouteFiles {

    private static final String SUFFIX = ".camel.yaml";
    private static final Pattern BEAN = Pattern.compile("\\$\\{bean:(?!type:)(\\w+)");
    private static final Pattern KEY = Pattern.compile("\\{\\{([^}]*)}}");

    /** A value in a file, which messages about it name. */
    record Place(String bundle, String file, Map<?, ?> map) {

        String text(String key) {
            return map.get(key) instanceof String text ? text : "";
        }

        Place under(String key) {
            return new Place(bundle, file, map.get(key) instanceof Map<?, ?> under ? under : Map.of());
        }

        String uri() {
            return text("uri");
        }

        @Override
        public String toString() {
            return bundle + "/" + file + ": "
                    + (map.containsKey("id") ? map.get("id") : map.containsKey("name") ? map.get("name") : map);
        }
    }

    /** A step with its name, such as {@code to} or {@code when}. */
    record Step(String kind, Place place) {}

    private final Map<String, List<?>> files = new LinkedHashMap<>();
    private final String settings;
    private final String java;

    RouteFiles(Path folder, String settings, String java) {
        this.settings = settings;
        this.java = java;
        LoaderOptions strict = new LoaderOptions();
        strict.setAllowDuplicateKeys(false);
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path file : found.filter(Files::isRegularFile).sorted().toList()) {
                String name = folder.relativize(file).toString().replace('\\', '/');
                if (!name.endsWith(SUFFIX)) {
                    throw new AssertionError(name + " does not end in " + SUFFIX);
                }
                files.put(
                        name.substring(0, name.length() - SUFFIX.length()),
                        new Yaml(strict).load(Files.readString(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String settings() {
        return settings;
    }

    String java() {
        return java;
    }

    /** Each entry of each file with its kind: route, routeConfiguration, beans, or what should not be there. */
    List<Step> entries() {
        List<Step> entries = new ArrayList<>();
        files.forEach((path, list) -> list.forEach(entry -> ((Map<?, ?>) entry)
                .forEach((kind, value) -> entries.add(new Step((String) kind, place(path, value))))));
        return entries;
    }

    private static Place place(String path, Object value) {
        String bundle = path.contains("/") ? path.substring(0, path.indexOf('/')) : "failures";
        String file = path.substring(path.indexOf('/') + 1);
        return new Place(bundle, file, value instanceof Map<?, ?> map ? map : Map.of("value", value));
    }

    List<Place> routes() {
        return of("route");
    }

    List<Place> configurations() {
        return of("routeConfiguration");
    }

    List<Place> beans() {
        List<Place> beans = new ArrayList<>();
        for (Place entry : of("beans")) {
            for (Object bean : (List<?>) entry.map().get("value")) {
                beans.add(new Place(entry.bundle(), entry.file(), (Map<?, ?>) bean));
            }
        }
        return beans;
    }

    private List<Place> of(String kind) {
        return entries().stream()
                .filter(entry -> entry.kind().equals(kind))
                .map(Step::place)
                .toList();
    }

    List<Place> froms() {
        return routes().stream().map(route -> route.under("from")).toList();
    }

    /** All steps of all routes, those within others too; a step that is no map has the text under {@code value}. */
    List<Step> steps() {
        return routes().stream().flatMap(route -> stepsOfRoute(route).stream()).toList();
    }

    static List<Step> stepsOfRoute(Place route) {
        List<Step> steps = new ArrayList<>();
        collect(route.under("from"), steps);
        return steps;
    }

    /** The steps directly within a from, a step or a branch. */
    static List<Step> stepsOf(Place parent) {
        List<Step> steps = new ArrayList<>();
        if (parent.map().get("steps") instanceof List<?> list) {
            for (Object step : list) {
                ((Map<?, ?>) step)
                        .forEach((kind, value) -> steps.add(new Step(
                                (String) kind,
                                new Place(
                                        parent.bundle(),
                                        parent.file(),
                                        value instanceof Map<?, ?> map ? map : Map.of("value", value)))));
            }
        }
        return steps;
    }

    /** The branches of a choice. */
    static List<Step> branchesOf(Place choice) {
        List<Step> branches = new ArrayList<>();
        if (choice.map().get("when") instanceof List<?> whens) {
            whens.forEach(when ->
                    branches.add(new Step("when", new Place(choice.bundle(), choice.file(), (Map<?, ?>) when))));
        }
        if (choice.map().containsKey("otherwise")) {
            branches.add(new Step("otherwise", choice.under("otherwise")));
        }
        return branches;
    }

    private static void collect(Place parent, List<Step> steps) {
        for (Step step : stepsOf(parent)) {
            steps.add(step);
            collect(step.place(), steps);
            for (Step branch : branchesOf(step.place())) {
                steps.add(branch);
                collect(branch.place(), steps);
            }
        }
    }

    /** All texts anywhere under a value, with the key under which each stands. */
    static List<Map.Entry<String, String>> texts(Object value) {
        List<Map.Entry<String, String>> texts = new ArrayList<>();
        collectTexts("", value, texts);
        return texts;
    }

    private static void collectTexts(String key, Object value, List<Map.Entry<String, String>> texts) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, under) -> collectTexts((String) name, under, texts));
        } else if (value instanceof List<?> list) {
            list.forEach(each -> collectTexts(key, each, texts));
        } else {
            texts.add(Map.entry(key, String.valueOf(value)));
        }
    }

    /** The beans that are named anywhere under a value: by ref, by #name or #bean:name, or in an expression of simple. */
    static List<String> beansIn(Object value) {
        List<String> beans = new ArrayList<>();
        for (Map.Entry<String, String> text : texts(value)) {
            Matcher reference = BEAN.matcher(text.getValue());
            if (text.getKey().equals("ref")) {
                beans.add(text.getValue());
            } else if (text.getValue().startsWith("#") && !text.getValue().matches("#(class:|valueAs\\().*")) {
                beans.add(text.getValue().replaceFirst("#(bean:)?", ""));
            }
            while (reference.find()) {
                beans.add(reference.group(1));
            }
        }
        return beans;
    }

    /** The {@code {{keys}}} in all texts under a value, as they stand there, with a default where they have one. */
    static List<String> keys(Object value) {
        List<String> keys = new ArrayList<>();
        for (Map.Entry<String, String> text : texts(value)) {
            Matcher key = KEY.matcher(text.getValue());
            while (key.find()) {
                keys.add(key.group(1));
            }
        }
        return keys;
    }

    /** The keys of the settings that a predicate takes, as often as they stand there. */
    List<String> settingKeys(Predicate<String> which) {
        return settings.lines()
                .filter(line -> !line.startsWith("#") && line.contains("="))
                .map(line -> line.substring(0, line.indexOf('=')))
                .filter(which)
                .toList();
    }
}
