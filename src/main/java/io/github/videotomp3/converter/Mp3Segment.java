package io.github.videotomp3.converter;

import java.nio.file.Path;

/**
 * What one encoder made of a part of the sound.
 *
 * @param file frames of MPEG audio layer III; in that of the first segment an ID3v2 tag and a Xing frame may precede them
 * @param firstFrame the number that the file's first frame of sound has in the whole, from 0
 */
public record Mp3Segment(Path file, long firstFrame) {}
