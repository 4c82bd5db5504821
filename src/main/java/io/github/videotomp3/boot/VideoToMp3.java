package io.github.videotomp3.boot;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.security.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.error.ErrorMvcAutoConfiguration;

/** The program: the bundles that {@code BUNDLES} names, all four by default, in one JVM. */
@SpringBootApplication(
        exclude = {
            SecurityFilterAutoConfiguration.class, // it would guard the product's port
            ErrorMvcAutoConfiguration
                    .class // its page is for requests that are gone, and fails with a stack trace each time
        })
public class VideoToMp3 {

    public static void main(String[] args) {
        TrainingRun.end(SpringApplication.run(VideoToMp3.class, args));
    }
}
