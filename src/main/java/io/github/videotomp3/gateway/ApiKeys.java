package io.github.videotomp3.gateway;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Updates.set;

import com.mongodb.MongoException;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Sorts;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The API keys of all people, one MongoDB document each. A key reads {@code v2m_<id>_<secret>}: by the first part secret
 * scanners know it, by the second it is found, and of the whole only the SHA-256 is stored. A slow hash would protect
 * nothing more, since nobody guesses 256 random bits, and would cost each request.
 */
public final class ApiKeys {

    private static final Logger LOG = LoggerFactory.getLogger(ApiKeys.class);

    /** With what each key begins. */
    static final String PREFIX = "v2m_";

    /** How many a person may have; at the same moment made ones may go over it. */
    static final int MOST = 50;

    private static final Pattern KEY = Pattern.compile(PREFIX + "([0-9a-f]{24})_[0-9a-f]{64}");
    private static final int SECRET_BYTES = 32;
    private static final Duration NOTED_EVERY = Duration.ofMinutes(1);

    private static final String OWNER = "owner";
    private static final String USED = "used";

    private final SecureRandom random = new SecureRandom();
    private final MongoCollection<Document> keys;
    private volatile boolean prepared;

    public ApiKeys(MongoClient mongo) {
        this.keys = mongo.getDatabase("videos").getCollection("keys");
    }

    /**
     * A key that has just been made.
     *
     * @param text the key itself, which nobody can tell a second time
     */
    record Made(ApiKey key, String text) {}

    /** Makes a key; empty if its owner has too many. */
    Optional<Made> make(String owner, String name, Set<Scope> scopes) {
        prepare();
        if (keys.countDocuments(eq(OWNER, owner)) >= MOST) {
            return Optional.empty();
        }
        ObjectId id = new ObjectId();
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        String text = PREFIX + id.toHexString() + '_' + HexFormat.of().formatHex(secret);
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        keys.insertOne(new Document("_id", id)
                .append(OWNER, owner)
                .append("name", name)
                .append("scopes", scopes.stream().map(Scope::key).sorted().toList())
                .append("sha256", sha256(text))
                .append("created", Date.from(now)));
        return Optional.of(new Made(new ApiKey(id, owner, name, scopes, now, null), text));
    }

    private void prepare() {
        if (!prepared) {
            keys.createIndex(Indexes.ascending(OWNER));
            prepared = true;
        }
    }

    /** The key that reads so, and notes that it is used; empty if there is none, or no more. */
    Optional<ApiKey> find(String text) {
        Matcher parts = KEY.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        Document found = keys.find(eq("_id", new ObjectId(parts.group(1)))).first();
        if (found == null || !isEqual(sha256(text), found.getString("sha256"))) {
            return Optional.empty();
        }
        ApiKey key = of(found);
        noteUse(key);
        return Optional.of(key);
    }

    private static boolean isEqual(String ours, String stored) {
        return MessageDigest.isEqual(
                ours.getBytes(StandardCharsets.US_ASCII), stored.getBytes(StandardCharsets.US_ASCII));
    }

    /** Once a minute, and not to the disks of a majority: no request waits for them, or fails for this. */
    private void noteUse(ApiKey key) {
        Instant now = Instant.now();
        if (key.used() == null || key.used().isBefore(now.minus(NOTED_EVERY))) {
            try {
                keys.withWriteConcern(WriteConcern.W1).updateOne(eq("_id", key.id()), set(USED, Date.from(now)));
            } catch (MongoException e) {
                LOG.debug("The use of an API key was not noted", e);
            }
        }
    }

    /** A person's keys, the newest first. */
    List<ApiKey> list(String owner) {
        return keys.find(eq(OWNER, owner))
                .sort(Sorts.descending("_id"))
                .map(ApiKeys::of)
                .into(new ArrayList<>());
    }

    /** Revokes a key at once; false if the owner has no such key. */
    boolean delete(ObjectId id, String owner) {
        return keys.deleteOne(and(eq("_id", id), eq(OWNER, owner))).getDeletedCount() > 0;
    }

    /** Revokes all keys of a person. */
    public void deleteOf(String owner) {
        keys.deleteMany(eq(OWNER, owner));
    }

    private static ApiKey of(Document document) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        document.getList("scopes", String.class)
                .forEach(scope -> Scope.of(scope).ifPresent(scopes::add));
        Date used = document.getDate(USED);
        return new ApiKey(
                document.getObjectId("_id"),
                document.getString(OWNER),
                document.getString("name"),
                Collections.unmodifiableSet(scopes),
                document.getDate("created").toInstant(),
                used == null ? null : used.toInstant());
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
