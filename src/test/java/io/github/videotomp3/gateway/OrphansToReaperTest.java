package io.github.videotomp3.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.videotomp3.RouteTest;
import io.github.videotomp3.job.StoredFiles;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;

@RouteTest
class OrphansToReaperTest {

    private final StoredFiles videos;
    private final ProducerTemplate producer;

    OrphansToReaperTest(CamelContext camel, ProducerTemplate producer) {
        this.videos = camel.getRegistry().lookupByNameAndType("videos", StoredFiles.class);
        this.producer = producer;
    }

    @Test
    void deletesAnOldVideoThatHasNoJobAndLeavesAYoungOne() {
        ObjectId old = stored(Duration.ofDays(2));
        ObjectId young = stored(Duration.ZERO);

        producer.sendBody("direct:reap-timer", null);

        assertThat(videos.find(old)).isEmpty();
        assertThat(videos.find(young)).isPresent();
    }

    private ObjectId stored(Duration age) {
        ObjectId made = new ObjectId(Date.from(Instant.now().minus(age)));
        videos.store(made, "clip.mp4", new ByteArrayInputStream(new byte[] {1}));
        return made;
    }
}
