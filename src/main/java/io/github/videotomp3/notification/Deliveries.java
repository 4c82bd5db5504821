package io.github.videotomp3.notification;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Filters.or;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.inc;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.mongodb.ErrorCategory;
import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.Sorts;
import io.github.videotomp3.gateway.JobView;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.Postponed;
import io.github.videotomp3.job.StoreClock;
import io.github.videotomp3.job.Unprocessable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;

/**
 * What webhooks are told, and what became of it; one MongoDB document for each end of a job and each webhook of its owner.
 * It is noted before it is queued, and says when somebody has to queue it again; so a kill between any two steps delays a
 * delivery and loses none. A message counts only while it has the document's ticket: one too many changes nothing.
 */
public final class Deliveries {

    /** How long the route that noted a delivery has to queue it, before the sweep does. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    /** After how long without an attempt a message counts as lost, with its queue. */
    private static final Duration SILENCE = Duration.ofHours(1);

    /** How long a worker has for an attempt before another may make the next; longer than any request. */
    private static final Duration LEASE = Duration.ofMinutes(1);

    private static final Duration KEPT = Duration.ofDays(30);
    private static final int NEWEST = 100;
    private static final int LONGEST_ERROR = 200;

    private static final String STATE = "state";
    private static final String WAITING = "waiting";
    private static final String DELIVERED = "delivered";
    private static final String PARKED = "parked";
    private static final String REFUSED = "refused";

    /** Which message counts. */
    private static final String TICKET = "ticket";

    /** When it has to be queued again; not there once nobody has to. */
    private static final String DUE = "due";

    /** Until when an attempt is in the hands of the worker that claimed it. */
    private static final String CLAIMED = "claimed";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final FindOneAndUpdateOptions CHANGED =
            new FindOneAndUpdateOptions().returnDocument(ReturnDocument.AFTER);

    private final MongoCollection<Document> deliveries;
    private final Webhooks webhooks;
    private final StoreClock clock;
    private final int maxAttempts;
    private volatile boolean prepared;

    /** @param maxAttempts after how many a message is parked, as of each queue; 1 or more */
    public Deliveries(MongoClient mongo, Webhooks webhooks, int maxAttempts) {
        this.deliveries = mongo.getDatabase("videos").getCollection("deliveries");
        this.webhooks = webhooks;
        this.clock = new StoreClock(mongo);
        this.maxAttempts = maxAttempts;
    }

    /**
     * Notes what each webhook of a job's owner has to be told about its end. The id is that of the end and the webhook,
     * so an end that is announced twice is told once; an attempt at a job has an MP3 id of its own.
     *
     * @param job one that has ended; of one that was deleted nobody is told
     * @return the messages to queue: of those that were not noted before
     */
    public List<DeliveryMessage> note(@ExchangeProperty("ended") Job job) {
        List<DeliveryMessage> messages = new ArrayList<>();
        for (Webhook webhook : job.owner() == null ? List.<Webhook>of() : webhooks.list(job.owner())) {
            if (webhook.disabled() == null) {
                insert(job, webhook).ifPresent(messages::add);
            }
        }
        return messages;
    }

    private Optional<DeliveryMessage> insert(Job job, Webhook webhook) {
        prepare();
        Instant now = clock.now();
        String event = "job." + job.state().key();
        Document delivery = new Document(
                        "_id", job.mp3().toHexString() + webhook.id().toHexString())
                .append("webhook", webhook.id())
                .append("owner", webhook.owner())
                .append("event", event)
                .append("job", job.id().toHexString())
                .append("body", body(event, now, job))
                .append(STATE, WAITING)
                .append("attempts", 0)
                .append(TICKET, new ObjectId())
                .append(DUE, Date.from(now.plus(GRACE)))
                .append("created", Date.from(now))
                .append("updated", Date.from(now));
        try {
            deliveries.insertOne(delivery);
            return Optional.of(message(delivery));
        } catch (MongoWriteException e) {
            if (e.getError().getCategory() != ErrorCategory.DUPLICATE_KEY) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private static String body(String event, Instant now, Job job) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", event);
        body.put("timestamp", now.toString());
        body.put("data", JobView.of(job, null, OptionalInt.empty(), null));
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private void prepare() {
        if (!prepared) {
            deliveries.createIndex(Indexes.ascending("webhook", "created"));
            deliveries.createIndex(Indexes.ascending("created"));
            deliveries.createIndex(Indexes.ascending("owner"));
            deliveries.createIndex(Indexes.ascending(DUE), new IndexOptions().sparse(true));
            prepared = true;
        }
    }

    /** Notes that the broker has taken a message. */
    public void queued(DeliveryMessage message) {
        deliveries.updateOne(of(message), set(DUE, after(SILENCE)));
    }

    /** The messages of the deliveries that somebody has to queue again, with new tickets. */
    public List<DeliveryMessage> leftBehind() {
        List<DeliveryMessage> messages = new ArrayList<>();
        for (Document due : deliveries
                .find(lte(DUE, now()))
                .sort(Sorts.ascending(DUE))
                .limit(NEWEST)
                .into(new ArrayList<>())) {
            Document renewed = deliveries.findOneAndUpdate(
                    and(eq("_id", due.getString("_id")), eq(TICKET, due.getObjectId(TICKET)), lte(DUE, now())),
                    combine(set(TICKET, new ObjectId()), set(DUE, after(GRACE)), unset(CLAIMED)),
                    CHANGED);
            if (renewed != null) { // else another sweep was faster
                messages.add(message(renewed));
            }
        }
        return messages;
    }

    /**
     * Takes a delivery for one attempt; empty if there is nothing to send any more.
     *
     * @throws Postponed while another worker holds it
     * @throws Unprocessable if the message names none
     */
    public Optional<DeliveryAttempt> claim(@Body DeliveryMessage message) {
        if (message == null
                || message.delivery() == null
                || message.ticket() == null
                || !ObjectId.isValid(message.ticket())) {
            throw new Unprocessable("the message names no delivery and ticket");
        }
        Bson open = and(of(message), in(STATE, WAITING, PARKED)); // a parked one, when its message is replayed
        Document claimed = deliveries.findOneAndUpdate(
                and(of(message), in(STATE, WAITING, PARKED), or(exists(CLAIMED, false), lt(CLAIMED, now()))),
                combine(
                        set(CLAIMED, after(LEASE)),
                        inc("attempts", 1),
                        set(STATE, WAITING),
                        set(DUE, after(SILENCE)),
                        set("updated", now())),
                CHANGED);
        if (claimed == null) {
            if (deliveries.find(open).first() != null) {
                throw new Postponed("another worker delivers " + message.delivery());
            }
            return Optional.empty();
        }
        Optional<Webhook> webhook =
                webhooks.find(claimed.getObjectId("webhook")).filter(found -> found.disabled() == null);
        if (webhook.isEmpty()) {
            end(of(message), REFUSED, null);
        }
        return webhook.map(found -> new DeliveryAttempt(
                claimed.getString("_id"),
                claimed.getObjectId(TICKET),
                claimed.getInteger("attempts"),
                claimed.getString("body"),
                found));
    }

    /**
     * Notes a receiver's answer: any 2xx is a success, 410 means that nobody wants to be told any more.
     *
     * @throws DeliveryFailure for all others
     */
    public void answered(DeliveryAttempt attempt, int status) throws DeliveryFailure {
        if (status / 100 == 2) {
            end(held(attempt), DELIVERED, status);
        } else if (status == 410) {
            webhooks.disable(attempt.webhook().id());
            end(held(attempt), REFUSED, status);
        } else {
            throw new DeliveryFailure(status);
        }
    }

    private void end(Bson which, String state, Integer status) {
        deliveries.updateOne(
                which,
                combine(
                        set(STATE, state),
                        set("status", status),
                        unset("error"),
                        unset(DUE),
                        unset(CLAIMED),
                        set("updated", now())));
    }

    /**
     * Notes why an attempt failed, and gives the delivery back.
     *
     * @param attempt null if none had been claimed; then nothing changes
     * @param before how many attempts its message has failed before, as its envelope says; null for none
     */
    public void failed(DeliveryAttempt attempt, Object before, Exception failure) {
        if (attempt != null) {
            boolean last = (before instanceof Number count ? count.longValue() : 0) + 1 >= maxAttempts;
            deliveries.updateOne(
                    held(attempt),
                    combine(
                            set(STATE, last ? PARKED : WAITING),
                            failure instanceof DeliveryFailure answer
                                    ? set("status", answer.status())
                                    : unset("status"),
                            set("error", reason(failure)),
                            last ? unset(DUE) : set(DUE, after(SILENCE)),
                            unset(CLAIMED),
                            set("updated", now())));
        }
    }

    private static String reason(Exception failure) {
        String text = failure instanceof DeliveryFailure
                ? failure.getMessage()
                : failure.getClass().getSimpleName() + ": " + failure.getMessage();
        return text.length() <= LONGEST_ERROR ? text : text.substring(0, LONGEST_ERROR);
    }

    /** The newest 100 deliveries to a webhook, the newest first. */
    public List<Delivery> list(ObjectId webhook) {
        return deliveries
                .find(eq("webhook", webhook))
                .sort(Sorts.descending("created"))
                .limit(NEWEST)
                .map(Deliveries::of)
                .into(new ArrayList<>());
    }

    /** Lets a delivery be sent once more, at once, by the next sweep; empty if the webhook has none of this id. */
    public Optional<Delivery> replay(String id, ObjectId webhook) {
        return Optional.ofNullable(deliveries.findOneAndUpdate(
                        and(eq("_id", id), eq("webhook", webhook)),
                        combine(
                                set(STATE, WAITING),
                                set(TICKET, new ObjectId()),
                                set(DUE, now()),
                                unset(CLAIMED),
                                set("updated", now())),
                        CHANGED))
                .map(Deliveries::of);
    }

    /** Deletes what is known of a webhook. */
    public void deleteTo(ObjectId webhook) {
        deliveries.deleteMany(eq("webhook", webhook));
    }

    /** Deletes all deliveries of a person. */
    public void deleteOf(String owner) {
        deliveries.deleteMany(eq("owner", owner));
    }

    /** Deletes what is older than 30 days. */
    public void forget() {
        deliveries.deleteMany(lt("created", Date.from(clock.now().minus(KEPT))));
    }

    private static DeliveryMessage message(Document delivery) {
        return new DeliveryMessage(
                delivery.getString("_id"), delivery.getObjectId(TICKET).toHexString());
    }

    private static Bson of(DeliveryMessage message) {
        return and(eq("_id", message.delivery()), eq(TICKET, new ObjectId(message.ticket())));
    }

    private static Bson held(DeliveryAttempt attempt) {
        return and(eq("_id", attempt.id()), eq(TICKET, attempt.ticket()), eq("attempts", attempt.number()));
    }

    private static Delivery of(Document document) {
        return new Delivery(
                document.getString("_id"),
                document.getString("event"),
                document.getString("job"),
                document.getString(STATE),
                document.getInteger("attempts"),
                document.getInteger("status"),
                document.getString("error"),
                document.getDate("created").toInstant(),
                document.getDate("updated").toInstant());
    }

    private Date now() {
        return Date.from(clock.now());
    }

    private Date after(Duration time) {
        return Date.from(clock.now().plus(time));
    }
}
