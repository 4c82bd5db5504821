/** Tells people by e-mail how their jobs have ended. */
package io.github.videotomp3.notification;
