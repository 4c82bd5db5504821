package io.github.videotomp3;

import org.apache.camel.CamelContext;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/** What route tests ask the program with. */
@TestConfiguration(proxyBeanMethods = false)
class RouteTestBeans {

    @Bean
    Client client(CamelContext camel, @Value("${server.port}") int port) {
        return new Client(camel, port);
    }

    @Bean
    SampleJobs sampleJobs(CamelContext camel) {
        return new SampleJobs(camel);
    }
}
