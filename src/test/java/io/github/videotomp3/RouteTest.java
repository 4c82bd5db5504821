package io.github.videotomp3;

import io.github.videotomp3.boot.VideoToMp3;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestInstance;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestConstructor;

/**
 * A test of routes in the running program. MongoDB, SQL, mail and ffmpeg are real; what the routes take from queues and
 * give to queues is handed over by {@link Queues}. All tests without settings of their own share one program, so each
 * makes the users and jobs that it looks at.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(classes = VideoToMp3.class, webEnvironment = SpringBootTest.WebEnvironment.DEFINED_PORT)
@ContextConfiguration(loader = RouteTestLoader.class)
@Import({Queues.class, RouteTestBeans.class})
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public @interface RouteTest {

    /** Settings as {@code key=value}; they cost a program of its own. */
    @AliasFor(annotation = SpringBootTest.class, attribute = "properties")
    String[] value() default {};
}
