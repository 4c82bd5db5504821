package io.github.videotomp3.converter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SourceTest {

    private static final String DESCRIPTION = """
            Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'file:in':
              Metadata:
                title           : Duration: 09:00:00.00,
                Stream #0:9: Audio: mp3: x
                comment         : first line
                                : Stream mapping:
              Duration: 01:02:03.45, start: 0.000000, bitrate: 287 kb/s
              Stream #0:0[0x1](und): Video: mpeg4 (Simple Profile) (mp4v / 0x7634706D), yuv420p, 320x240, 10 fps (default)
              Stream #0:1[0x2](und): Audio: aac (LC) (mp4a / 0x6134706D), 44100 Hz, stereo, fltp, 128 kb/s (default)
              Stream #0:2[0x4](eng): Audio: mp3, 48000 Hz, stereo
              Stream #0:3[0x0]: Video: mjpeg (Baseline), yuvj444p, 300x300, 90k tbr (attached pic)
              Stream #0:4[0x0]: Video: png, rgb24(pc), 300x300, 90k tbr (attached pic)
            """;

    @Test
    void readsWhatFfmpegSaysOfAVideo() {
        Source source = read(DESCRIPTION);
        assertThat(source.described()).isFalse();

        source = read(DESCRIPTION + """
                Stream mapping:
                Output #0, mp3, to 'file:out.mp3':
                  Duration: 00:00:01.00, start: 0.000000
                  Stream #0:0: Audio: mp3, 8000 Hz
                """);

        Duration length = Duration.ofMinutes(62).plusMillis(3450);
        assertThat(source).isEqualTo(new Source(true, length, "aac", 44100, 3, "mjpeg", null, null));
    }

    @Test
    void readsTheLoudnessThatWasMeasured() {
        Source source = read(DESCRIPTION + """
                Stream mapping:
                Summary:

                  Integrated loudness:
                    I:         -21.8 LUFS
                    Threshold: -31.8 LUFS

                  Loudness range:
                    LRA:         0.0 LU

                  True peak:
                    Peak:        1.5 dBFS
                """);

        assertThat(source.loudness()).isEqualTo(-21.8);
        assertThat(source.peak()).isEqualTo(1.5);
    }

    @Test
    void readsAnMp3InsideAVideoAsOtherVersionsWriteIt() {
        assertThat(read("  Stream #0:0: Audio: mp3 (U[0][0][0] / 0x0055), 44100 Hz, stereo, fltp, 128 kb/s")
                        .codec())
                .isEqualTo("mp3");
        assertThat(read("  Stream #0:1(deu): Audio: mp2, 48000 Hz, stereo").codec())
                .isEqualTo("mp2");
    }

    @Test
    void knowsWhatAVideoDoesNotSay() {
        Source source = read("  Duration: N/A, bitrate: N/A\n  Stream #0:0: Audio: aac (LC)\nStream mapping:");

        assertThat(source).isEqualTo(new Source(true, null, "aac", 0, -1, null, null, null));
    }

    private static Source read(String lines) {
        Source source = Source.UNKNOWN;
        for (String line : lines.split("\n")) {
            source = source.with(line);
        }
        return source;
    }
}
