# One image for all four bundles: BUNDLES chooses.

FROM debian:bookworm-slim AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates openjdk-17-jdk-headless \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /build
# the libraries are a layer of their own, which a change of the program leaves as it is
COPY .mvn .mvn
COPY mvnw pom.xml ./
RUN ./mvnw -B -q -ntp dependency:resolve dependency:resolve-plugins
COPY docs/api.yaml docs/api.yaml
COPY routes routes
COPY src/main src/main
RUN ./mvnw -B -q -ntp package -Dmaven.test.skip -Dspotless.check.skip \
 && mkdir image \
 && cp target/*-lean.jar image/video-to-mp3.jar \
 && cp target/*-lean.cdx.json image/sbom.cdx.json \
 && java -Djarmode=tools -jar image/video-to-mp3.jar extract --layers --destination image/layers

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ffmpeg openjdk-17-jre-headless \
 && rm -rf /var/lib/apt/lists/*
# a number that no user of a Debian has, so that a volume's owner is known beforehand
RUN groupadd --gid 10001 app \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /work --shell /usr/sbin/nologin app \
 && install -d -o 10001 -g 10001 -m 0700 /work
WORKDIR /app
COPY --from=build /build/image/layers/dependencies/ ./
COPY --from=build /build/image/layers/application/ ./
COPY --from=build /build/image/sbom.cdx.json ./
COPY bin/start start
COPY routes routes

# Others have to reach it; outside of a container both are loopback. All that is written goes to /work. Half of the memory is
# for ffmpeg.
ENV SERVER_ADDRESS=0.0.0.0 \
    MANAGEMENT_SERVER_ADDRESS=0.0.0.0 \
    ROUTES_LOCATION=file:/app/routes \
    DATA_FOLDER=/work \
    LANG=C.UTF-8 \
    JAVA_OPTS="-XX:MaxRAMPercentage=50 -XX:+ExitOnOutOfMemoryError -XX:-UsePerfData -Djava.io.tmpdir=/work"

# The classes, parsed once: a start takes less time.
RUN /app/start --archive && rm -rf /tmp/*

# docker build --build-arg VERSION=1.0.0 --build-arg REVISION=$(git rev-parse HEAD) --build-arg SOURCE=https://…
ARG VERSION
ARG REVISION
ARG SOURCE
LABEL org.opencontainers.image.title="video-to-mp3" \
      org.opencontainers.image.description="Turns a video into an MP3 and mails its owner when it is ready" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.source="$SOURCE"

USER 10001:10001
WORKDIR /work
VOLUME /work
EXPOSE 8080 9876

# bash asks, so that the image needs no program for this alone.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${MANAGEMENT_SERVER_PORT:-9876} && printf 'GET /health/readiness HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]

# Exec form, and the script becomes java, so that it gets SIGTERM.
ENTRYPOINT ["/app/start"]
