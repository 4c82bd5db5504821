package io.github.videotomp3;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoTimeoutException;
import io.github.videotomp3.camel.ConfirmedRabbitComponent;
import io.github.videotomp3.camel.Refusal;
import io.github.videotomp3.job.Postponed;
import io.github.videotomp3.job.Unprocessable;
import java.net.ConnectException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.component.springrabbit.SpringRabbitMQConstants;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Value;

/** Each way to fail, on a route that does nothing else: it throws what it is given. */
@RouteTest
class FailuresTest {

    private static final List<String> WAYS = List.of("http", "queue", "mail", "sweep", "caller");

    private final CamelContext camel;
    private final ProducerTemplate producer;
    private final int maxAttempts;

    FailuresTest(CamelContext camel, ProducerTemplate producer, @Value("${queues.attempts}") int maxAttempts) {
        this.camel = camel;
        this.producer = producer;
        this.maxAttempts = maxAttempts;
    }

    @BeforeAll
    void addRoutesThatFail() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                for (String way : WAYS) {
                    from("direct:" + way)
                            .routeId("failing-" + way)
                            .routeConfigurationId(way + "-failures")
                            .setBody(constant("half done"))
                            .process(exchange -> {
                                throw exchange.getMessage().getHeader("throw", Exception.class);
                            });
                }
            }
        });
    }

    @AfterAll
    void removeThem() throws Exception {
        for (String way : WAYS) {
            camel.getRouteController().stopRoute("failing-" + way);
            camel.removeRoute("failing-" + way);
        }
    }

    @BeforeEach
    void emptyQueues() {
        MockEndpoint.resetMocks(camel);
    }

    @Test
    void answersARefusalWithItsWordsAndNothingThatTheRequestCarried() {
        Message answer = fail("http", Refusal.of(409, "not ready", "Ask again.").withHeader("Retry-After", "2"));

        assertThat(answer.getBody(String.class))
                .isEqualTo("{\"type\":\"urn:video-to-mp3:problem:not-ready\",\"title\":\"not ready\",\"status\":409,"
                        + "\"detail\":\"Ask again.\"}");
        assertThat(answer.getHeaders())
                .containsEntry(Exchange.HTTP_RESPONSE_CODE, 409)
                .containsEntry("Retry-After", "2")
                .containsEntry(Exchange.CONTENT_TYPE, "application/problem+json")
                .containsEntry("Cache-Control", "no-store")
                .doesNotContainKeys("Authorization", "throw");
    }

    @Test
    void asksToComeBackWhileAPartIsAway() {
        for (Exception away : new Exception[] {new MongoTimeoutException("away"), new ConnectException("away")}) {
            Message answer = fail("http", away);

            assertThat(answer.getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(503);
            assertThat(answer.getHeader("Retry-After")).isNotNull();
        }
    }

    @Test
    void hidesWhatIsWrongInsideBehindAReference() {
        Message answer = fail("http", new IllegalStateException("secret"));

        assertThat(answer.getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(500);
        assertThat(answer.getBody(String.class)).contains("Reference: ").doesNotContain("secret", "Exception");
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue", "mail"})
    void givesAMessageAnotherTryAfterADelayThatDoubles(String way) {
        fail(way, new IllegalStateException("hiccup"), 2);

        Message waiting = onlyFailure();
        assertThat(waiting.getBody()).isEqualTo("the message");
        assertThat(waiting.getHeader(SpringRabbitMQConstants.ROUTING_OVERRIDE_KEY))
                .isEqualTo("mp3.retry");
        assertThat(waiting.getHeader(SpringRabbitMQConstants.EXPIRATION)).isEqualTo("20000");
        assertThat(waiting.getHeader(ConfirmedRabbitComponent.ATTEMPTS)).isEqualTo(3);
        assertThat(waiting.getHeader(ConfirmedRabbitComponent.REASON)).isEqualTo("IllegalStateException: hiccup");
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue", "mail"})
    void doesNotCountAMessageThatOnlyHasToWait(String way) {
        fail(way, new Postponed("busy"), 2);

        assertThat(onlyFailure().getHeader(ConfirmedRabbitComponent.ATTEMPTS)).isEqualTo(2);
        assertThat(onlyFailure().getHeader(SpringRabbitMQConstants.ROUTING_OVERRIDE_KEY))
                .isEqualTo("mp3.retry");
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue", "mail"})
    void parksAMessageThatWaitingDoesNotHelp(String way) {
        fail(way, new Unprocessable("garbage"));

        assertThat(onlyFailure().getHeader(SpringRabbitMQConstants.ROUTING_OVERRIDE_KEY))
                .isEqualTo("mp3.failed");
        assertThat(onlyFailure().getHeaders()).doesNotContainKey(SpringRabbitMQConstants.EXPIRATION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue", "mail"})
    void parksAMessageThatWasTriedOftenEnough(String way) {
        fail(way, new IllegalStateException("hiccup"), maxAttempts - 1);

        assertThat(onlyFailure().getHeader(SpringRabbitMQConstants.ROUTING_OVERRIDE_KEY))
                .isEqualTo("mp3.failed");
        assertThat(onlyFailure().getHeader(ConfirmedRabbitComponent.ATTEMPTS)).isEqualTo(maxAttempts);
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue", "mail"})
    void givesAMessageBackToTheBrokerThatCouldNotEvenBeParked(String way) {
        Queues.filled(camel, "retry-or-failed").whenAnyExchangeReceived(exchange -> {
            throw new IllegalStateException("no broker");
        });

        Exchange exchange = send(way, new Unprocessable("garbage"), null);

        assertThat(exchange.getException())
                .as("what makes the consumer requeue")
                .hasMessage("no broker");
    }

    @Test
    void leavesAFailedSweepToTheNextOne() {
        assertThat(send("sweep", new IllegalStateException("no broker"), null).getException())
                .isNull();
    }

    @Test
    void leavesAFailureToTheCallerOfAHelper() {
        Exception failure = new IllegalStateException("hiccup");

        assertThat(send("caller", failure, null).getException()).isSameAs(failure);
    }

    private Message fail(String way, Exception failure) {
        return fail(way, failure, null);
    }

    private Message fail(String way, Exception failure, Integer attempts) {
        Exchange exchange = send(way, failure, attempts);
        assertThat(exchange.getException()).isNull();
        return exchange.getMessage();
    }

    private Exchange send(String way, Exception failure, Integer attempts) {
        Map<String, Object> headers = new HashMap<>();
        headers.put("throw", failure);
        headers.put("Authorization", "Bearer secret");
        headers.put(ConfirmedRabbitComponent.QUEUE, "mp3");
        if (attempts != null) {
            headers.put(ConfirmedRabbitComponent.ATTEMPTS, attempts);
        }
        return producer.request("direct:" + way, exchange -> {
            exchange.getMessage().setBody("the message");
            exchange.getMessage().setHeaders(headers);
        });
    }

    private Message onlyFailure() {
        assertThat(Queues.filled(camel, "retry-or-failed").getExchanges()).hasSize(1);
        return Queues.filled(camel, "retry-or-failed").getExchanges().get(0).getMessage();
    }
}
