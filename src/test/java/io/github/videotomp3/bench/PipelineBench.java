package io.github.videotomp3.bench;

import io.github.videotomp3.Person;
import io.github.videotomp3.Service;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * All figures in one run, within ten minutes on two quiet cores: {@code ./mvnw verify -Pbench}, with {@code -Dit.test=…#lists}
 * one group of them. No figure fails it. See {@code docs/performance.md}.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PipelineBench {

    /** As {@code spring-boot:run} starts it. */
    private static final List<String> JVM =
            List.of(System.getProperty("jvm.options").split(" "));

    private static final Table TABLE = new Table();

    @TempDir
    static Path home;

    private static Service service;
    private static Person person;
    private static Bare bare;

    @BeforeAll
    static void start() throws Exception {
        service = new Service(JVM, Files.createDirectories(home.resolve("service")), "--converter.workers=2")
                .embedded()
                .start();
        person = Person.register(service.url());
        bare = new Bare(home.resolve("bare"));
    }

    /** First, in a store that has nothing to tidy up yet. */
    @Test
    @Order(1)
    void transfers() throws Exception {
        Transfer transfer = new Transfer(home, TABLE);
        transfer.upload(service, person, "400 MB upload");
        if (System.getenv("SPRING_RABBITMQ_HOST") != null) {
            Path folder = Files.createDirectories(home.resolve("with-rabbitmq"));
            try (Service real = new Service(JVM, folder).start()) {
                transfer.upload(real, Person.register(real.url()), "the same with RabbitMQ");
            }
        }
        transfer.download(service, person);
    }

    @Test
    @Order(2)
    void clips() throws Exception {
        new Clip(service, person, bare, TABLE).measure();
    }

    @Test
    @Order(3)
    void heap() throws Exception {
        new Heap(service, person, home, TABLE).measure();
    }

    @Test
    @Order(4)
    void lists() throws Exception {
        try (Service lists = new Service(JVM, Files.createDirectories(home.resolve("lists")))
                        .embedded()
                        .start();
                BareWeb web = new BareWeb(JVM, home.resolve("web"))) {
            new Lists(lists, Person.register(lists.url()), web, TABLE).measure();
        }
    }

    @Test
    @Order(5)
    void starts() throws Exception {
        new Start(service, JVM, home, TABLE).measure();
    }

    @AfterAll
    static void stop() throws Exception {
        LoggerFactory.getLogger(PipelineBench.class).warn("\n{}", String.join("\n", TABLE.lines()));
        Files.write(Path.of("target", "bench.md"), TABLE.lines());
        if (service != null) {
            service.close();
        }
    }
}
