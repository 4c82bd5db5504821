package io.github.videotomp3.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ReadAheadTest {

    private static final int PIECE = 255 * 1024;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch arrived = new CountDownLatch(1);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 7})
    void givesTheSameBytes(int length) throws IOException {
        byte[] bytes = bytes(length);

        assertThat(new ReadAhead(new ByteArrayInputStream(bytes)).readAllBytes())
                .isEqualTo(bytes);
    }

    @Test
    void givesTheSameBytesOneByOne() throws IOException {
        byte[] bytes = bytes(PIECE + 2);
        ReadAhead ahead = new ReadAhead(new ByteArrayInputStream(bytes));

        for (byte each : bytes) {
            assertThat(ahead.read()).isEqualTo(each & 0xff);
        }
        assertThat(ahead.read()).isEqualTo(-1);
        assertThat(ahead.read()).isEqualTo(-1);
    }

    @Test
    void readsTheNextPieceBeforeItIsAskedFor() throws Exception {
        ReadAhead ahead = new ReadAhead(twoPieces());
        ahead.readNBytes(1);

        assertThat(asked.await(20, SECONDS)).isTrue();
        arrived.countDown();
        assertThat(ahead.readAllBytes()).hasSize(2 * PIECE - 1);
    }

    @Test
    void failsWhereItsSourceDoesAndGoesOnToFail() throws IOException {
        IOException cut = new IOException("cut off");
        ReadAhead ahead = new ReadAhead(new SequenceInputStream(new ByteArrayInputStream(bytes(PIECE)), failing(cut)));

        assertThat(ahead.readNBytes(PIECE)).hasSize(PIECE);
        assertThatThrownBy(ahead::read).isSameAs(cut);
        assertThatThrownBy(ahead::read).isSameAs(cut);
    }

    @Test
    void passesOnWhatIsNoIoException() {
        IllegalStateException wrong = new IllegalStateException("wrong");

        assertThatThrownBy(new ReadAhead(failing(wrong))::read).isSameAs(wrong);
    }

    @Test
    void leavesTheSourceAloneOnceItIsClosed() throws Exception {
        ReadAhead ahead = new ReadAhead(twoPieces());
        ahead.readNBytes(1);
        assertThat(asked.await(20, SECONDS)).isTrue();

        Thread closing = new Thread(() -> close(ahead));
        closing.start();
        await().until(() -> closing.getState() == Thread.State.WAITING);
        arrived.countDown();
        closing.join();

        assertThat(ahead.read()).isEqualTo(-1);
    }

    @Test
    void closesAfterAFailureOrBeforeItHasBegun() throws IOException {
        for (IOException failure : List.of(new IOException("cut off"), new SocketTimeoutException("silent"))) {
            ReadAhead failed = new ReadAhead(failing(failure));
            assertThatThrownBy(failed::read).isSameAs(failure);

            failed.close();
        }
        new ReadAhead(failing(new IOException("never read"))).close();
    }

    /** The second of which arrives when it may. */
    private InputStream twoPieces() {
        InputStream late = new ByteArrayInputStream(bytes(PIECE)) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                asked.countDown();
                try {
                    arrived.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return super.read(target, offset, length);
            }
        };
        return new SequenceInputStream(new ByteArrayInputStream(bytes(PIECE)), late);
    }

    private static InputStream failing(Exception failure) {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                if (failure instanceof IOException io) {
                    throw io;
                }
                throw (RuntimeException) failure;
            }
        };
    }

    private static void close(ReadAhead ahead) {
        try {
            ahead.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
