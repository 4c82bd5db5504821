package io.github.videotomp3.job;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.WriteConcern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentStoreTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mongodb://a/                                                        | 10 | 30
            mongodb://a/?serverSelectionTimeoutMS=3000&socketTimeoutMS=5000&w=1 | 3  | 5
            """)
    void givesUpWhenTheAddressSaysOrElseSoonAndAlwaysWritesToAMajority(String address, long selection, long read) {
        MongoClientSettings.Builder settings =
                MongoClientSettings.builder().applyConnectionString(new ConnectionString(address));

        DocumentStore.makeDurable(settings);

        MongoClientSettings made = settings.build();
        assertThat(made.getClusterSettings().getServerSelectionTimeout(SECONDS)).isEqualTo(selection);
        assertThat(made.getSocketSettings().getReadTimeout(SECONDS)).isEqualTo(read);
        assertThat(made.getWriteConcern()).isEqualTo(WriteConcern.MAJORITY.withJournal(true));
    }
}
