/** The few things that are about Camel or HTTP and belong to no bundle. */
package io.github.videotomp3.camel;
