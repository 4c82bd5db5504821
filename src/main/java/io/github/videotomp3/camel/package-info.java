/** The few extensions of Camel: lossless RabbitMQ, allow-lists for headers, and how routes fail. */
package io.github.videotomp3.camel;
