/** What the service looks like over HTTP: uploads, downloads and jobs, each for its owner alone. */
package io.github.videotomp3.gateway;
