package io.github.videotomp3.boot;

import org.springframework.boot.autoconfigure.security.SecurityProperties;
import org.springframework.boot.web.servlet.DelegatingFilterProxyRegistrationBean;
import org.springframework.context.annotation.Bean;

/**
 * Puts Spring Security before all other filters of the management port; the console has some that would answer first. No
 * configuration that is found by scanning, but named in {@code META-INF/spring}: it is for that port alone.
 */
class ManagementFilter {

    @Bean
    DelegatingFilterProxyRegistrationBean securityOfTheManagementPort() {
        DelegatingFilterProxyRegistrationBean registration =
                new DelegatingFilterProxyRegistrationBean("springSecurityFilterChain");
        registration.setOrder(SecurityProperties.DEFAULT_FILTER_ORDER);
        return registration;
    }
}
