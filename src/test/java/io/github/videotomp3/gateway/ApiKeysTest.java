package io.github.videotomp3.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoCollection;
import io.github.videotomp3.MongoStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.EnumSet;
import java.util.Locale;
import java.util.stream.IntStream;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeysTest {

    @RegisterExtension
    static final MongoStore MONGO = new MongoStore();

    private static final String OWNER = "me@example.com";

    private final ApiKeys keys = new ApiKeys(MONGO.client());

    @Test
    void makesKeysThatScannersKnowAndNobodyGuesses() {
        String first = make("first").text();
        String second = make("second").text();

        assertThat(first).matches("v2m_[0-9a-f]{24}_[0-9a-f]{64}");
        assertThat(first.substring(28)).isNotEqualTo(second.substring(28));
    }

    @Test
    void storesNothingFromWhichAKeyCouldBeRead() {
        String text = make("backup").text();

        assertThat(documents().find().first().toJson()).doesNotContain(text.substring(29));
    }

    @Test
    void findsAKeyByItsText() {
        ApiKeys.Made made =
                keys.make(OWNER, "backup", EnumSet.of(Scope.READ, Scope.UPLOAD)).orElseThrow();

        assertThat(keys.find(made.text())).contains(made.key());
        assertThat(made.key().owner()).isEqualTo(OWNER);
        assertThat(made.key().scopes()).containsExactlyInAnyOrder(Scope.UPLOAD, Scope.READ);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 27, 28, 29, 60, 92})
    void findsNoKeyOfWhichOneCharacterIsAnother(int position) {
        StringBuilder text = new StringBuilder(make("backup").text());
        text.setCharAt(position, text.charAt(position) == '0' ? '1' : '0');

        assertThat(keys.find(text.toString())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "v2m_", "v2m__", "v2m_x_y", "eyJhbGciOiJub25lIn0.e30."})
    void findsNoKeyInWhatIsNone(String text) {
        assertThat(keys.find(text)).isEmpty();
        assertThat(keys.find(make("backup").text() + "0")).isEmpty();
        assertThat(keys.find(make("backup").text().toUpperCase(Locale.ROOT))).isEmpty();
    }

    @Test
    void findsNoKeyThatHasBeenRevoked() {
        ApiKeys.Made made = make("backup");

        assertThat(keys.delete(made.key().id(), "other@example.com")).isFalse();
        assertThat(keys.find(made.text())).isPresent();
        assertThat(keys.delete(made.key().id(), OWNER)).isTrue();

        assertThat(keys.find(made.text())).isEmpty();
        assertThat(keys.delete(made.key().id(), OWNER)).isFalse();
    }

    @Test
    void notesTheUseOnceAMinute() {
        ApiKeys.Made made = make("backup");
        assertThat(used(made)).isNull();

        keys.find(made.text());
        Instant first = used(made);
        keys.find(made.text());
        assertThat(used(made)).isEqualTo(first).isBeforeOrEqualTo(Instant.now());

        Instant old = Instant.now().minus(Duration.ofSeconds(61));
        set(made, "used", Date.from(old));
        keys.find(made.text());
        assertThat(used(made)).isAfter(old.plusSeconds(30));
    }

    @Test
    void notesNoUseOfAWrongKey() {
        ApiKeys.Made made = make("backup");

        keys.find(made.text().substring(0, 29) + "0".repeat(64));

        assertThat(used(made)).isNull();
    }

    @Test
    void listsAPersonsOwnKeysTheNewestFirst() {
        make("first");
        make("second");
        keys.make("other@example.com", "third", EnumSet.of(Scope.READ));

        assertThat(keys.list(OWNER)).extracting(ApiKey::name).containsExactly("second", "first");
    }

    @Test
    void makesNoMoreThanAPersonMayHave() {
        IntStream.range(0, ApiKeys.MOST).forEach(number -> make("key " + number));

        assertThat(keys.make(OWNER, "one more", EnumSet.of(Scope.READ))).isEmpty();
        assertThat(keys.make("other@example.com", "first", EnumSet.of(Scope.READ)))
                .isPresent();
        keys.delete(keys.list(OWNER).get(0).id(), OWNER);
        assertThat(keys.make(OWNER, "one more", EnumSet.of(Scope.READ))).isPresent();
    }

    @Test
    void revokesAllKeysOfAPerson() {
        ApiKeys.Made first = make("first");
        make("second");
        ApiKeys.Made other =
                keys.make("other@example.com", "third", EnumSet.of(Scope.READ)).orElseThrow();

        keys.deleteOf(OWNER);

        assertThat(keys.list(OWNER)).isEmpty();
        assertThat(keys.find(first.text())).isEmpty();
        assertThat(keys.find(other.text())).isPresent();
    }

    private ApiKeys.Made make(String name) {
        return keys.make(OWNER, name, EnumSet.of(Scope.READ)).orElseThrow();
    }

    private Instant used(ApiKeys.Made made) {
        return keys.list(OWNER).stream()
                .filter(key -> key.id().equals(made.key().id()))
                .findFirst()
                .orElseThrow()
                .used();
    }

    private static void set(ApiKeys.Made made, String field, Object value) {
        ObjectId id = made.key().id();
        documents().updateOne(new Document("_id", id), new Document("$set", new Document(field, value)));
    }

    private static MongoCollection<Document> documents() {
        return MONGO.client().getDatabase("videos").getCollection("keys");
    }
}
