/** What the service costs beside the bare tools, as ratios in one run: {@code ./mvnw verify -Pbench}. */
package io.github.videotomp3.bench;
