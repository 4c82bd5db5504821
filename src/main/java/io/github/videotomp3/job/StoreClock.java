package io.github.videotomp3.job;

import com.mongodb.client.MongoClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bson.Document;

/**
 * The time of the document store, which all processes have in common, so that a lease means the same to whoever looks at
 * it. Between two questions to the store it counts on with the JVM's monotonic clock: setting this machine's clock moves
 * nothing.
 */
public final class StoreClock {

    private static final long AGE_NANOS = Duration.ofMinutes(1).toNanos();

    private record Reading(Instant time, long nanos) {}

    private final MongoClient mongo;
    private volatile Reading last;

    public StoreClock(MongoClient mongo) {
        this.mongo = mongo;
    }

    /** Now, to the millisecond; asks the store once a minute. */
    public Instant now() {
        Reading reading = last;
        if (reading == null || System.nanoTime() - reading.nanos() > AGE_NANOS) {
            Date time = mongo.getDatabase("videos")
                    .runCommand(new Document("hello", 1))
                    .getDate("localTime");
            reading = new Reading(time.toInstant(), System.nanoTime());
            last = reading;
        }
        return reading.time().plusNanos(System.nanoTime() - reading.nanos());
    }
}
