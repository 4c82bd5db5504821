package io.github.videotomp3;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.RouteFiles.Place;
import io.github.videotomp3.RouteFiles.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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
        service = new Service(home).start();
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

    /** Those of the README, which are made here: {@code target/diagrams} has them. */
    @ParameterizedTest
    @ValueSource(strings = {"upload-to-video", "video-to-mp3-convert", "ended-to-mp3-tell"})
    void drawsOneRoute(String id) throws IOException {
        openAllRoutes();
        Place route = FILES.routes().stream()
                .filter(each -> each.text("id").equals(id))
                .findFirst()
                .orElseThrow();
        List<String> expected =
                boxes(route).map(box -> "(ID: " + box + ")").sorted().toList();

        browser.find(By.xpath("//button[normalize-space()='Expand all']")).click();
        click(browser.find(By.xpath("//*[contains(@class,'tree-view')]//*[normalize-space(text())='" + id + "']")));
        // drawn anew while the console counts; a picture between two drawings is none
        Path picture = Files.createDirectories(Path.of("target/diagrams")).resolve(id + ".png");
        browser.until(id, () -> {
            boolean drawn = shownIds().equals(expected);
            Files.write(
                    picture,
                    browser.find(By.id("camel-route-diagram-outer-div")).getScreenshotAs(OutputType.BYTES));
            return drawn && shownIds().equals(expected);
        });
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
