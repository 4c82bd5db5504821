package io.github.videotomp3.converter;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Updates.set;
import static io.github.videotomp3.MongoStore.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.mongodb.client.MongoClient;
import com.mongodb.client.gridfs.GridFSBuckets;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import io.github.videotomp3.Clips;
import io.github.videotomp3.MongoStore;
import io.github.videotomp3.camel.Workers;
import io.github.videotomp3.converter.Conversions.Conversion;
import io.github.videotomp3.job.Job;
import io.github.videotomp3.job.JobMessage;
import io.github.videotomp3.job.JobState;
import io.github.videotomp3.job.Jobs;
import io.github.videotomp3.job.Mp3Options;
import io.github.videotomp3.job.Postponed;
import io.github.videotomp3.job.StoredFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.apache.camel.component.exec.ExecCommand;
import org.apache.camel.component.exec.ExecException;
import org.apache.camel.component.exec.ExecResult;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With the real ffmpeg and the real driver. */
class ConversionsTest {

    @RegisterExtension
    static final MongoStore MONGO = new MongoStore();

    private static final String OWNER = "me@example.com";
    private static final Splitting ALONE = new Splitting(Duration.ZERO, 1, new Workers());

    @TempDir
    private Path dir;

    private final Jobs jobs = new Jobs(MONGO.client(), MONGO.videos(), MONGO.mp3s(), Duration.ofSeconds(30), 3);
    private final Map<String, Object> headers = new HashMap<>();
    private Path work;
    private WorkFolders folders;
    private Conversions conversions;

    @BeforeEach
    void open() {
        work = dir.resolve("work");
        folders = new WorkFolders(work.toString());
        conversions = conversions(MONGO.mp3s());
    }

    @AfterEach
    void close() {
        conversions.close();
        folders.close();
    }

    @Test
    void leavesADoneJobWithItsMp3AndNoWorkFolder() throws IOException {
        Job job = claimed(Clips.mp4(dir, 2));
        Conversion conversion = conversions.fetch(job, headers);
        Outcome outcome = judge(conversion);

        Job done = conversions.store(outcome, conversion);

        assertThat(done.state()).isEqualTo(JobState.DONE);
        assertThat(done.warning()).isNull();
        assertThat(done.seconds()).isCloseTo(2, within(0.3));
        assertThat(jobs.find(job.id(), OWNER)).contains(done);
        Path mp3 = download(job.id());
        assertThat(Files.size(mp3)).isEqualTo(done.mp3Bytes()).isPositive();
        assertThat(Clips.seconds(mp3)).isCloseTo(2, within(0.3));
        assertThat(workFolders()).isEmpty();
    }

    @Test
    void keepsPictureChaptersAndTags() throws IOException {
        Path video = Clips.covered(dir, 4);

        Job done = converted(video, Mp3Options.NONE);

        assertThat(done.warning()).isNull();
        byte[] mp3 = Files.readAllBytes(download(done.mp3()));
        assertThat(new String(mp3, StandardCharsets.ISO_8859_1))
                .contains("APIC", "image/jpeg\0\u0003", "CHAP", "A bell-ringer") // 3 is the cover (front)
                .contains(new String(picture(video), StandardCharsets.ISO_8859_1));
        assertThat(Clips.seconds(dir.resolve("downloaded.mp3"))).isCloseTo(4, within(0.1));
    }

    @Test
    void keepsThePictureOfAPartOfTheVideo() throws IOException {
        Job done = converted(Clips.covered(dir, 4), options("start=1&end=0:03&title=Mine"));

        assertThat(done.warning()).isNull();
        assertThat(Files.readString(download(done.mp3()), StandardCharsets.ISO_8859_1))
                .contains("APIC", "CHAP", "Mine", "A bell-ringer")
                .doesNotContain("A bell\0");
        assertThat(Clips.seconds(dir.resolve("downloaded.mp3"))).isCloseTo(2, within(0.03));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void doesWithoutAPictureThatIsDamaged(boolean fromItsBeginning) throws IOException {
        Path video = Clips.covered(dir, 2);
        byte[] picture = picture(video);
        byte[] bytes = Files.readAllBytes(video);
        int at = indexOf(bytes, picture);
        Arrays.fill(bytes, fromItsBeginning ? at : at + picture.length / 4, at + picture.length, (byte) 7);

        Job done = converted(Files.write(video, bytes), Mp3Options.NONE);

        assertThat(done.isDone()).isTrue();
        assertThat(done.warning()).startsWith("The MP3 has no cover");
        assertThat(Files.readString(download(done.mp3()), StandardCharsets.ISO_8859_1))
                .contains("CHAP")
                .doesNotContain("APIC");
    }

    @Test
    void takesAPictureFromTheVideoWhereOneIsWished() throws IOException {
        Job done = converted(Clips.mp4(dir, 3), options("cover=frame&start=1"));

        assertThat(done.warning()).isNull();
        assertThat(Files.readString(download(done.mp3()), StandardCharsets.ISO_8859_1))
                .contains("APIC", "image/jpeg");
    }

    @Test
    void saysThatThereIsNoPictureToTake() throws IOException {
        Job done = converted(Clips.mp3(dir, 2), options("cover=frame"));

        assertThat(done.warning()).startsWith("The MP3 has no cover");
    }

    @Test
    void leavesThePictureOutWhereNoneIsWished() throws IOException {
        Job done = converted(Clips.covered(dir, 2), options("cover=none"));

        assertThat(done.warning()).isNull();
        assertThat(Files.readString(download(done.mp3()), StandardCharsets.ISO_8859_1))
                .doesNotContain("APIC");
    }

    @Test
    void copiesAnMp3ThatIsInsideBitByBit() throws IOException {
        Path mp3 = Clips.mp3(dir, 3);

        Job done = converted(Clips.around(mp3, dir, 3), options("title=Copied"));

        byte[] frames = Files.readAllBytes(mp3);
        byte[] made = Files.readAllBytes(download(done.mp3()));
        assertThat(Arrays.copyOfRange(made, made.length - frames.length, made.length))
                .isEqualTo(frames);
        assertThat(new String(made, StandardCharsets.ISO_8859_1))
                .startsWith("ID3")
                .contains("Copied");
    }

    @Test
    void encodesAnMp3ThatIsInsideWhereAnotherIsWished() throws IOException {
        Job done = converted(Clips.around(Clips.mp3(dir, 3), dir, 3), options("bitrate=32"));

        assertThat(done.mp3Bytes()).isBetween(11_000L, 14_000L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "loudness=-20", "start=30&end=100"})
    void showsHowFarItIsWithFewWrites(String wished) throws IOException {
        List<Document> shown = new CopyOnWriteArrayList<>();
        CommandListener spy = new CommandListener() {
            @Override
            public void commandStarted(CommandStartedEvent event) {
                if (event.getCommandName().equals("findAndModify")) {
                    Document set = Document.parse(event.getCommand().toJson())
                            .get("update", Document.class)
                            .get("$set", Document.class);
                    if (set.containsKey("phase")) {
                        shown.add(set);
                    }
                }
            }
        };
        long started;
        try (MongoClient client = MONGO.connect(spy)) {
            Jobs spied = new Jobs(client, MONGO.videos(), MONGO.mp3s(), Duration.ofSeconds(30), 3);
            Mp3Encoder slow = new Mp3Encoder(0, 0, Duration.ofHours(4));
            Conversions converter =
                    new Conversions(spied, MONGO.videos(), MONGO.mp3s(), folders, slow, Clips.ffmpeg(), ALONE, 0, 0);
            Path paced = Clips.ffmpeg(dir, "#!/bin/sh\nexec %s -readrate 30 \"$@\"\n"); // also where it is fast
            Job job = claimed(Clips.music(dir, 120), options(wished));
            started = System.nanoTime();
            Conversion conversion = converter.fetch(job, headers);
            Outcome outcome = converter.judge(converter.execute(command(paced.toString(), conversion)), conversion);
            converter.store(outcome, conversion);
        }
        long seconds = Duration.ofNanos(System.nanoTime() - started).toSeconds();
        List<Integer> percents =
                shown.stream().map(set -> set.getInteger("percent")).toList();
        assertThat(percents)
                .isSorted()
                .allMatch(percent -> percent >= 0 && percent <= 99)
                .hasSizeGreaterThanOrEqualTo(2);
        assertThat(percents.get(percents.size() - 1)).isEqualTo(99);
        assertThat(percents.get(percents.size() - 2)).as("the last of ffmpeg").isBetween(1, 99);
        assertThat(shown.stream().map(set -> set.getString("phase")).distinct())
                .containsExactly("converting", "storing");
        assertThat((long) shown.size()).as("writes").isLessThanOrEqualTo(seconds + 3);
    }

    private Job converted(Path video, Mp3Options options) throws IOException {
        Conversion conversion = conversions.fetch(claimed(video, options), headers);
        Job done = conversions.store(judge(conversion), conversion);
        assertThat(workFolders()).isEmpty();
        return done;
    }

    private static Mp3Options options(String sent) {
        return Mp3Options.of(Stream.of(sent.split("&"))
                .filter(option -> !option.isEmpty())
                .map(option ->
                        Map.entry(option.substring(0, option.indexOf('=')), option.substring(option.indexOf('=') + 1)))
                .toList());
    }

    /** What is between the marks of a JPEG. */
    private static byte[] picture(Path video) throws IOException {
        byte[] bytes = Files.readAllBytes(video);
        int from = indexOf(bytes, new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff});
        byte[] rest = Arrays.copyOfRange(bytes, from, bytes.length);
        return Arrays.copyOf(rest, indexOf(rest, new byte[] {(byte) 0xff, (byte) 0xd9}) + 2);
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(new String(part, StandardCharsets.ISO_8859_1));
        assertThat(at).isNotNegative();
        return at;
    }

    @Test
    void givesCamelTheCommandAndNothingOfTheMessage() throws IOException {
        headers.put("CamelExecCommandExecutable", "/bin/planted");
        headers.put("attempts", 3);

        Conversion conversion = conversions.fetch(claimed(Clips.mp4(dir, 1)), headers);

        assertThat(headers)
                .containsOnlyKeys("CamelExecCommandExecutable", "CamelExecCommandArgs", "CamelExecCommandWorkingDir")
                .containsEntry(
                        "CamelExecCommandExecutable", Clips.ffmpeg().path().toString())
                .containsEntry("CamelExecCommandWorkingDir", conversion.folder().toString());
        assertThat(conversion.folder().resolve(Mp3Encoder.INPUT)).hasSameBinaryContentAs(dir.resolve("clip.mp4"));
    }

    @Test
    void rejectsAVideoWithoutSoundAndLeavesNeitherMp3NorWorkFolder() throws IOException {
        Job job = claimed(Clips.silent(dir, 1));
        Conversion conversion = conversions.fetch(job, headers);
        Outcome outcome = judge(conversion);

        Job rejected = conversions.reject(outcome, conversion);

        assertThat(outcome.rejected()).isTrue();
        assertThat(rejected.state()).isEqualTo(JobState.REJECTED);
        assertThat(rejected.reason()).isEqualTo("The video has no audio track");
        assertThat(MONGO.isGone("mp3s", job.id())).isTrue();
        assertThat(workFolders()).isEmpty();
    }

    @Test
    void rejectsWithoutTheMp3ThatAnAttemptLeftWhichDied() throws IOException {
        Job job = claimed(Clips.silent(dir, 1));
        MONGO.mp3s().store(job.id(), "bell.mp4", bytes("of an attempt that died"));
        Conversion conversion = conversions.fetch(job, headers);

        conversions.reject(judge(conversion), conversion);

        assertThat(MONGO.isGone("mp3s", job.id())).isTrue();
    }

    @Test
    void replacesTheMp3ThatAnAttemptLeftWhichDied() throws IOException {
        Job job = claimed(Clips.mp4(dir, 1));
        MONGO.mp3s().store(job.id(), "bell.mp4", bytes("of an attempt that died"));
        Conversion conversion = conversions.fetch(job, headers);

        Job done = conversions.store(judge(conversion), conversion);

        assertThat(Files.size(download(job.id()))).isEqualTo(done.mp3Bytes());
    }

    @Test
    void touchesNothingOfAJobThatAnotherWorkerHasTakenOver() throws IOException {
        Job job = claimed(Clips.mp4(dir, 1));
        Conversion conversion = conversions.fetch(job, headers);
        Outcome outcome = judge(conversion);
        Job newer = takenOver(job);
        MONGO.mp3s().store(newer.mp3(), "bell.mp4", bytes("of the newer attempt"));

        assertThatThrownBy(() -> conversions.store(outcome, conversion)).isInstanceOf(Postponed.class);

        assertThat(jobs.find(job.id(), OWNER)).contains(newer);
        assertThat(download(newer.mp3())).hasContent("of the newer attempt");
        assertThat(workFolders()).isEmpty();
    }

    @Test
    void leavesTheMp3OfTheNextAttemptAloneWhenItWakesUpWhileItStoresItsOwn() throws IOException {
        Job job = claimed(Clips.mp4(dir, 1));
        Conversion conversion = conversions.fetch(job, headers);
        Outcome outcome = judge(conversion);
        AtomicReference<Job> newer = new AtomicReference<>();
        CommandListener takeOver = new CommandListener() {
            @Override
            public void commandStarted(CommandStartedEvent event) {
                if (event.getCommandName().equals("insert") && newer.get() == null) {
                    newer.set(takenOver(job));
                    MONGO.mp3s().store(newer.get().mp3(), "bell.mp4", bytes("of the newer attempt"));
                    jobs.done(newer.get(), 20, 1, null);
                }
            }
        };
        try (MongoClient client = MONGO.connect(takeOver)) {
            Conversions asleep = conversions(new StoredFiles(client, "mp3s"));

            assertThatThrownBy(() -> asleep.store(outcome, conversion)).isInstanceOf(Postponed.class);
        }
        assertThat(jobs.find(job.id(), OWNER).orElseThrow().mp3())
                .isEqualTo(newer.get().mp3());
        assertThat(download(newer.get().mp3())).hasContent("of the newer attempt");
    }

    @Test
    void rejectsNoJobThatAnotherWorkerHasTakenOver() throws IOException {
        Job job = claimed(Clips.silent(dir, 1));
        Conversion conversion = conversions.fetch(job, headers);
        Outcome outcome = judge(conversion);
        Job newer = takenOver(job);
        MONGO.mp3s().store(newer.mp3(), "bell.mp4", bytes("of the newer attempt"));

        assertThatThrownBy(() -> conversions.reject(outcome, conversion)).isInstanceOf(Postponed.class);

        assertThat(jobs.find(job.id(), OWNER)).contains(newer);
        assertThat(MONGO.mp3s().find(newer.mp3())).isPresent();
        assertThat(workFolders()).isEmpty();
    }

    @Test
    void leavesNoMp3OfAJobThatWasDeletedWhileItWasConverted() throws IOException {
        Job job = claimed(Clips.mp4(dir, 1));
        Conversion conversion = conversions.fetch(job, headers);
        Outcome outcome = judge(conversion);
        jobs.delete(job.id(), OWNER);

        assertThatThrownBy(() -> conversions.store(outcome, conversion)).isInstanceOf(Postponed.class);

        assertThat(MONGO.isGone("mp3s", job.id())).isTrue();
        assertThat(jobs.claim(JobMessage.of(job)).state()).isEqualTo(JobState.DELETED);
        assertThat(workFolders()).isEmpty();
    }

    @Test
    void leavesNoMp3OfAJobThatWasDeletedWhileItsMp3WasStored() throws IOException {
        Job job = claimed(Clips.mp4(dir, 1));
        Conversion conversion = conversions.fetch(job, headers);
        Outcome outcome = judge(conversion);
        CommandListener owner = new CommandListener() {
            @Override
            public void commandStarted(CommandStartedEvent event) {
                if (event.getCommandName().equals("insert")
                        && event.getCommand().getString("insert").getValue().equals("fs.files")) {
                    jobs.delete(job.id(), OWNER);
                }
            }
        };
        try (MongoClient client = MONGO.connect(owner)) {
            Conversions converter = conversions(new StoredFiles(client, "mp3s"));

            assertThat(converter.store(outcome, conversion).state()).isEqualTo(JobState.DELETED);
        }
        assertThat(MONGO.isGone("mp3s", job.id())).isTrue();
        assertThat(workFolders()).isEmpty();
    }

    @Test
    void triesAJobWhoseVideoIsGoneUntilItHasFailed() {
        Job job = jobs.create(new ObjectId(), OWNER, "bell.mp4", 6);

        assertThatThrownBy(() -> conversions.fetch(job, headers))
                .isInstanceOf(TransientFailure.class)
                .hasMessageContaining(job.id().toHexString());
        assertThat(workFolders()).isEmpty();
    }

    @Test
    void givesAJobBackUncountedWhileItsVideoHasNoRoom() throws IOException {
        Job job = claimed(Clips.mp4(dir, 1));
        videoSeemsToHave(job, Files.getFileStore(work).getTotalSpace() - 1);

        assertThatThrownBy(() -> conversions.fetch(job, headers))
                .isInstanceOf(Postponed.class)
                .hasMessageContaining("full");

        Job waiting = jobs.find(job.id(), OWNER).orElseThrow();
        assertThat(waiting.state()).isEqualTo(JobState.QUEUED);
        assertThat(waiting.attempts()).isZero();
        assertThat(workFolders()).isEmpty();
    }

    @Test
    void waitsForNoRoomThatThereWillNeverBe() throws IOException {
        Job job = claimed(Clips.mp4(dir, 1));
        videoSeemsToHave(job, Files.getFileStore(work).getTotalSpace() + 1);

        assertThatThrownBy(() -> conversions.fetch(job, headers)).isNotInstanceOf(Postponed.class);
    }

    private static void videoSeemsToHave(Job job, long bytes) {
        MONGO.client()
                .getDatabase("videos")
                .getCollection("fs.files")
                .updateOne(eq("_id", job.id()), set("length", bytes));
    }

    @Test
    void leavesNoWorkFolderWhenAVideoCanNotBeFetched() throws IOException {
        Job job = claimed(Files.write(dir.resolve("large.mp4"), new byte[600_000]));
        MONGO.client()
                .getDatabase("videos")
                .getCollection("fs.chunks")
                .deleteOne(new Document("files_id", job.id()).append("n", 1));

        assertThatThrownBy(() -> conversions.fetch(job, headers)).hasMessageContaining("chunk 1 ");

        assertThat(workFolders()).isEmpty();
    }

    @Test
    void leavesNoWorkFolderWhenFfmpegCanNotBeStarted() throws IOException {
        Conversion conversion = conversions.fetch(claimed(Clips.mp4(dir, 1)), headers);

        assertThatThrownBy(() -> conversions.execute(command("/nonexistent/ffmpeg", conversion)))
                .isInstanceOf(ExecException.class);

        assertThat(workFolders()).isEmpty();
    }

    @Test
    void givesTheJobBackUnharmedWhenItsOwnProcessStops() throws IOException {
        Job claimed = claimed(Clips.mp4(dir, 1));
        Conversion conversion = conversions.fetch(claimed, headers);
        conversions.close();
        ExecResult stopped = conversions.execute(command(Clips.ffmpeg().path().toString(), conversion));

        assertThatThrownBy(() -> conversions.judge(stopped, conversion)).isInstanceOf(Postponed.class);

        assertThat(workFolders()).isEmpty();
        Job now = jobs.find(claimed.id(), OWNER).orElseThrow();
        assertThat(now.state()).isEqualTo(JobState.QUEUED);
        assertThat(now.attempts()).isZero();
    }

    @Test
    void announcesAnEndAndExplainsAParkedMessage() {
        Job job = jobs.create(new ObjectId(), OWNER, "bell.mp4", 6);
        JobMessage message = new JobMessage(job.id().toHexString(), null, OWNER, Map.of("bitrate", "192k"));
        Job rejected = jobs.rejected(jobs.claim(message), "no sound");

        assertThat(conversions.announcement(message, rejected)).isEqualTo(message.about(rejected));
        conversions.explain(rejected, headers);

        assertThat(headers).containsOnly(Map.entry("failure-reason", "no sound"), Map.entry("attempts", 1));
    }

    @Test
    void failsAJobWhoseVideoIsNoLongerWhatArrived() throws IOException {
        Job job = claimed(Clips.mp4(dir, 1), sum(dir.resolve("clip.mp4")));
        MONGO.damage("videos", job.id(), 0);

        assertThatThrownBy(() -> conversions.fetch(job, headers))
                .isInstanceOf(Postponed.class)
                .hasMessageContaining("damaged");

        Job failed = jobs.find(job.id(), OWNER).orElseThrow();
        assertThat(failed.state()).isEqualTo(JobState.FAILED);
        assertThat(failed.reason()).contains("damaged", "send it once more");
        assertThat(failed.attempts()).isEqualTo(1);
        assertThat(jobs.claim(JobMessage.of(job))).as("what its message finds").isEqualTo(failed);
        assertThat(MONGO.videos().find(job.id())).as("it may be mended").isPresent();
        assertThat(workFolders()).isEmpty();
    }

    @Test
    void convertsWhatArrivedAndWhatNobodyTookAChecksumOf() throws IOException {
        Path clip = Clips.mp4(dir, 1);
        Job unchecked = claimed(clip, (Long) null);
        MONGO.damage("videos", unchecked.id(), 0);

        assertThat(conversions.fetch(claimed(clip, sum(clip)), headers).folder())
                .isNotEmptyDirectory();
        assertThat(conversions.fetch(unchecked, headers).folder()).isNotEmptyDirectory();
    }

    private static long sum(Path file) throws IOException {
        CRC32C sum = new CRC32C();
        sum.update(Files.readAllBytes(file));
        return sum.getValue();
    }

    private Conversions conversions(StoredFiles mp3s) {
        Mp3Encoder encoder = new Mp3Encoder(2, 7, Duration.ofHours(4));
        return new Conversions(jobs, MONGO.videos(), mp3s, folders, encoder, Clips.ffmpeg(), ALONE, 0, 0);
    }

    private Job claimed(Path video) throws IOException {
        return claimed(video, null, Mp3Options.NONE);
    }

    private Job claimed(Path video, Mp3Options options) throws IOException {
        return claimed(video, null, options);
    }

    private Job claimed(Path video, Long crc32c) throws IOException {
        return claimed(video, crc32c, Mp3Options.NONE);
    }

    private Job claimed(Path video, Long crc32c, Mp3Options options) throws IOException {
        ObjectId id;
        try (InputStream in = Files.newInputStream(video)) {
            id = GridFSBuckets.create(MONGO.client().getDatabase("videos")).uploadFromStream("bell.mp4", in);
        }
        return jobs.claim(JobMessage.of(jobs.create(id, OWNER, "bell.mp4", Files.size(video), crc32c, options)));
    }

    private Job takenOver(Job job) {
        MONGO.jobs()
                .updateOne(
                        eq("_id", job.id()),
                        set("lease", Date.from(Instant.now().minusMillis(1))));
        return jobs.claim(JobMessage.of(job));
    }

    private Outcome judge(Conversion conversion) {
        return conversions.judge(
                conversions.execute(command(Clips.ffmpeg().path().toString(), conversion)), conversion);
    }

    @SuppressWarnings("unchecked")
    private ExecCommand command(String executable, Conversion conversion) {
        List<String> arguments = (List<String>) headers.get("CamelExecCommandArgs");
        return new ExecCommand(
                executable, arguments, conversion.folder().toString(), 60_000L, Set.of(), null, null, false, null);
    }

    private Path download(ObjectId id) throws IOException {
        var file = MONGO.mp3s().find(id).orElseThrow();
        Path mp3 = dir.resolve("downloaded.mp3");
        try (InputStream in = MONGO.mp3s().open(file, 0, file.getLength() - 1)) {
            Files.write(mp3, in.readAllBytes());
        }
        return mp3;
    }

    private List<String> workFolders() {
        try (Stream<Path> entries = Files.list(work)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> !name.equals(".lock"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
