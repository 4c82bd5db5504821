package io.github.videotomp3.faults;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.github.videotomp3.job.StoredFiles;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.bson.Document;
import org.bson.types.ObjectId;

/**
 * What became of all that was accepted, and what is lying about.
 *
 * @param accepted uploads that were answered with 202
 * @param ends how many jobs ended in which state, those too whose answer never reached its sender
 * @param repeated jobs beyond the first of an upload that was sent again under its key
 * @param open jobs, accepted or not, that have not ended
 * @param lost accepted uploads that have no job
 * @param wrongMp3s done jobs without an MP3 of the right size, and jobs with one that are not done
 * @param unmailed ended jobs that no mail names
 * @param repeatedMails mails beyond the first that name a job
 * @param queued messages that wait in a queue or for a retry, by queue; of a real broker those too that are in somebody's hands
 * @param orphans files and chunks that belong to nobody
 * @param workFiles what lies in work folders
 * @param encoders processes of ffmpeg
 * @param wrongAnswers answers that nobody should have got
 */
record Books(
        int accepted,
        Map<String, Integer> ends,
        int repeated,
        int open,
        int lost,
        int wrongMp3s,
        int unmailed,
        int repeatedMails,
        Map<String, Long> queued,
        Set<String> orphans,
        int workFiles,
        int encoders,
        Set<String> wrongAnswers) {

    /** How the name of a file begins that is sent under a key, with the key behind it. */
    static final String SENT_AGAIN = "sent again under ";

    /** A job in the text of a mail: by the link to its MP3, or in the sentence that there is none. */
    private static final Pattern NAMED =
            Pattern.compile("/download\\?fid=([0-9a-f]{24})&|file_id: ([0-9a-f]{24}) could not be converted");

    static Books of(Rig rig, MongoClient mongo, Set<String> accepted, Set<String> wrongAnswers)
            throws IOException, TimeoutException {
        Map<String, Document> jobs = new HashMap<>();
        MongoDatabase videos = mongo.getDatabase("videos");
        MongoDatabase mp3s = mongo.getDatabase("mp3s");
        videos.getCollection("jobs").find().forEach(job -> jobs.put(id(job.getObjectId("_id")), job));
        Map<String, Long> mp3Sizes = sizes(mp3s);
        Map<String, Long> videoSizes = sizes(videos);
        Map<String, Integer> mails = new HashMap<>();
        for (String mail : rig.mails()) {
            NAMED.matcher(mail)
                    .results()
                    .map(job -> job.group(1) == null ? job.group(2) : job.group(1))
                    .distinct()
                    .forEach(job -> mails.merge(job, 1, Integer::sum));
        }

        Map<String, Integer> ends = new TreeMap<>();
        Set<String> ownMp3s = new HashSet<>();
        int open = 0;
        int wrongMp3s = 0;
        int unmailed = 0;
        int repeatedMails = 0;
        int repeatedJobs = 0;
        Set<String> keys = new HashSet<>();
        for (Map.Entry<String, Document> job : jobs.entrySet()) {
            String state = job.getValue().getString("state");
            boolean ended = Set.of("done", "rejected", "failed").contains(state);
            open += ended ? 0 : 1;
            if (ended) {
                ends.merge(state, 1, Integer::sum);
                int sent = mails.getOrDefault(job.getKey(), 0);
                unmailed += sent == 0 ? 1 : 0;
                repeatedMails += Math.max(sent - 1, 0);
            }
            String name = job.getValue().getString("name");
            repeatedJobs += name.startsWith(SENT_AGAIN) && !keys.add(name) ? 1 : 0;
            String mp3 = id(job.getValue().get("mp3", job.getValue().getObjectId("_id")));
            Long size = mp3Sizes.remove(mp3);
            boolean right = state.equals("done")
                    ? size != null && size == ((Number) job.getValue().get("mp3_bytes")).longValue()
                    : size == null;
            wrongMp3s += right ? 0 : 1;
            if (size != null) {
                ownMp3s.add(mp3);
            }
        }
        Set<String> lost = new HashSet<>(accepted);
        lost.removeAll(jobs.keySet());
        Set<String> orphans = chunks(mongo, "videos");
        orphans.addAll(videoSizes.keySet());
        orphans.removeIf(id -> jobs.containsKey(id)
                && !jobs.get(id).getString("state").equals("rejected")
                && videoSizes.containsKey(id));
        Set<String> orphanMp3s = chunks(mongo, "mp3s");
        orphanMp3s.addAll(mp3Sizes.keySet()); // what is left of them is nobody's
        orphanMp3s.removeAll(ownMp3s);
        orphanMp3s.forEach(id -> orphans.add("MP3 " + id));
        return new Books(
                accepted.size(),
                ends,
                repeatedJobs,
                open,
                lost.size(),
                wrongMp3s,
                unmailed,
                repeatedMails,
                queued(rig),
                orphans,
                rig.workFiles().size(),
                rig.encoders().size(),
                wrongAnswers);
    }

    /** A job as it stands in the store. */
    static Document job(MongoClient mongo, String id) {
        return mongo.getDatabase("videos")
                .getCollection("jobs")
                .find(new Document("_id", new ObjectId(id)))
                .first();
    }

    /** The ids of the jobs that were given up. */
    static Set<String> failed(MongoClient mongo) {
        Set<String> failed = new HashSet<>();
        mongo.getDatabase("videos")
                .getCollection("jobs")
                .find(new Document("state", "failed"))
                .forEach(job -> failed.add(id(job.getObjectId("_id"))));
        return failed;
    }

    private static String id(ObjectId id) {
        return id.toHexString();
    }

    private static Map<String, Long> sizes(MongoDatabase database) {
        Map<String, Long> sizes = new HashMap<>();
        database.getCollection("fs.files")
                .find()
                .forEach(file -> sizes.put(id(file.getObjectId("_id")), ((Number) file.get("length")).longValue()));
        return sizes;
    }

    /** Of which files there are chunks; the embedded store finds that in its index, and else would read all of their bytes. */
    private static Set<String> chunks(MongoClient mongo, String database) {
        Set<String> files = new HashSet<>();
        new StoredFiles(mongo, database)
                .idsMade(Instant.EPOCH, Instant.now().plus(Duration.ofDays(1)))
                .forEach(file -> files.add(id(file)));
        return files;
    }

    private static Map<String, Long> queued(Rig rig) throws IOException, TimeoutException {
        Map<String, Long> queued = new TreeMap<>();
        try (Connection connection = rig.amqp().newConnection()) {
            for (String queue : List.of("video", "mp3", "rejected")) {
                for (String name : List.of(queue, queue + ".retry")) {
                    Channel channel = connection.createChannel();
                    queued.put(name, channel.messageCount(name));
                    channel.close();
                }
            }
        }
        if (BrokerControl.isThere()) {
            Map<String, Long> all = BrokerControl.messages();
            queued.replaceAll((name, ready) -> all.get(name));
        }
        queued.values().removeIf(messages -> messages == 0);
        return queued;
    }

    /** Whether nothing is left to be done, and nothing is wrong. */
    boolean areClosed() {
        return open == 0
                && lost == 0
                && wrongMp3s == 0
                && unmailed == 0
                && queued.isEmpty()
                && orphans.isEmpty()
                && workFiles == 0
                && encoders == 0;
    }
}
