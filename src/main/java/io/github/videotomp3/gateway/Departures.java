package io.github.videotomp3.gateway;

import static com.mongodb.client.model.Filters.eq;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.ReplaceOptions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bson.Document;

/**
 * Who has deleted their account: one MongoDB document for each, for as long as a token of theirs may still be valid, since a
 * token can't be taken back. Who makes an account for the same address again gets tokens that are younger.
 */
public final class Departures {

    private static final String SINCE = "since";
    private static final ReplaceOptions UPSERT = new ReplaceOptions().upsert(true);

    private final MongoCollection<Document> departures;
    private final Duration lifetime;
    private final Clock clock;

    /** @param lifetime how long a token is valid */
    public Departures(MongoClient mongo, Duration lifetime) {
        this(mongo, lifetime, Clock.systemUTC());
    }

    Departures(MongoClient mongo, Duration lifetime, Clock clock) {
        this.departures = mongo.getDatabase("videos").getCollection("departures");
        this.lifetime = lifetime;
        this.clock = clock;
    }

    /**
     * Somebody who has left.
     *
     * @param since to the second, as the times of tokens and ids are
     */
    record Departure(String owner, Instant since) {}

    /** Notes that somebody leaves now. */
    void note(String owner) {
        Date now = Date.from(clock.instant().truncatedTo(ChronoUnit.SECONDS));
        departures.replaceOne(eq("_id", owner), new Document("_id", owner).append(SINCE, now), UPSERT);
    }

    /** Whether somebody has left, as far as a token of this time is concerned. */
    boolean hasLeft(String owner, Instant issued) {
        Document departure = departures.find(eq("_id", owner)).first();
        return departure != null && !issued.isAfter(departure.getDate(SINCE).toInstant());
    }

    /** All who have left lately. */
    List<Departure> all() {
        return departures
                .find()
                .map(found -> new Departure(
                        found.getString("_id"), found.getDate(SINCE).toInstant()))
                .into(new ArrayList<>());
    }

    /** Forgets those of whom no token can be valid any more. */
    void forget(Departure departure) {
        if (departure.since().plus(lifetime.multipliedBy(2)).isBefore(clock.instant())) { // clocks may differ
            departures.deleteOne(new Document("_id", departure.owner()).append(SINCE, Date.from(departure.since())));
        }
    }
}
