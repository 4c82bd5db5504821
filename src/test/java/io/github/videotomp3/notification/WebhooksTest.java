package io.github.videotomp3.notification;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.MongoStore;
import java.util.Base64;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WebhooksTest {

    @RegisterExtension
    static final MongoStore MONGO = new MongoStore();

    private static final String OWNER = "me@example.com";
    private static final String URL = "https://example.com/hook";

    private final Webhooks webhooks = new Webhooks(MONGO.client());

    @Test
    void givesEachASecretOfItsOwn() {
        Webhook first = webhooks.make(OWNER, URL).orElseThrow();
        Webhook second = webhooks.make(OWNER, URL).orElseThrow();

        assertThat(first.secret()).startsWith("whsec_").isNotEqualTo(second.secret());
        assertThat(Base64.getDecoder().decode(first.secret().substring(6))).hasSize(32);
        assertThat(first.toString()).doesNotContain(first.secret()).doesNotContain(URL);
        assertThat(webhooks.list(OWNER)).containsExactly(second, first);
    }

    @Test
    void findsAndDeletesOnesOwnAlone() {
        Webhook mine = webhooks.make(OWNER, URL).orElseThrow();

        assertThat(webhooks.find(mine.id(), "other@example.com")).isEmpty();
        assertThat(webhooks.delete(mine.id(), "other@example.com")).isFalse();
        assertThat(webhooks.find(mine.id(), OWNER)).contains(mine);
        assertThat(webhooks.delete(mine.id(), OWNER)).isTrue();
        assertThat(webhooks.find(mine.id(), OWNER)).isEmpty();
        assertThat(webhooks.delete(new ObjectId(), OWNER)).isFalse();
    }

    @Test
    void makesNoMoreThanAPersonMayHave() {
        for (int number = 0; number < Webhooks.MOST; number++) {
            webhooks.make(OWNER, URL);
        }

        assertThat(webhooks.make(OWNER, URL)).isEmpty();
        assertThat(webhooks.make("other@example.com", URL)).isPresent();
    }

    @Test
    void deletesThoseOfAPersonAlone() {
        webhooks.make(OWNER, URL);
        webhooks.make("other@example.com", URL);

        webhooks.deleteOf(OWNER);

        assertThat(webhooks.list(OWNER)).isEmpty();
        assertThat(webhooks.list("other@example.com")).hasSize(1);
    }
}
