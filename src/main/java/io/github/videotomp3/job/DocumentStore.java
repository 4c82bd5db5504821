package io.github.videotomp3.job;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.ReadConcern;
import com.mongodb.ReadPreference;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How MongoDB is written and read: what has been acknowledged is on the disks of a majority, and is read back. */
public final class DocumentStore {

    /** Camel makes the beans of a YAML file twice, and means the same client both times. */
    private static final Map<String, MongoClient> OPEN = new ConcurrentHashMap<>();

    private static final long DRIVERS_SELECTION = 30;

    private DocumentStore() {}

    /**
     * Makes a client write and read like that, whatever its address says. Where the address says nothing of timeouts, it
     * gives up on a server that is away after 10 s, so that a request is answered meanwhile, and on one that has fallen
     * silent after 30 s; the driver itself would wait for ever.
     */
    public static void makeDurable(MongoClientSettings.Builder settings) {
        settings.writeConcern(WriteConcern.MAJORITY.withJournal(true))
                .readConcern(ReadConcern.LOCAL)
                .readPreference(ReadPreference.primary());
        MongoClientSettings said = settings.build();
        if (said.getClusterSettings().getServerSelectionTimeout(SECONDS) == DRIVERS_SELECTION) {
            settings.applyToClusterSettings(cluster -> cluster.serverSelectionTimeout(10, SECONDS));
        }
        if (said.getSocketSettings().getReadTimeout(SECONDS) == 0) {
            settings.applyToSocketSettings(socket -> socket.readTimeout(30, SECONDS));
        }
    }

    /** The client for an address, for where Spring Boot makes none; it lasts as long as the JVM. */
    public static MongoClient open(String address) {
        return OPEN.computeIfAbsent(address, uri -> {
            MongoClientSettings.Builder settings =
                    MongoClientSettings.builder().applyConnectionString(new ConnectionString(uri));
            makeDurable(settings);
            return MongoClients.create(settings.build());
        });
    }
}
