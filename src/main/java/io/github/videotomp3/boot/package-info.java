/** Starts the program on Spring Boot: which bundles run, what is embedded, which queues there are. */
package io.github.videotomp3.boot;
