/** The job: the truth about one upload, shared by the bundles, and the bytes that belong to it. */
package io.github.videotomp3.job;
