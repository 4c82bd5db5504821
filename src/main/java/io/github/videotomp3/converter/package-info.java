/** Turns a video into an MP3: finds ffmpeg, runs it on a leash and judges what it leaves behind. */
package io.github.videotomp3.converter;
