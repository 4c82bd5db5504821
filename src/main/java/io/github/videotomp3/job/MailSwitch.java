package io.github.videotomp3.job;

import static com.mongodb.client.model.Filters.eq;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.ReplaceOptions;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.bson.Document;

/**
 * Who wants no mails: one MongoDB document in {@code settings} for each such person. A person is known by the SHA-256 of
 * their address, so that the link in a mail that switches mails off shows no address to whoever logs it.
 */
public final class MailSwitch {

    private static final ReplaceOptions UPSERT = new ReplaceOptions().upsert(true);

    private final MongoCollection<Document> settings;

    public MailSwitch(MongoClient mongo) {
        this.settings = mongo.getDatabase("videos").getCollection("settings");
    }

    /** The person of an address: 64 hexadecimal digits. */
    public static String person(String owner) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(owner.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    /** Whether somebody wants mails; all do who have not said otherwise. */
    public boolean isOn(String owner) {
        return settings.find(eq("_id", person(owner))).first() == null;
    }

    /** @param on true also forgets the person */
    public void set(String owner, boolean on) {
        if (on) {
            settings.deleteOne(eq("_id", person(owner)));
        } else {
            off(person(owner));
        }
    }

    /** @param person as {@link #person} calls them */
    public void off(String person) {
        settings.replaceOne(eq("_id", person), new Document("_id", person).append("mails", false), UPSERT);
    }
}
