package io.github.videotomp3;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** The machine's own Chromium without a window. Where it or its driver is missing the test is skipped and says so. */
final class Browser implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final ChromeDriver driver;

    Browser() {
        Optional<File> chromium = onPath("chromium", "chromium-browser", "google-chrome");
        Optional<File> chromedriver = onPath("chromedriver");
        Assumptions.assumeTrue(
                chromium.isPresent() && chromedriver.isPresent(),
                "NOT TESTED: pages need chromium and chromedriver on the PATH");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.WARNING);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.get());
        options.setCapability("goog:loggingPrefs", logs);
        options.addArguments(
                "--headless",
                "--no-sandbox", // root in a container has none
                "--disable-gpu",
                "--disable-background-networking",
                "--window-size=1400,1000",
                "--force-device-scale-factor=2");
        driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(chromedriver.get())
                        .usingAnyFreePort()
                        .build(),
                options);
    }

    /** The first of these programs that the PATH has. */
    static Optional<File> onPath(String... names) {
        return Stream.of(names)
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .map(Path::toFile)
                .findFirst();
    }

    void open(String url) {
        driver.get(url);
    }

    /** Waits until it is there. */
    WebElement find(By what) {
        until(what.toString(), () -> !all(what).isEmpty());
        return driver.findElement(what);
    }

    List<WebElement> all(By what) {
        return driver.findElements(what);
    }

    /** A page that is about to change throws what then means no. */
    void until(String what, Callable<Boolean> condition) {
        try {
            Awaitility.await()
                    .pollInSameThread()
                    .atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(WebDriverException.class)
                    .until(condition);
        } catch (ConditionTimeoutException e) {
            String page = driver.getCurrentUrl() + "\n"
                    + driver.findElement(By.tagName("body")).getText();
            throw new AssertionError("not within " + PATIENCE + ": " + what + " on " + page, e);
        }
    }

    /** Gives a file to an input, as a person who has chosen it. */
    void choose(By input, List<Path> files) {
        driver.findElement(input)
                .sendKeys(String.join("\n", files.stream().map(Path::toString).toList()));
    }

    /** Pretends to be a window of this size, and a person who likes it dark. */
    void look(int width, int height, boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 2, "mobile", width < 600));
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** Keeps what is seen, of the page's whole length, as {@code target/pages/<name>.png}. */
    void photograph(String name) {
        try {
            String png =
                    (String) driver.executeCdpCommand("Page.captureScreenshot", Map.of("captureBeyondViewport", true))
                            .get("data");
            Path file = Path.of("target", "pages", name + ".png");
            Files.createDirectories(file.getParent());
            Files.write(file, Base64.getDecoder().decode(png));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What axe-core finds in the page that keeps people out, of the impacts serious and critical. */
    List<String> barriers() throws IOException {
        try (InputStream axe = getClass().getResourceAsStream("/axe.min.js")) {
            driver.executeScript(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
        }
        return waitFor("""
                const done = arguments[arguments.length - 1];
                axe.run().then(found => done(found.violations
                    .filter(barrier => ['serious', 'critical'].includes(barrier.impact))
                    .map(barrier => barrier.id + ': ' + barrier.nodes.map(node => node.target).join(', '))))""");
    }

    /** The value that a script gives to its last argument, a function, when it is ready. */
    @SuppressWarnings("unchecked")
    <T> T waitFor(String script, Object... arguments) {
        return (T) driver.executeAsyncScript(script, arguments);
    }

    @SuppressWarnings("unchecked")
    <T> T run(String script, Object... arguments) {
        return (T) driver.executeScript(script, arguments);
    }

    /** What the page has complained of since the last call. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(entry -> entry.getMessage())
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
