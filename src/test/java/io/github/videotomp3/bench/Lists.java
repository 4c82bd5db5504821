package io.github.videotomp3.bench;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import io.github.videotomp3.Clips;
import io.github.videotomp3.Person;
import io.github.videotomp3.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.bson.types.ObjectId;

/** {@code GET /jobs}: how many a second, and whether it stays as fast when there are many jobs. */
final class Lists {

    private static final int CONNECTIONS = 8;
    private static final int FEW = 100;
    private static final int MANY = 100_000;
    private static final int BATCH = 1000;
    private static final Duration TIME = Duration.ofSeconds(3);

    private final Service service;
    private final Person person;
    private final BareWeb web;
    private final Table table;

    Lists(Service service, Person person, BareWeb web, Table table) {
        this.service = service;
        this.person = person;
        this.web = web;
        this.table = table;
    }

    void measure() throws Exception {
        person.await(person.accepted(Clips.mp4(service.home(), 1)), "done"); // the first job makes the indexes
        try (MongoClient mongo = service.mongo()) {
            MongoCollection<Document> jobs = mongo.getDatabase("videos").getCollection("jobs");
            insert(jobs, FEW, person.email());
            perSecond();
            double[] few = p99();
            for (int i = FEW; i < MANY; i += BATCH) {
                insert(jobs, Math.min(BATCH, MANY - i), "person-" + i + "@example.com");
            }
            double[] many = p99();
            Rounds p99 = new Rounds();
            for (int i = 0; i < few.length; i++) {
                p99.add(many[i], few[i]);
            }
            table.ratio(
                    "GET /jobs, p99 with " + MANY + " jobs, 100 the caller's", "ms", p99, "with those alone", "<= 1.5");
        }
    }

    private void perSecond() throws Exception {
        byte[] page = Wire.get("/jobs?limit=10", person.token());
        web.answer(person.get("/jobs?limit=10").body());
        byte[] constant = Wire.get("/constant", person.token());
        byte[] front = Wire.get("/", person.token());
        Load.perSecond(service.port(), page, CONNECTIONS, TIME); // warm up
        Load.perSecond(service.port(), front, CONNECTIONS, TIME);
        Load.perSecond(web.port(), constant, CONNECTIONS, TIME);
        Rounds besideFront = new Rounds();
        Rounds besideBare = new Rounds();
        for (int i = 0; i < 3; i++) {
            double bare = Load.perSecond(web.port(), constant, CONNECTIONS, TIME);
            double rate = Load.perSecond(service.port(), page, CONNECTIONS, TIME);
            besideFront.add(rate, Load.perSecond(service.port(), front, CONNECTIONS, TIME));
            besideBare.add(rate, bare);
        }
        String what = "GET /jobs, a page of 10, 8 connections";
        table.ratio(what, "/s", besideFront, "GET /, a constant answer of the same Tomcat", ">= 0.4");
        table.ratio(what, "/s", besideBare, "the same bytes from a bare Tomcat", "");
    }

    private double[] p99() throws Exception {
        byte[] request = Wire.get("/jobs?limit=10", person.token());
        Load.p99(service.port(), request, 1000, TIME); // the store may still be tidying up after many new jobs
        double[] rounds = new double[3];
        for (int i = 0; i < rounds.length; i++) {
            rounds[i] = Load.p99(service.port(), request, 1000, TIME);
        }
        return rounds;
    }

    /** Jobs that ended and of which nobody has to hear any more. */
    private static void insert(MongoCollection<Document> jobs, int count, String owner) {
        Date now = new Date();
        List<Document> batch = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            batch.add(new Document("_id", new ObjectId())
                    .append("owner", owner)
                    .append("name", "lecture-" + i + ".mp4")
                    .append("state", "done")
                    .append("attempts", 1)
                    .append("bytes", 20_000_000L)
                    .append("crc32c", 1L)
                    .append("mp3_bytes", 12_000_000L)
                    .append("seconds", 600.0)
                    .append("phase", "storing")
                    .append("percent", 99)
                    .append("created", now)
                    .append("updated", now)
                    .append("ended", now)
                    .append("freed", 20_000_000L)
                    .append("notified", now));
        }
        jobs.insertMany(batch);
    }
}
