package io.github.videotomp3;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.github.videotomp3.RouteFiles.Place;
import io.github.videotomp3.RouteFiles.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;

/** The operator's console in a real browser: what it draws of the routes, and what can be done to them there. */
class ConsoleIT {

    private static final By BOX = By.cssSelector(".react-flow__node");
    private static final RouteFiles FILES = new RouteFiles(Path.of("routes"), "", "");

    /** Of these Hawtio 5.2 draws no box. */
    private static final Set<String> UNSEEN = Set.of("marshal", "unmarshal");

    @TempDir
    static Path home;

    private static Service service;
    private static Browser browser;

    @BeforeAll
    static void logIn() throws IOException {
        browser = new Browser();
        service = new Service(home, "--keep.video=1h").start();
        browser.open(service.managementUrl() + "/hawtio/");
        browser.find(By.name("username")).sendKeys("operator");
        browser.find(By.name("password")).sendKeys(service.operatorPassword().strip());
        browser.find(By.cssSelector("button[type=submit]")).click();
        browser.find(BOX);
    }

    @AfterAll
    static void stop() throws Exception {
        if (browser != null) {
            browser.close();
        }
        if (service != null) {
            service.close();
        }
    }

    @AfterEach
    void complainsOfNothing() {
        assertThat(browser.complaints())
                .filteredOn(
                        complaint -> !complaint.contains("/hawtio/preset-connections")) // Hawtio asks, nobody answers
                .isEmpty();
    }

    @Test
    void drawsEveryStepOfEveryRouteAndLetsItsIdFitTheBox() {
        openAllRoutes();
        List<String> ids = FILES.routes().stream()
                .flatMap(ConsoleIT::boxes)
                .map(id -> "(ID: " + id + ")")
                .toList();

        assertThat(texts(".camel-node-id")).hasSize(ids.size()).containsAll(ids);
        assertThat(texts(".camel-node-label")).noneMatch(label -> label.contains("sfd"));
        assertThat(browser.<List<String>>run("""
                        return [...document.querySelectorAll('.camel-node-id')]
                            .filter(id => id.getClientRects().length > 1 || id.scrollWidth > id.parentNode.clientWidth)
                            .map(id => id.innerText)""")).isEmpty();
    }

    static Stream<String> routes() {
        return Boolean.getBoolean("diagrams.all")
                ? FILES.routes().stream().map(route -> route.text("id"))
                : Stream.of("upload-to-video", "video-to-mp3-convert", "ended-to-mp3-tell");
    }

    /** The pictures are kept in {@code target/diagrams}: the three that the README has, or those of all routes. */
    @ParameterizedTest
    @MethodSource("routes")
    void drawsOneRoute(String id) throws IOException {
        Place route = FILES.routes().stream()
                .filter(each -> each.text("id").equals(id))
                .findFirst()
                .orElseThrow();
        List<String> expected =
                boxes(route).map(box -> "(ID: " + box + ")").sorted().toList();

        openAllRoutes(); // anew: from one route to another Hawtio 5.2 takes edges along, and draws crooked
        click(browser.find(By.xpath("//button[normalize-space()='Expand all']")));
        click(browser.find(By.xpath("//*[contains(@class,'tree-view')]//*[normalize-space(text())='" + id + "']")));
        // moved into place once it is drawn, and drawn anew while the console counts
        Path picture = Files.createDirectories(Path.of("target/diagrams")).resolve(id + ".png");
        List<String> places = new ArrayList<>();
        browser.until(id, () -> {
            places.add(places());
            boolean drawn = shownIds().equals(expected)
                    && places.size() > 1
                    && places.get(places.size() - 1).equals(places.get(places.size() - 2));
            Files.write(
                    picture,
                    browser.find(By.id("camel-route-diagram-outer-div")).getScreenshotAs(OutputType.BYTES));
            return drawn && shownIds().equals(expected);
        });
    }

    private static String places() {
        return browser.run("return [...document.querySelectorAll('.react-flow__node')]"
                + ".map(box => Object.values(box.getBoundingClientRect().toJSON()).map(Math.round).join()).join(';')");
    }

    private static List<String> shownIds() {
        return texts(".camel-node-id").stream().sorted().toList();
    }

    @Test
    void stopsARouteAndStartsItAgain() {
        openAllRoutes();
        click(browser.find(By.xpath("//*[normalize-space(text())='Routes']")));

        press("Stop", "jobs-to-list");
        browser.until("stopped", () -> row("jobs-to-list").getText().contains("Stopped"));
        press("Start", "jobs-to-list");
        browser.until("started", () -> row("jobs-to-list").getText().contains("Started"));
    }

    @Test
    void replaysAParkedVideoWhenItsRouteIsStarted() throws Exception {
        Person ann = Person.register(service.url());
        String id = ann.accepted(Clips.mp4(home, 1));
        ann.await(id, "done");
        try (MongoClient mongo = service.mongo();
                Connection connection = service.broker().newConnection();
                Channel broker = connection.createChannel()) {
            mongo.getDatabase("videos")
                    .getCollection("jobs")
                    .updateOne(
                            Filters.eq("_id", new ObjectId(id)),
                            Updates.combine(Updates.set("state", "failed"), Updates.set("attempts", 3)));
            String message = "{\"video_fid\":\"" + id + "\",\"mp3_fid\":null,\"username\":\"" + ann.email() + "\"}";
            broker.basicPublish("", "video.failed", null, message.getBytes(StandardCharsets.UTF_8));
            Awaitility.await().until(() -> broker.messageCount("video.failed") == 1);

            openAllRoutes();
            click(browser.find(By.xpath("//*[normalize-space(text())='Routes']")));
            assertThat(row("video-failed-to-video").getText()).contains("Stopped");
            press("Start", "video-failed-to-video");

            assertThat(ann.await(id, "done").get("attempts").asInt()).isEqualTo(1);
            assertThat(broker.messageCount("video.failed")).isZero();
            browser.until(
                    "stopped", () -> row("video-failed-to-video").getText().contains("Stopped"));
        }
    }

    private static void openAllRoutes() {
        browser.open(service.managementUrl() + "/hawtio/camel/routeDiagram");
        browser.until("all routes", () -> browser.all(BOX).size() > 20);
    }

    private static Stream<String> boxes(Place route) {
        return Stream.concat(
                Stream.of(route.under("from").text("id")),
                RouteFiles.stepsOfRoute(route).stream()
                        .filter(step -> !UNSEEN.contains(step.kind()))
                        .map(Step::place)
                        .map(step -> step.text("id")));
    }

    private static List<String> texts(String selector) {
        return browser.run(
                "return [...document.querySelectorAll(arguments[0])].map(e => e.innerText.trim())", selector);
    }

    private static WebElement row(String route) {
        return browser.find(By.xpath("//tr[.//*[normalize-space(text())='" + route + "']]"));
    }

    private static void press(String button, String route) {
        WebElement box = row(route).findElement(By.cssSelector("input[type=checkbox]"));
        if (!box.isSelected()) {
            click(box);
        }
        click(browser.find(By.xpath("//button[normalize-space()='" + button + "' and not(@disabled)]")));
    }

    /** Wherever it is on the page. */
    private static void click(WebElement element) {
        browser.run("arguments[0].scrollIntoView({block: 'center'})", element);
        element.click();
    }
}
