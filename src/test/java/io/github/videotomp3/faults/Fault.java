package io.github.videotomp3.faults;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.model.Filters;
import com.rabbitmq.client.Connection;
import io.github.videotomp3.MongoStore;
import io.github.videotomp3.TcpProxy;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.bson.Document;

/** Something that happens to a running system: it begins, lasts a while, and is over. */
enum Fault {
    KILL_AUTH((rig, which) -> restart(rig.auth, true)),
    KILL_GATEWAY((rig, which) -> restart(rig.gateway, true)),
    KILL_CONVERTER((rig, which) -> restart(pick(rig.converters, which), true)),
    KILL_NOTIFICATION((rig, which) -> restart(rig.notification, true)),
    KILL_STORES((rig, which) -> restart(rig.stores, true)),
    KILL_FFMPEG((rig, which) -> {
        rig.encoders().forEach(ProcessHandle::destroyForcibly);
        return () -> {};
    }),
    STOP_AUTH((rig, which) -> restart(rig.auth, false)),
    STOP_GATEWAY((rig, which) -> restart(rig.gateway, false)),
    STOP_CONVERTER((rig, which) -> restart(pick(rig.converters, which), false)),
    STOP_NOTIFICATION((rig, which) -> restart(rig.notification, false)),
    HOLD_AUTH((rig, which) -> hold(rig.auth)),
    HOLD_GATEWAY((rig, which) -> hold(rig.gateway)),
    HOLD_CONVERTER((rig, which) -> hold(pick(rig.converters, which))),
    HOLD_STORES((rig, which) -> hold(rig.stores)),
    CUT_BROKER((rig, which) -> cut(rig.broker)),
    CUT_MONGO((rig, which) -> cut(rig.mongo)),
    CUT_MAIL((rig, which) -> cut(rig.mail)),
    BROKER_AWAY((rig, which) -> away(rig.broker)),
    MONGO_AWAY((rig, which) -> away(rig.mongo)),
    MAIL_AWAY((rig, which) -> away(rig.mail)),
    BROKER_SILENT((rig, which) -> silent(rig.broker)),
    MONGO_SILENT((rig, which) -> silent(rig.mongo)),
    MAIL_SILENT((rig, which) -> silent(rig.mail)),
    MONGO_SLOW((rig, which) -> {
        rig.mongo.delay(20);
        return () -> rig.mongo.delay(0);
    }),
    DAMAGE_VIDEO((rig, which) -> {
        try (MongoClient mongo = MongoClients.create(rig.mongoUri())) {
            Document job = mongo.getDatabase("videos")
                    .getCollection("jobs")
                    .find(Filters.in("state", "stored", "queued")) // else nobody reads it again
                    .first();
            if (job != null) {
                MongoStore.damage(mongo, "videos", job.getObjectId("_id"), 0);
            }
        }
        return () -> {};
    }),
    CUT_DATABASE(Rig::hasRealDatabase, (rig, which) -> cut(rig.database)),
    DATABASE_AWAY(Rig::hasRealDatabase, (rig, which) -> away(rig.database)),
    DATABASE_SILENT(Rig::hasRealDatabase, (rig, which) -> silent(rig.database)),
    DELETE_QUEUE(Rig::hasRealBroker, (rig, which) -> { // the embedded one keeps its queues
        try (Connection connection = rig.amqp().newConnection()) {
            connection.createChannel().queueDelete(pick(List.of("video", "mp3", "rejected", "video.retry"), which));
        }
        return () -> {};
    }),
    QUEUE_FULL(rig -> BrokerControl.isThere(), (rig, which) -> {
        limit(0);
        return () -> {
            // without this, RabbitMQ's dead letters are refused until it is restarted, rabbitmq-server#12206
            limit(1_000_000);
            BrokerControl.run("clear_policy", "full");
        };
    }),
    BROKER_OUT_OF_MEMORY(rig -> BrokerControl.isThere(), (rig, which) -> {
        BrokerControl.run("set_vm_memory_high_watermark", "absolute", "1000");
        return () -> BrokerControl.run("set_vm_memory_high_watermark", "0.4");
    }),
    WORK_FOLDER_FULL(rig -> rig.smallDisk.isMounted(), (rig, which) -> {
        rig.smallDisk.fill();
        return rig.smallDisk::empty;
    });

    private interface Event {
        Runnable strike(Rig rig, int which) throws Exception;
    }

    private final Predicate<Rig> possible;
    private final Event event;

    Fault(Event event) {
        this(rig -> true, event);
    }

    Fault(Predicate<Rig> possible, Event event) {
        this.possible = possible;
        this.event = event;
    }

    static List<Fault> possibleIn(Rig rig) {
        return Arrays.stream(values()).filter(fault -> fault.possible.test(rig)).toList();
    }

    /** Lets it happen, and returns what ends it. */
    Runnable strike(Rig rig, Random random) throws Exception {
        return event.strike(rig, random.nextInt(Integer.MAX_VALUE));
    }

    private static <T> T pick(List<T> several, int which) {
        return several.get(which % several.size());
    }

    private static Runnable restart(Part part, boolean atOnce) {
        if (atOnce) {
            part.kill();
        } else {
            part.stop();
        }
        return part::start;
    }

    private static Runnable hold(Part part) {
        part.hold();
        return part::goOn;
    }

    private static Runnable cut(TcpProxy proxy) {
        proxy.cut();
        return () -> {};
    }

    private static Runnable away(TcpProxy proxy) {
        proxy.refuse(true);
        return () -> proxy.refuse(false);
    }

    private static void limit(int messages) {
        BrokerControl.run(
                "set_policy",
                "full",
                "^(video|mp3|rejected)$",
                "{\"max-length\":" + messages + ",\"overflow\":\"reject-publish\"}");
    }

    private static Runnable silent(TcpProxy proxy) {
        proxy.swallow(true);
        return () -> proxy.swallow(false);
    }
}
