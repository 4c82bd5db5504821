package io.github.videotomp3.boot;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SdkTracerProviderBuilder;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.List;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.opentelemetry2.OpenTelemetryTracer;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * One trace (W3C Trace Context) from an upload to its mail, sent by OTLP to {@code management.otlp.tracing.endpoint}. Logs
 * as JSON need the trace's id as well; without an endpoint there are ids and nothing is recorded. With neither, nothing of
 * this is there.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnExpression(
        "!'${management.otlp.tracing.endpoint:}'.isEmpty() or !'${logging.structured.format.console:}'.isEmpty()")
class Tracing {

    /** A program of one bundle goes by that bundle's name, so that a trace shows who did what. */
    @Bean
    SdkTracerProvider tracerProvider(
            Resource program,
            @Value("${bundles}") String bundles,
            @Value("${management.otlp.tracing.endpoint}") String endpoint,
            ObjectProvider<SpanExporter> others) {
        Set<Bundle> chosen = Bundle.named(bundles);
        Attributes name = chosen.size() > 1
                ? Attributes.empty()
                : Attributes.of(
                        AttributeKey.stringKey("service.name"),
                        chosen.iterator().next().key());
        SdkTracerProviderBuilder provider = SdkTracerProvider.builder()
                .setResource(program.merge(Resource.create(name)))
                // an event holds an exception's text, which may name a person; the log says it without
                .setSpanLimits(SpanLimits.builder().setMaxNumberOfEvents(0).build());
        List<SpanExporter> exporters = others.orderedStream().toList();
        exporters.forEach(exporter -> provider.addSpanProcessor(batches(exporter)));
        if (!endpoint.isEmpty()) {
            provider.addSpanProcessor(
                    batches(OtlpHttpSpanExporter.builder().setEndpoint(endpoint).build()));
        }
        boolean recorded = !endpoint.isEmpty() || !exporters.isEmpty();
        return provider.setSampler(recorded ? Sampler.alwaysOn() : Sampler.alwaysOff())
                .build();
    }

    private static BatchSpanProcessor batches(SpanExporter exporter) {
        return BatchSpanProcessor.builder(exporter).build();
    }

    /** {@code traceparent} alone; whether a transport lets it pass, the allow-lists of headers say. */
    @Bean
    ContextPropagators traceContext() {
        return ContextPropagators.create(W3CTraceContextPropagator.getInstance());
    }

    @Bean
    Tracer tracer(OpenTelemetry telemetry) {
        return telemetry.getTracer("video-to-mp3");
    }

    @Bean
    CamelContextConfiguration tracedRoutes() {
        return new CamelContextConfiguration() {
            @Override
            public void beforeApplicationStart(CamelContext camel) {
                OpenTelemetryTracer tracer = new OpenTelemetryTracer();
                tracer.setExcludePatterns("timer:*"); // a sweep that finds nothing is no story
                tracer.init(camel);
            }

            @Override
            public void afterApplicationStart(CamelContext camel) {}
        };
    }
}
