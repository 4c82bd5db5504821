package io.github.videotomp3.notification;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Updates.set;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Sorts;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.bson.types.ObjectId;

/** The webhooks of all people, one MongoDB document each; their secrets stand there readable, as they have to sign. */
public final class Webhooks {

    /** How many a person may have; at the same moment made ones may go over it. */
    public static final int MOST = 10;

    private static final int SECRET_BYTES = 32;
    private static final String OWNER = "owner";
    private static final String DISABLED = "disabled";

    private final SecureRandom random = new SecureRandom();
    private final MongoCollection<Document> webhooks;
    private volatile boolean prepared;

    public Webhooks(MongoClient mongo) {
        this.webhooks = mongo.getDatabase("videos").getCollection("webhooks");
    }

    /** Makes a webhook with a secret of its own; empty if its owner has too many. */
    public Optional<Webhook> make(String owner, String url) {
        prepare();
        if (webhooks.countDocuments(eq(OWNER, owner)) >= MOST) {
            return Optional.empty();
        }
        byte[] key = new byte[SECRET_BYTES];
        random.nextBytes(key);
        String secret = "whsec_" + Base64.getEncoder().encodeToString(key);
        Webhook made =
                new Webhook(new ObjectId(), owner, url, secret, Instant.now().truncatedTo(ChronoUnit.MILLIS), null);
        webhooks.insertOne(new Document("_id", made.id())
                .append(OWNER, owner)
                .append("url", url)
                .append("secret", secret)
                .append("created", Date.from(made.created())));
        return Optional.of(made);
    }

    private void prepare() {
        if (!prepared) {
            webhooks.createIndex(Indexes.ascending(OWNER));
            prepared = true;
        }
    }

    /** A person's webhooks, the newest first. */
    public List<Webhook> list(String owner) {
        return webhooks.find(eq(OWNER, owner))
                .sort(Sorts.descending("_id"))
                .map(Webhooks::of)
                .into(new ArrayList<>());
    }

    /** Empty if the owner has no such webhook. */
    public Optional<Webhook> find(ObjectId id, String owner) {
        return find(id).filter(webhook -> webhook.owner().equals(owner));
    }

    Optional<Webhook> find(ObjectId id) {
        return Optional.ofNullable(webhooks.find(eq("_id", id)).first()).map(Webhooks::of);
    }

    /** Sends it no more, as it has said that nobody is there. */
    void disable(ObjectId id) {
        webhooks.updateOne(eq("_id", id), set(DISABLED, new Date()));
    }

    /** False if the owner has no such webhook. */
    public boolean delete(ObjectId id, String owner) {
        return webhooks.deleteOne(and(eq("_id", id), eq(OWNER, owner))).getDeletedCount() > 0;
    }

    /** Deletes all webhooks of a person; their deliveries are {@link Deliveries#deleteOf}'s. */
    public void deleteOf(String owner) {
        webhooks.deleteMany(eq(OWNER, owner));
    }

    private static Webhook of(Document document) {
        Date disabled = document.getDate(DISABLED);
        return new Webhook(
                document.getObjectId("_id"),
                document.getString(OWNER),
                document.getString("url"),
                document.getString("secret"),
                document.getDate("created").toInstant(),
                disabled == null ? null : disabled.toInstant());
    }
}
