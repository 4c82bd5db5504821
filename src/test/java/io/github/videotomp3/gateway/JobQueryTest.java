package io.github.videotomp3.gateway;

import static io.github.videotomp3.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.camel.Refusal;
import io.github.videotomp3.job.JobState;
import java.util.Set;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class JobQueryTest {

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {"limit=&cursor=&state=", "state", "limit=+"})
    void asksForTheNewestHundredIfNothingElseIsSaid(String query) {
        assertThat(JobQuery.of(query)).isEqualTo(new JobQuery(100, null, Set.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "state=done,failed",
                "state=failed&state=done",
                "state=done%2Cfailed",
                "state=done,+failed,done",
                "limit=100&state=done,failed&state="
            })
    void takesSeveralStatesInOneParameterOrInSeveral(String query) {
        assertThat(JobQuery.of(query)).isEqualTo(new JobQuery(100, null, Set.of(JobState.DONE, JobState.FAILED)));
    }

    @Test
    void goesOnBehindTheJobThatItsLinkNames() {
        ObjectId last = new ObjectId();

        for (String query : new String[] {"limit=7", "limit=1&state=failed,done", "state=stored"}) {
            JobQuery asked = JobQuery.of(query);
            String link = asked.next(last);

            assertThat(link).startsWith("</jobs?").endsWith(">; rel=\"next\"").doesNotContain(last.toHexString());
            String next = link.substring(link.indexOf('?') + 1, link.indexOf('>'));
            assertThat(JobQuery.of(next)).isEqualTo(new JobQuery(asked.limit(), last, asked.states()));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            limit=0                | bad limit         | limit must be a whole number from 1 to 100, not "0".
            limit=101              | bad limit         | limit must be a whole number from 1 to 100, not "101".
            limit=-1               | bad limit         | limit must be a whole number from 1 to 100, not "-1".
            limit=99999999999      | bad limit         | limit must be a whole number from 1 to 100, not "99999999999".
            limit=ten              | bad limit         | limit must be a whole number from 1 to 100, not "ten".
            limit=1&limit=1        | bad limit         | limit was sent twice.
            cursor=x               | bad cursor        | cursor must be one that a Link of this list has, not "x".
            cursor=0123456789abcd* | bad cursor        | cursor must be one that a Link of this list has, not "0123456789abcd*".
            cursor=0123456789abcde* | bad cursor       | cursor must be one that a Link of this list has, not "0123456789abcde*".
            cursor=0123456789abcdef&cursor=0123456789abcdef | bad cursor | cursor was sent twice.
            state=deleted          | bad state         | state must be one or more of stored, queued, converting, done, rejected, failed, not "deleted".
            state=DONE             | bad state         | state must be one or more of stored, queued, converting, done, rejected, failed, not "DONE".
            state=,                | bad state         | state must be one or more of stored, queued, converting, done, rejected, failed, not "".
            state=done,            | bad state         | state must be one or more of stored, queued, converting, done, rejected, failed, not "".
            stat=done              | unknown parameter | There is no parameter "stat"; there are limit, cursor, state.
            """)
    void namesTheParameterThatIsWrongAndWhatIsExpected(String query, String title, String detail) {
        Refusal refusal = refusalOf(() -> JobQuery.of(query));

        assertThat(refusal.getStatus()).isEqualTo(400);
        assertThat(refusal.getTitle()).isEqualTo(title);
        assertThat(refusal.getDetail()).isEqualTo(detail);
    }
}
