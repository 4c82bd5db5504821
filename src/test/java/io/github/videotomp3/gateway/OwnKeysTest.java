package io.github.videotomp3.gateway;

import static io.github.videotomp3.MongoStore.bytes;
import static io.github.videotomp3.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.MongoStore;
import io.github.videotomp3.auth.Caller;
import io.github.videotomp3.camel.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class OwnKeysTest {

    @RegisterExtension
    static final MongoStore MONGO = new MongoStore();

    private static final Caller ME = new Caller("me@example.com", false);
    private static final Caller OTHER = new Caller("other@example.com", true);
    private static final String GOOD = "{\"name\":\" backup \",\"scopes\":[\"read\",\"upload\",\"read\"]}";

    private final ApiKeys keys = new ApiKeys(MONGO.client());
    private final OwnKeys own = new OwnKeys(keys);
    private final Map<String, Object> headers = new HashMap<>(Map.of("Authorization", "Bearer secret"));

    @Test
    void makesAKeyAndShowsItThisOnce() {
        KeyView made = make(GOOD);

        assertThat(made.name()).isEqualTo("backup");
        assertThat(made.scopes()).containsExactly("upload", "read");
        assertThat(keys.find(made.key())).map(ApiKey::owner).contains(ME.username());
        assertThat(headers)
                .containsOnly(Map.entry("CamelHttpResponseCode", 201), Map.entry("Cache-Control", "no-store"));
        assertThat(own.list(ME, headers)).extracting(KeyView::key).containsExactly((String) null);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"scopes":["read"]}                                     | bad name
            {"name":"","scopes":["read"]}                           | bad name
            {"name":"  ","scopes":["read"]}                         | bad name
            {"name":null,"scopes":["read"]}                         | bad name
            {"name":7,"scopes":["read"]}                            | bad name
            {"name":"a\\nb","scopes":["read"]}                      | bad name
            {"name":"a"}                                            | bad scopes
            {"name":"a","scopes":[]}                                | bad scopes
            {"name":"a","scopes":"read"}                            | bad scopes
            {"name":"a","scopes":["READ"]}                          | bad scopes
            {"name":"a","scopes":["read",null]}                     | bad scopes
            {"name":"a","scopes":["read","admin"]}                  | bad scopes
            {"name":"a","scopes":{"read":true}}                     | bad scopes
            {"name":"a","scopes":["read"],"owner":"b@example.com"}  | bad JSON
            {"name":"a","name":"b","scopes":["read"]}               | bad JSON
            {"name":"a","scopes":["read"]} {}                       | bad JSON
            {"name":"a","scopes":["read"]                           | bad JSON
            ["a"]                                                   | bad JSON
            null                                                    | bad JSON
            name=a&scopes=read                                      | bad JSON
            ``                                                      | bad JSON
            """)
    void refusesABodyThatSaysSomethingElse(String body, String title) {
        Refusal refusal = refusalOf(() -> make(body));

        assertThat(refusal.getStatus()).isEqualTo(400);
        assertThat(refusal.getTitle()).isEqualTo(title);
        assertThat(keys.list(ME.username())).isEmpty();
    }

    @Test
    void refusesWhatIsTooLong() {
        make(GOOD.replace("backup", "\ud83d\udd14".repeat(100)));
        Refusal name = refusalOf(() -> make(GOOD.replace("backup", "x".repeat(101))));
        Refusal body = refusalOf(() -> make(GOOD + " ".repeat(8192)));
        Refusal deep = refusalOf(() -> make("[".repeat(5000)));

        assertThat(name.getTitle()).isEqualTo("bad name");
        assertThat(body.getStatus()).isEqualTo(413);
        assertThat(deep.getStatus()).isEqualTo(400);
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/jsonp"})
    void refusesABodyOfAnotherType(String type) {
        assertThat(refusalOf(() -> make(bytes(GOOD), type)).getStatus()).isEqualTo(415);
        assertThat(make(bytes(GOOD), "Application/JSON; charset=utf-8").key()).isNotNull();
    }

    @Test
    void refusesABodyThatEndsEarly() {
        InputStream torn = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("torn");
            }
        };

        assertThat(refusalOf(() -> make(torn, "application/json")).getTitle()).isEqualTo("incomplete body");
    }

    @Test
    void refusesOneKeyTooMany() {
        for (int number = 0; number < ApiKeys.MOST; number++) {
            make(GOOD);
        }

        assertThat(refusalOf(() -> make(GOOD)).getStatus()).isEqualTo(409);
    }

    @Test
    void revokesAKeyOfItsOwnerAlone() {
        KeyView made = make(GOOD);

        assertThat(refusalOf(() -> own.revoke(made.id(), OTHER, headers)).getStatus())
                .isEqualTo(404);
        assertThat(keys.find(made.key())).isPresent();
        own.revoke(made.id(), ME, headers);

        assertThat(headers).containsOnly(Map.entry("CamelHttpResponseCode", 204));
        assertThat(keys.find(made.key())).isEmpty();
    }

    @Test
    void tellsAnothersKeyFromNoneByNothing() {
        String theirs = make(GOOD).id();

        Refusal foreign = refusalOf(() -> own.revoke(theirs, OTHER, headers));

        assertThat(refusalOf(() -> own.revoke(new ObjectId().toHexString(), OTHER, headers)))
                .hasMessage(foreign.getMessage());
        assertThat(refusalOf(() -> own.revoke("none", OTHER, headers))).hasMessage(foreign.getMessage());
    }

    private KeyView make(String body) {
        return make(bytes(body), "application/json");
    }

    private KeyView make(InputStream body, String type) {
        return own.make(null, body, type, ME, headers);
    }
}
