package io.github.videotomp3.bench;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;

/** As little as a web application of Spring Boot can be: one servlet, which answers what was put into it. */
@EnableAutoConfiguration
public class BareWebApplication {

    static final String READY = "bare web application is ready";

    public static void main(String[] arguments) {
        SpringApplication.run(BareWebApplication.class, arguments);
        System.out.println(READY);
    }

    @Bean
    ServletRegistrationBean<Constant> constant() {
        return new ServletRegistrationBean<>(new Constant(), "/constant");
    }

    /** Answers at once, whoever asks. */
    static class Constant extends HttpServlet {

        private static final long serialVersionUID = 1;

        private volatile byte[] answer = {};

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentType("application/json");
            response.setContentLength(answer.length);
            response.getOutputStream().write(answer);
        }

        @Override
        protected void doPut(HttpServletRequest request, HttpServletResponse response) throws IOException {
            answer = request.getInputStream().readAllBytes();
        }
    }
}
