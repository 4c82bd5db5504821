package io.github.videotomp3;

import io.github.videotomp3.RouteFiles.Place;
import io.github.videotomp3.RouteFiles.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A rule for the files in {@code routes/}; its faults are sentences that name file and step. */
enum RouteRule {
    /** The file x.camel.yaml holds the route x and its helpers x-word, nothing else. */
    FILE_IS_ROUTE(RouteRule::wrongNames),
    /** What is called by direct: is the route of that name. */
    INTERNAL_IS_DIRECT(RouteRule::wrongDirects),
    GROUP_IS_FOLDER(files -> files.routes().stream()
            .filter(route -> !route.text("group").equals(route.bundle()))
            .map(route -> route + " has the group " + route.text("group"))
            .toList()),
    DESCRIPTION_IS_A_SENTENCE(files -> Stream.concat(files.routes().stream(), files.configurations().stream())
            .filter(route -> !isSentence(route.text("description")))
            .map(route -> route + " has no sentence that begins with a verb: " + route.text("description"))
            .toList()),
    STEP_HAS_A_SHORT_ID(RouteRule::badIds),
    /** Only a queue is called the same where it is emptied and where it is filled first; Camel allows one step of an id. */
    ID_IS_UNIQUE(RouteRule::repeatedIds),
    YAML_IS_CANONICAL(RouteRule::shorthands),
    /** Hawtio draws the text of an expression, and "sfd" where there is none: in method: and in an empty constant. */
    BOX_HAS_WORDS(files -> files.steps().stream()
            .map(step -> step.place().under("expression"))
            .filter(expression -> expression.map().values().stream()
                    .anyMatch(language -> !(language instanceof Map<?, ?> map
                            && map.get("expression") instanceof String text
                            && !text.isBlank())))
            .map(expression -> expression + " has no text in its box")
            .toList()),
    NINE_BOXES_HIGH(RouteRule::tooHigh),
    ONE_CHOICE_AT_THE_END(RouteRule::forks),
    NO_HIDDEN_FAILURES(RouteRule::hiddenFailures),
    NO_LONG_SCRIPT(files -> files.entries().stream()
            .flatMap(entry -> RouteFiles.texts(entry.place().map()).stream()
                    .filter(text -> text.getValue().strip().contains("\n"))
                    .map(text -> entry.place() + " has a text of several lines: " + text.getValue()))
            .toList()),
    NOTHING_OF_A_DEPLOYMENT(RouteRule::literals),
    KEY_IS_A_SETTING(RouteRule::unknownKeys),
    SETTING_IS_USED(RouteRule::unusedSettings),
    FAILS_IN_A_KNOWN_WAY(RouteRule::unknownFailures),
    /** What stands behind -to- in one name and before it in the next is the queue between the two. */
    QUEUE_STANDS_IN_BOTH_NAMES(RouteRule::wrongQueues),
    NO_SEDA(files -> files.routes().stream()
            .flatMap(route -> RouteFiles.texts(route.map()).stream()
                    .filter(text -> text.getValue().matches("(seda|vm|disruptor|disruptor-vm):.*"))
                    .map(text -> route + " would lose messages in " + text.getValue()))
            .toList()),
    SAME_BEAN_IS_DECLARED_ALIKE(RouteRule::differentBeans),
    BEAN_IS_DECLARED(RouteRule::missingBeans),
    /** Of two methods of one name Camel takes the one with more parameters, and fills them with whatever there is. */
    METHOD_IS_UNIQUE(RouteRule::overloadedMethods),
    HEADERS_ARE_FILTERED(RouteRule::unfiltered);

    private static final int LONGEST_ID = 15;
    private static final int HIGHEST = 9;
    private static final Pattern KEBAB = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final Pattern BEAN_CALL = Pattern.compile("(\\w+)\\?method=(\\w+)");
    private static final String FAILURES = "failures";
    private static final String QUEUE = "spring-rabbitmq:";

    private static final Set<String> LANGUAGES = Set.of(
            "simple",
            "constant",
            "method",
            "header",
            "exchangeProperty",
            "jsonpath",
            "jq",
            "xpath",
            "groovy",
            "joor",
            "java",
            "js",
            "mvel",
            "ognl",
            "spel",
            "csimple",
            "datasonnet",
            "tokenize",
            "ref",
            "variable");

    /** Defaults that the program works out at its start. */
    private static final Set<String> WORKED_OUT =
            Set.of("spring.mail.host", "spring.mail.port", "converter.workers", "notification.starttls", "data.folder");

    private static final Set<String> BEANS_OF_SPRING = Set.of("mongo", "dataSource", "embeddedMail");

    private final Function<RouteFiles, List<String>> check;

    RouteRule(Function<RouteFiles, List<String>> check) {
        this.check = check;
    }

    List<String> faults(RouteFiles files) {
        return check.apply(files);
    }

    private static Stream<Place> all(RouteFiles files) {
        return Stream.concat(files.froms().stream(), files.steps().stream().map(Step::place));
    }

    private static List<String> wrongNames(RouteFiles files) {
        List<String> faults = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        Map<String, Set<String>> idsOfFile = new HashMap<>();
        for (Step entry : files.entries()) {
            Place place = entry.place();
            Set<String> kinds = place.bundle().equals(FAILURES)
                    ? Set.of("route", "routeConfiguration", "beans")
                    : Set.of(place.file().equals("beans") ? "beans" : "route");
            if (!kinds.contains(entry.kind())) {
                faults.add(place + " is a " + entry.kind() + ", which has no place in this file");
            }
        }
        for (Place route : files.routes()) {
            String id = route.text("id");
            boolean named = id.equals(route.file())
                    || id.matches(Pattern.quote(route.file()) + "-[a-z0-9]+")
                    || route.bundle().equals(FAILURES) && id.endsWith("-failures");
            if (!named) {
                faults.add(route + " is not named by its file");
            }
            if (!ids.add(id)) {
                faults.add(route + " has the id of another route");
            }
            idsOfFile
                    .computeIfAbsent(route.bundle() + "/" + route.file(), file -> new HashSet<>())
                    .add(id);
        }
        idsOfFile.forEach((file, own) -> {
            String name = file.substring(file.indexOf('/') + 1);
            if (!name.equals(FAILURES) && !own.contains(name)) {
                faults.add(file + " has no route " + name);
            }
        });
        return faults;
    }

    private static List<String> wrongDirects(RouteFiles files) {
        List<String> faults = new ArrayList<>();
        Set<String> called = new HashSet<>();
        Set<String> served = new HashSet<>();
        for (Place route : files.routes()) {
            String uri = route.under("from").uri();
            if (uri.startsWith("direct:")) {
                served.add(uri);
                if (!uri.equals("direct:" + route.text("id"))) {
                    faults.add(route + " is called " + uri);
                }
            }
            RouteFiles.texts(route.under("from").map().get("steps")).stream()
                    .map(Map.Entry::getValue)
                    .filter(text -> text.startsWith("direct:"))
                    .forEach(called::add);
        }
        for (Place configuration : files.configurations()) {
            RouteFiles.texts(configuration.map()).stream()
                    .map(Map.Entry::getValue)
                    .filter(text -> text.startsWith("direct:"))
                    .forEach(called::add);
        }
        called.stream().filter(uri -> !served.contains(uri)).forEach(uri -> faults.add(uri + " is no route"));
        served.stream().filter(uri -> !called.contains(uri)).forEach(uri -> faults.add(uri + " is never called"));
        return faults;
    }

    /** A capital, a verb as in a command, one sentence, no full stop. */
    private static boolean isSentence(String description) {
        String first = description.split(" ", 2)[0];
        boolean command = first.matches("[A-Z][a-z]+")
                && !first.matches("The|An?|This|It|Its|Route|Queue|.*[^s]s|.*ing|.*ed")
                && description.contains(" ");
        return command && !description.endsWith(".") && !description.contains(". ") && !description.contains("\n");
    }

    private static List<String> badIds(RouteFiles files) {
        return all(files)
                .filter(place -> place.text("id").length() > LONGEST_ID
                        || !KEBAB.matcher(place.text("id")).matches())
                .map(place -> place + " has no id in kebab-case of at most " + LONGEST_ID + " characters")
                .toList();
    }

    private static List<String> tooHigh(RouteFiles files) {
        return files.froms().stream()
                .filter(from -> 1 + height(from) > HIGHEST)
                .map(from -> from + " is " + (1 + height(from)) + " boxes high")
                .toList();
    }

    private static List<String> repeatedIds(RouteFiles files) {
        List<String> faults = new ArrayList<>();
        Map<String, Place> froms = new HashMap<>();
        files.froms().forEach(from -> {
            if (froms.putIfAbsent(from.text("id"), from) != null) {
                faults.add(from + " has the id of another from");
            }
        });
        Map<String, Place> seen = new HashMap<>();
        files.steps().stream().map(Step::place).forEach(place -> {
            Place before = seen.putIfAbsent(place.text("id"), place);
            Place from = froms.get(place.text("id"));
            if (before != null) {
                faults.add(place + " has the id of a step in " + before.file());
            } else if (from != null && !(queue(place) != null && queue(place).equals(queue(from)))) {
                faults.add(place + " has the id of the from in " + from.file());
            }
        });
        return faults;
    }

    /** The queue that an endpoint fills or empties; null if it is none. */
    private static String queue(Place endpoint) {
        if (!endpoint.uri().startsWith(QUEUE)) {
            return null;
        }
        Place parameters = endpoint.under("parameters");
        return parameters.text("queues") + parameters.text("routingKey");
    }

    private static List<String> shorthands(RouteFiles files) {
        List<String> faults = new ArrayList<>();
        all(files).forEach(place -> {
            if (place.map().containsKey("value") && place.map().size() == 1) {
                faults.add(place + " is a shorthand");
            }
            if (place.uri().contains("?")) {
                faults.add(place + " has its parameters in the address");
            }
            for (Map.Entry<?, ?> field : place.map().entrySet()) {
                boolean expression = field.getKey().toString().toLowerCase().endsWith("expression");
                if (expression
                        && !(field.getValue() instanceof Map<?, ?> language
                                && language.values().stream().allMatch(Map.class::isInstance))) {
                    faults.add(place + " has an expression in shorthand");
                }
                if (LANGUAGES.contains(field.getKey()) && field.getValue() instanceof Map) {
                    faults.add(place + " has an expression that is not under expression:");
                }
            }
        });
        return faults;
    }

    private static int height(Place parent) {
        int height = 0;
        for (Step step : RouteFiles.stepsOf(parent)) {
            height += 1 + height(step.place());
            height += RouteFiles.branchesOf(step.place()).stream()
                    .mapToInt(branch -> 1 + height(branch.place()))
                    .max()
                    .orElse(0);
        }
        return height;
    }

    private static List<String> forks(RouteFiles files) {
        List<String> faults = new ArrayList<>();
        for (Place from : files.froms()) {
            List<Step> steps = RouteFiles.stepsOf(from);
            for (int i = 0; i < steps.size(); i++) {
                Step step = steps.get(i);
                if (step.kind().equals("choice")) {
                    if (i < steps.size() - 1) {
                        faults.add(step.place() + " is not at the end");
                    }
                    if (RouteFiles.branchesOf(step.place()).size() > 2) {
                        faults.add(step.place() + " has more than two branches");
                    }
                }
            }
        }
        long choices = files.steps().stream()
                .filter(step -> step.kind().equals("choice"))
                .count();
        long atTheTop = files.froms().stream()
                .flatMap(from -> RouteFiles.stepsOf(from).stream())
                .filter(step -> step.kind().equals("choice"))
                .count();
        if (choices > atTheTop) {
            faults.add("there is a choice within another step");
        }
        return faults;
    }

    private static List<String> hiddenFailures(RouteFiles files) {
        List<String> faults = new ArrayList<>();
        files.entries().stream()
                .filter(entry -> entry.kind().equals("onException"))
                .forEach(entry -> faults.add(entry.place().file() + " has an onException"));
        Stream.concat(files.routes().stream(), files.configurations().stream())
                .filter(place -> place.map().containsKey("onException")
                        || place.map().containsKey("errorHandler")
                                && files.routes().contains(place))
                .forEach(place -> faults.add(place + " has its own way to fail"));
        files.steps().stream()
                .filter(step -> Set.of("doTry", "doCatch", "onException").contains(step.kind()))
                .forEach(step -> faults.add(step.place() + " is a " + step.kind()));
        return faults;
    }

    private static List<String> literals(RouteFiles files) {
        List<String> faults = new ArrayList<>();
        Pattern address = Pattern.compile(
                ".*(localhost|\\b\\d{1,3}(\\.\\d{1,3}){3}\\b|://[^{]|\\w@\\w|[\\w}]:\\d{2,5}\\b).*", Pattern.DOTALL);
        Set<String> own = Set.of("host", "hostname", "port", "user", "username", "password", "secret");
        for (Step entry : files.entries()) {
            for (Map.Entry<String, String> text : RouteFiles.texts(entry.place().map())) {
                boolean shown = Set.of("description", "message").contains(text.getKey());
                boolean literal =
                        own.contains(text.getKey()) && !text.getValue().startsWith("{{");
                if (!shown && (literal || address.matcher(text.getValue()).matches())) {
                    faults.add(entry.place() + " belongs to one deployment: " + text.getValue());
                }
            }
        }
        return faults;
    }

    private static List<String> usedKeys(RouteFiles files) {
        return files.entries().stream()
                .flatMap(entry -> RouteFiles.keys(entry.place().map()).stream())
                .toList();
    }

    private static List<String> unknownKeys(RouteFiles files) {
        List<String> faults = new ArrayList<>();
        List<String> settings = files.settingKeys(key -> true);
        Set<String> once = new HashSet<>();
        settings.stream().filter(key -> !once.add(key)).forEach(key -> faults.add(key + " is set twice"));
        usedKeys(files).stream()
                .filter(key -> !key.contains(":") && !once.contains(key) && !WORKED_OUT.contains(key))
                .forEach(key -> faults.add("{{" + key + "}} is no setting"));
        return faults;
    }

    private static List<String> unusedSettings(RouteFiles files) {
        Collection<String> used = new HashSet<>(usedKeys(files));
        return files.settingKeys(key -> key.matches("(auth|gateway|converter|notification|queues)\\..*")).stream()
                .filter(key -> !used.contains(key)
                        && !files.java().contains("\"" + key + "\"")
                        && !files.java().contains("${" + key + "}")
                        && !files.settings().contains("${" + key + "}"))
                .map(key -> key + " is a setting that nothing uses")
                .toList();
    }

    private static List<String> unknownFailures(RouteFiles files) {
        List<String> known =
                files.configurations().stream().map(place -> place.text("id")).toList();
        return files.routes().stream()
                .filter(route -> !known.contains(route.text("routeConfigurationId")))
                .map(route -> route + " fails in no known way: " + route.text("routeConfigurationId"))
                .toList();
    }

    private static List<String> wrongQueues(RouteFiles files) {
        List<String> faults = new ArrayList<>();
        Set<String> emptied = new HashSet<>();
        Map<String, Set<String>> filledBy = new HashMap<>();
        all(files).filter(place -> queue(place) != null).forEach(place -> {
            boolean from = files.froms().contains(place);
            Place parameters = place.under("parameters");
            String key = parameters.text(from ? "queues" : "routingKey");
            String word = key.replaceFirst("\\{\\{queues\\.([a-z0-9-]+)}}.*", "$1");
            boolean main = key.endsWith("}}");
            if (!place.uri().equals(QUEUE + "default") || !key.matches("\\{\\{queues\\.[a-z0-9-]+}}(\\.[a-z]+)?")) {
                faults.add(place + " does not name a queue of the default exchange by {{queues.…}}");
            }
            boolean back = !from && place.file().endsWith("-failed-to-" + word);
            String name = back ? "again-" + word : word + "-queue";
            if (main && !place.text("id").equals(name)) {
                faults.add(place + " is not called " + name);
            }
            if (from) {
                String source = main ? word : word + key.replaceFirst(".*}}\\.", "-");
                if (main) {
                    emptied.add(word);
                }
                if (!place.file().startsWith(source + "-to-")) {
                    faults.add(place + " takes from " + source + ", which its file does not say");
                }
            } else if (main) {
                filledBy.computeIfAbsent(word, queue -> new HashSet<>()).add(place.file());
            }
        });
        emptied.stream()
                .filter(queue -> !filledBy.containsKey(queue))
                .forEach(queue -> faults.add("nothing fills " + queue));
        filledBy.forEach((queue, by) -> {
            if (!emptied.contains(queue)) {
                faults.add("nothing empties " + queue);
            }
            files.routes().stream()
                    .filter(route -> route.text("id").endsWith("-to-" + queue) && !by.contains(route.file()))
                    .filter(route -> by.stream()
                            .noneMatch(file -> RouteFiles.texts(route.map()).stream()
                                    .anyMatch(text -> text.getValue().equals("direct:" + file))))
                    .forEach(route -> faults.add(route + " does not fill " + queue));
        });
        return faults;
    }

    private static List<String> differentBeans(RouteFiles files) {
        Map<String, Place> seen = new HashMap<>();
        return files.beans().stream()
                .filter(bean -> {
                    Place before = seen.putIfAbsent(bean.text("name"), bean);
                    return before != null
                            && (before.bundle().equals(bean.bundle())
                                    || !before.map().equals(bean.map()));
                })
                .map(bean -> bean + " is declared otherwise elsewhere, or twice here")
                .toList();
    }

    private static List<String> missingBeans(RouteFiles files) {
        List<String> faults = new ArrayList<>();
        for (Step entry : files.entries()) {
            Place place = entry.place();
            Set<String> declared = new HashSet<>(BEANS_OF_SPRING);
            files.beans().stream()
                    .filter(bean -> bean.bundle().equals(place.bundle())
                            || bean.bundle().equals(FAILURES)
                            || place.bundle().equals("embedded")
                                    && bean.bundle().equals("gateway"))
                    .forEach(bean -> declared.add(bean.text("name")));
            RouteFiles.beansIn(place.map()).stream()
                    .filter(bean -> !declared.contains(bean))
                    .forEach(bean -> faults.add(place + " uses " + bean + ", which its bundle does not declare"));
        }
        return faults;
    }

    private static List<String> overloadedMethods(RouteFiles files) {
        Map<String, String> types = new HashMap<>();
        files.beans().forEach(bean -> types.put(bean.text("name"), bean.text("type")));
        List<String> faults = new ArrayList<>();
        for (Step step : files.steps()) {
            Stream.concat(
                            Stream.of(step.place().text("ref") + "?method="
                                    + step.place().text("method")),
                            RouteFiles.texts(step.place().map()).stream().map(Map.Entry::getValue))
                    .map(BEAN_CALL::matcher)
                    .filter(Matcher::find)
                    .filter(call -> types.containsKey(call.group(1)))
                    .filter(call -> methods(types.get(call.group(1)), call.group(2)) > 1)
                    .forEach(call -> faults.add(step.place() + " calls one of several methods " + call.group(2)));
        }
        return faults;
    }

    private static long methods(String type, String name) {
        try {
            return Arrays.stream(Class.forName(type).getDeclaredMethods())
                    .filter(method -> method.getName().equals(name))
                    .count();
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException(
                    "the routes have a bean of the class " + type + ", which there is not", e);
        }
    }

    private static List<String> unfiltered(RouteFiles files) {
        return all(files)
                .filter(place -> place.uri().matches("(platform-http|https?|smtps?):.*|\\{\\{[a-z.-]+\\.url}}.*"))
                .filter(place ->
                        !place.under("parameters").text("headerFilterStrategy").startsWith("#"))
                .map(place -> place + " lets all headers pass")
                .toList();
    }
}
