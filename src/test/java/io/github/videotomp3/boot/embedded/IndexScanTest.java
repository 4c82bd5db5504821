package io.github.videotomp3.boot.embedded;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Filters.ne;
import static com.mongodb.client.model.Filters.or;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Sorts;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexScanTest {

    private static final int DOCUMENTS = 300;

    @TempDir
    Path directory;

    private final int port = FreePort.next();
    private final Random random = new Random(7);

    /** Values of all types that are indexed, few enough to meet each other, some with nothing but their order in common. */
    private final List<Supplier<Object>> values = List.of(
            () -> null,
            () -> random.nextInt(4) - 2,
            () -> random.nextInt(4) - 1.5,
            () -> (long) random.nextInt(4),
            () -> List.of("", "a", "a\0", "a\0b", "ab", "b", "\uffff", "ä").get(random.nextInt(8)),
            () -> new ObjectId(new Date(1000L * random.nextInt(3)), 5),
            () -> random.nextBoolean(),
            () -> new Date(random.nextInt(5) - 2L));

    @Test
    void findsWhatReadingAllDocumentsFinds() {
        try (EmbeddedMongo mongo = new EmbeddedMongo(directory.resolve("store"), port);
                MongoClient client = connect()) {
            MongoCollection<Document> indexed = client.getDatabase("videos").getCollection("indexed");
            MongoCollection<Document> plain = client.getDatabase("videos").getCollection("plain");
            makeIndexes(indexed);
            for (int i = 0; i < DOCUMENTS; i++) {
                Document document = document();
                indexed.insertOne(document);
                plain.insertOne(document);
            }
            compare(indexed, plain);
        }
        try (EmbeddedMongo mongo = new EmbeddedMongo(directory.resolve("store"), port);
                MongoClient client = connect()) {
            compare(
                    client.getDatabase("videos").getCollection("indexed"),
                    client.getDatabase("videos").getCollection("plain"));
        }
    }

    private static void makeIndexes(MongoCollection<Document> documents) {
        documents.createIndex(Indexes.ascending("a", "b"));
        documents.createIndex(Indexes.compoundIndex(Indexes.ascending("a"), Indexes.descending("_id")));
        documents.createIndex(Indexes.ascending("b"));
        documents.createIndex(Indexes.ascending("c"), new IndexOptions().sparse(true));
    }

    private void compare(MongoCollection<Document> indexed, MongoCollection<Document> plain) {
        for (int i = 0; i < 400; i++) {
            Bson filter = filter(2);
            for (String by : List.of("_id", "b")) {
                Bson order = random.nextBoolean() ? Sorts.ascending(by) : Sorts.descending(by);
                Bson total = Sorts.orderBy(order, Sorts.ascending("_id"));
                assertThat(indexed.find(filter).sort(total).into(new ArrayList<>()))
                        .as("%s", filter)
                        .isEqualTo(plain.find(filter).sort(total).into(new ArrayList<>()));
                // by b there are ties, whose order is anybody's
                assertThat(sorts(indexed, filter, order, by))
                        .as("%s by %s", filter, order)
                        .isEqualTo(sorts(plain, filter, order, by));
            }
            assertThat(indexed.countDocuments(filter)).as("%s", filter).isEqualTo(plain.countDocuments(filter));
            if (i % 4 == 0) {
                Bson change = random.nextBoolean() ? combine(set("b", value()), unset("c")) : set("a", value());
                assertThat(indexed.updateMany(filter, change).getModifiedCount())
                        .isEqualTo(plain.updateMany(filter, change).getModifiedCount());
            }
            if (i % 20 == 0) {
                Bson few = and(filter, filter(1));
                assertThat(indexed.deleteMany(few).getDeletedCount())
                        .isEqualTo(plain.deleteMany(few).getDeletedCount());
            }
        }
    }

    private static List<String> sorts(MongoCollection<Document> documents, Bson filter, Bson order, String by) {
        List<String> found = new ArrayList<>();
        documents.find(filter).sort(order).limit(9).forEach(document -> found.add(String.valueOf(document.get(by))));
        return found;
    }

    private Document document() {
        Document document = new Document("_id", new ObjectId());
        for (String field : List.of("a", "b", "c")) {
            if (random.nextInt(3) > 0) {
                document.append(field, value());
            }
        }
        return document;
    }

    private Object value() {
        return values.get(random.nextInt(values.size())).get();
    }

    private Bson filter(int depth) {
        String field = List.of("a", "b", "c").get(random.nextInt(3));
        return switch (random.nextInt(depth == 0 ? 8 : 11)) {
            case 0, 1 -> eq(field, value());
            case 2 -> in(field, value(), value());
            case 3 -> gt(field, bound());
            case 4 -> gte(field, bound());
            case 5 -> lt(field, bound());
            case 6 -> lte(field, bound());
            case 7 -> random.nextBoolean() ? exists(field, random.nextBoolean()) : ne(field, value());
            case 8 -> or(filter(depth - 1), filter(depth - 1));
            default -> and(filter(depth - 1), filter(depth - 1), filter(0));
        };
    }

    private Object bound() {
        return values.get(1 + random.nextInt(values.size() - 1)).get();
    }

    @Test
    void indexesWhatAnOlderVersionHasStored() {
        Path file = directory.resolve("store");
        MongoServer older = new MongoServer(new H2Backend(MVStore.open(file.toString())));
        older.bind("127.0.0.1", port);
        try (MongoClient client = connect()) {
            MongoCollection<Document> jobs = client.getDatabase("videos").getCollection("jobs");
            jobs.createIndex(Indexes.ascending("a"));
            for (int i = 0; i < 100; i++) {
                jobs.insertOne(new Document("a", i).append("b", i % 10));
            }
        }
        older.shutdownNow();
        for (int start = 0; start < 2; start++) {
            try (EmbeddedMongo mongo = new EmbeddedMongo(file, port);
                    MongoClient client = connect()) {
                MongoCollection<Document> jobs = client.getDatabase("videos").getCollection("jobs");
                jobs.createIndex(Indexes.ascending("b"));
                long before = read(client);

                assertThat(jobs.find(eq("a", 7)).into(new ArrayList<>())).hasSize(1);
                assertThat(jobs.find(eq("b", 7)).into(new ArrayList<>())).hasSize(10);
                assertThat(read(client) - before).isEqualTo(11);
            }
        }
    }

    @Test
    void buildsAnIndexAnewThatAKillHasLeftUnfinished() {
        MVStore store = MVStore.open(null);
        store.<String, Object>openMap("videos.jobs._index_a").put("1half of it", 1);
        SortedIndex index = new SortedIndex(store.openMap("videos.jobs._index_a"), "a", List.of(), false);
        assertThat(index.isEmpty()).isTrue();
        assertThat(index.map()).isEmpty();

        index.complete();
        assertThat(new SortedIndex(index.map(), "a", List.of(), false).isEmpty())
                .isFalse();
    }

    @Test
    void refusesToStoreWhatItCouldNotFindAgain() {
        try (EmbeddedMongo mongo = new EmbeddedMongo(directory.resolve("store"), port);
                MongoClient client = connect()) {
            MongoCollection<Document> jobs = client.getDatabase("videos").getCollection("jobs");
            jobs.createIndex(Indexes.ascending("a"));

            assertThatThrownBy(() -> jobs.insertOne(new Document("a", List.of(1, 2))))
                    .isInstanceOf(MongoWriteException.class)
                    .hasMessageContaining("no index for this type of value: a");
            assertThat(jobs.countDocuments()).isZero();
        }
    }

    static long read(MongoClient client) {
        return client.getDatabase("videos")
                .runCommand(new Document("serverStatus", 1))
                .get("metrics", Document.class)
                .get("queryExecutor", Document.class)
                .getLong("scannedObjects");
    }

    private MongoClient connect() {
        return MongoClients.create("mongodb://127.0.0.1:" + port);
    }
}
