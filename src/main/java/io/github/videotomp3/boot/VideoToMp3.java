package io.github.videotomp3.boot;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The program: the bundles that {@code BUNDLES} names, all four by default, in one JVM. */
@SpringBootApplication
public class VideoToMp3 {

    public static void main(String[] args) {
        SpringApplication.run(VideoToMp3.class, args);
    }
}
