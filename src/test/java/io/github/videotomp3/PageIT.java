package io.github.videotomp3;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.gridfs.GridFSBuckets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** A person's way through the page in a real browser, from the first visit until they sign out. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PageIT {

    private static final By ITEM = By.cssSelector("#jobs > li");

    @TempDir
    static Path home;

    private static Service service;
    private static Browser browser;

    @BeforeAll
    static void visit() throws IOException {
        browser = new Browser();
        service = new Service(home).start();
        browser.open(service.url() + "/");
        browser.run("localStorage.setItem('video-to-mp3-language', 'en')");
        browser.open(service.url() + "/");
        browser.until("the page asks who it is", () -> isShown(By.id("sign-in")));
    }

    @AfterAll
    static void leave() throws Exception {
        if (browser != null) {
            browser.close();
        }
        if (service != null) {
            service.close();
        }
    }

    /** Failed requests are in the browser's log whatever the page makes of them. */
    @AfterEach
    void complainsOfNothing() {
        assertThat(browser.complaints())
                .filteredOn(complaint -> !complaint.contains("Failed to load resource"))
                .isEmpty();
    }

    @Test
    @Order(1)
    void letsAPersonInOnceTheyHaveAnAccount() throws IOException {
        lookFromAllSides("sign-in");
        signIn("me@example.com", "not the password");
        browser.until("it says no", () -> text("#sign-in-problem").contains("no user has this"));
        browser.find(By.cssSelector("[value=register]")).sendKeys(" ");
        signIn("me@example.com", "short");
        browser.until("it says why", () -> text("#sign-in-problem").contains("at least 8 characters"));

        signIn("me@example.com", "a long password");

        browser.until("the door is open", () -> isShown(By.id("drop")));
        assertThat(text("#address")).isEqualTo("me@example.com");
        browser.until("the list is empty", () -> isShown(By.id("no-jobs")));
        browser.until("the quota is shown", () -> text("#quota").contains("free"));
        lookFromAllSides("empty");
    }

    @Test
    @Order(2)
    void uploadsSeveralVideosAndTellsWhatBecameOfEach() throws IOException {
        watchBars();
        browser.choose(By.id("files"), List.of(Clips.mp4(home, 3), Clips.silent(home, 3), Clips.music(home, 590)));

        browser.until(
                "all have ended",
                () -> browser.all(By.cssSelector("[data-state=done], [data-state=rejected]"))
                                .size()
                        == 3);
        assertThat(item("rejected").getText()).contains("Can't be converted", "The video has no audio track");
        assertThat(browser.all(ITEM)).hasSize(3);
        assertThat(text("#announcement")).isNotEmpty();
        assertThat(bars("uploading")).isNotEmpty().isSorted();
        assertThat(bars("converting")).hasSizeGreaterThan(2).isSorted();
        assertThat(browser.<Number>run("""
                        return performance.getEntriesByType('resource')
                            .filter((request) => request.name.endsWith('/jobs')).length""").intValue())
                .as("looks at the list of a page that is told of each change")
                .isLessThanOrEqualTo(3);
        lookFromAllSides("jobs");
    }

    /** Keeps what each bar has shown. */
    private static void watchBars() {
        browser.run("""
                window.bars = [];
                new MutationObserver(() => {
                    for (const item of document.querySelectorAll('#jobs > li')) {
                        const bar = item.querySelector('progress');
                        const shown = {
                            name: item.querySelector('.name').textContent, state: item.dataset.state, value: bar.value
                        };
                        const last = window.bars.findLast((seen) => seen.name === shown.name);
                        if (!bar.hidden && (last?.state !== shown.state || last?.value !== shown.value)) {
                            window.bars.push(shown);
                        }
                    }
                }).observe(document.getElementById('jobs'), {subtree: true, childList: true, attributes: true})""");
    }

    /** What the bar of the longest video has shown in this state, in percent. */
    private static List<Double> bars(String state) {
        List<Number> shown = browser.run("""
                return window.bars.filter((seen) => seen.name === '590-music.mp4' && seen.state === arguments[0])
                    .map((seen) => seen.value)""", state);
        return shown.stream().map(Number::doubleValue).toList();
    }

    @Test
    @Order(3)
    void playsTheMp3FromWhereAPersonWants() {
        item("done").findElement(By.className("play")).click();
        browser.until(
                "it plays",
                () -> browser.<Number>run("return document.querySelector('audio[src]').currentTime")
                                .doubleValue()
                        > 0);

        browser.run("const audio = document.querySelector('audio[src]'); audio.currentTime = audio.duration - 1.5");

        browser.until("it plays on from there", () -> browser.<Boolean>run("""
                        const audio = document.querySelector('audio[src]');
                        return audio.currentTime > audio.duration - 1.5 && !audio.seeking"""));
    }

    @Test
    @Order(4)
    void handsOutTheMp3WithoutAToken() throws Exception {
        String link = item("done").findElement(By.className("download")).getAttribute("href");

        byte[] mp3 = new java.net.URI(link).toURL().openStream().readAllBytes();

        Path file = Files.write(home.resolve("downloaded.mp3"), mp3);
        assertThat(Clips.seconds(file)).isGreaterThan(2.5);
        String id = link.replaceFirst(".*fid=([0-9a-f]{24}).*", "$1");
        try (MongoClient mongo = service.mongo()) {
            ByteArrayOutputStream stored = new ByteArrayOutputStream();
            GridFSBuckets.create(mongo.getDatabase("mp3s")).downloadToStream(new ObjectId(id), stored);
            assertThat(mp3).isEqualTo(stored.toByteArray());
        }
    }

    @Test
    @Order(5)
    void takesADeletionBackAndDeletes() {
        WebElement rejected = item("rejected");
        rejected.findElement(By.className("delete")).click();
        browser.until(
                "it is struck out",
                () -> browser.all(By.cssSelector("[data-state=deleted]")).size() == 1);
        item("deleted").findElement(By.className("undo")).click();
        browser.until(
                "it is back",
                () -> browser.all(By.cssSelector("[data-state=rejected]")).size() == 1);

        item("rejected").findElement(By.className("delete")).click();

        browser.until("it is gone", () -> browser.all(ITEM).size() == 2);
        browser.open(service.url() + "/");
        browser.until("it is gone for good", () -> browser.all(ITEM).size() == 2);
    }

    @Test
    @Order(6)
    void speaksGerman() throws IOException {
        browser.find(By.cssSelector("#language option[value=de]")).click();

        browser.until("it speaks German", () -> text("#jobs-title").equals("Ihre MP3s"));
        browser.until("all of it", () -> text("#quota").contains("frei"));
        assertThat(item("done").getText()).contains("Fertig", "Anhören");
        browser.find(By.id("options")).click();
        lookFromAllSides("german");
        browser.find(By.cssSelector("#language option[value=en]")).click();
    }

    @Test
    @Order(7)
    void endsTheMailsAndBringsThemBack() {
        for (boolean wanted : new boolean[] {false, true}) {
            browser.find(By.id("mails-wanted")).click();
            browser.open(service.url() + "/");
            browser.until(
                    "it is kept: " + wanted,
                    () -> !browser.all(ITEM).isEmpty()
                            && browser.find(By.id("mails-wanted")).isSelected() == wanted);
        }
    }

    @Test
    @Order(8)
    void showsTheInboxOfTheEmbeddedMailServer() throws IOException {
        browser.find(By.id("show-inbox")).click();

        browser.until(
                "the mails are there", () -> !browser.all(By.className("mail")).isEmpty());
        assertThat(text("#mails").split("file_id: ", -1))
                .as("3 jobs, in as many mails as it took")
                .hasSize(4);
        assertThat(text("#mails")).contains("MP3 Download", "could not be converted");
        lookFromAllSides("inbox");
        browser.find(By.cssSelector("#inbox button")).click();
    }

    @Test
    @Order(8)
    void makesShowsAndRevokesAKey() throws IOException {
        browser.find(By.cssSelector("#keys summary")).click();
        browser.until("there are none", () -> isShown(By.id("no-keys")));
        browser.find(By.id("key-name")).sendKeys("backup");
        browser.find(By.id("make-key")).click();
        browser.until("the key is shown", () -> isShown(By.id("new-key")));

        String key = browser.run("return document.getElementById('new-key-text').value");
        assertThat(key).matches("v2m_[0-9a-f]{24}_[0-9a-f]{64}");
        browser.until("it is listed", () -> text("#key-list").contains("backup"));
        assertThat(text("#key-list")).contains("upload videos", "never used").doesNotContain("delete jobs");
        lookFromAllSides("keys");

        browser.find(By.cssSelector("#key-list button")).click();
        browser.until("it is gone", () -> isShown(By.id("no-keys")));
        assertThat(isShown(By.id("new-key"))).isFalse();
        assertThat(browser.<String>run("return document.getElementById('new-key-text').value"))
                .isEmpty();
    }

    @Test
    @Order(9)
    void letsGoOfWhoSignsOut() {
        browser.find(By.id("sign-out")).click();

        browser.until("it asks who it is", () -> isShown(By.id("sign-in")));
        assertThat(browser.<Object>run("return localStorage.getItem('video-to-mp3')"))
                .isNull();
        browser.open(service.url() + "/");
        browser.until("it has forgotten", () -> isShown(By.id("sign-in")));
    }

    @Test
    @Order(10)
    void deletesAnAccount() throws IOException {
        signIn("me@example.com", "a long password");
        browser.until("the door is open", () -> isShown(By.id("drop")));
        browser.find(By.id("leave")).click();
        browser.until("it asks again", () -> isShown(By.id("leaving")));
        lookFromAllSides("leaving");

        browser.find(By.id("leave-now")).click();

        browser.until("it asks who it is", () -> isShown(By.id("sign-in")));
        signIn("me@example.com", "a long password");
        browser.until("it knows nobody", () -> text("#sign-in-problem").contains("no user has this"));
    }

    /** On a desktop and on a phone, by day and by night; and asks axe-core whom it would keep out. */
    private static void lookFromAllSides(String name) throws IOException {
        for (boolean dark : new boolean[] {false, true}) {
            browser.look(390, 844, dark);
            assertThat(browser.<Boolean>run("return document.documentElement.scrollWidth <= 390"))
                    .isTrue();
            browser.photograph(name + "-phone" + (dark ? "-dark" : ""));
            assertThat(browser.barriers()).isEmpty();
            browser.look(1200, 900, dark);
            browser.photograph(name + "-desktop" + (dark ? "-dark" : ""));
            assertThat(browser.barriers()).isEmpty();
        }
    }

    private static void signIn(String email, String password) {
        WebElement address = browser.find(By.id("email"));
        address.clear();
        address.sendKeys(email);
        WebElement secret = browser.find(By.id("password"));
        secret.clear();
        secret.sendKeys(password);
        browser.find(By.id("sign-in-now")).click();
    }

    private static WebElement item(String state) {
        return browser.find(By.cssSelector("#jobs > [data-state=" + state + "]"));
    }

    private static boolean isShown(By what) {
        return browser.find(what).isDisplayed();
    }

    private static String text(String selector) {
        return browser.run("return document.querySelector(arguments[0]).textContent", selector);
    }
}
