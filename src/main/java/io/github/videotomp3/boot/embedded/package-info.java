/** The broker, the document store and the mail server that run inside the program when no others are given. */
package io.github.videotomp3.boot.embedded;
