package io.github.videotomp3.boot;

import static org.springframework.security.config.Customizer.withDefaults;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.autoconfigure.security.servlet.EndpointRequest;
import org.springframework.boot.actuate.health.HealthEndpoint;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.DelegatingFilterProxyRegistrationBean;
import org.springframework.boot.web.servlet.server.ConfigurableServletWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer.FrameOptionsConfig;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.logout.LogoutFilter;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The management port: health for everybody, console and metrics for the operator, by a form or by Basic. The product's
 * port has nothing of it, its routes check tokens themselves.
 */
@Configuration(proxyBeanMethods = false)
class ManagementSecurity {

    private static final String OPERATOR = "OPERATOR";

    /** A bundle that serves no requests opens the management port only. */
    @Bean
    @ConditionalOnProperty("management.only")
    WebServerFactoryCustomizer<ConfigurableServletWebServerFactory> noProductPort() {
        return server -> server.setPort(-1);
    }

    /** Spring Boot would put the filter in front of both ports; that of the management port takes it by itself. */
    @Bean
    DelegatingFilterProxyRegistrationBean noSecurityOnTheProductPort() {
        DelegatingFilterProxyRegistrationBean registration =
                new DelegatingFilterProxyRegistrationBean("springSecurityFilterChain");
        registration.setEnabled(false);
        return registration;
    }

    @Bean
    LoginThrottle loginThrottle(
            @Value("${operator.login.attempts}") int attempts, @Value("${operator.login.wait}") Duration wait) {
        return new LoginThrottle(attempts, wait);
    }

    /** Spring Security asks it because it is a bean; named in the chain as well it would count each attempt twice. */
    @Bean
    OperatorAccount operatorAccount(
            @Value("${operator.name}") String name,
            @Value("${operator.password}") String password,
            LoginThrottle throttle) {
        return new OperatorAccount(name, password, OPERATOR, throttle);
    }

    @Bean
    SecurityFilterChain managementChain(HttpSecurity http, OperatorAccount account, LoginThrottle throttle)
            throws Exception {
        CsrfTokenRequestAttributeHandler csrf = new CsrfTokenRequestAttributeHandler();
        csrf.setCsrfRequestAttributeName(null); // read with every request, so that the console finds its cookie
        return http.authorizeHttpRequests(paths -> paths.dispatcherTypeMatchers(DispatcherType.ERROR)
                        .permitAll()
                        .requestMatchers(EndpointRequest.to(HealthEndpoint.class))
                        .permitAll()
                        .anyRequest()
                        .hasRole(OPERATOR))
                .addFilterBefore(slowingGuesses(account, throttle), LogoutFilter.class)
                .formLogin(withDefaults())
                .httpBasic(withDefaults())
                .csrf(token -> token.csrfTokenRepository(CookieCsrfTokenRepository.withHttpOnlyFalse())
                        .csrfTokenRequestHandler(csrf))
                .headers(headers -> headers.frameOptions(FrameOptionsConfig::sameOrigin))
                .build();
    }

    private static Filter slowingGuesses(OperatorAccount account, LoginThrottle throttle) {
        return new OncePerRequestFilter() {
            @Override
            protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                    throws ServletException, IOException {
                boolean login = request.getHeader(HttpHeaders.AUTHORIZATION) != null
                        || request.getMethod().equals("POST")
                                && request.getRequestURI().equals("/login");
                if (login && account.isClosed(request.getRemoteAddr())) {
                    response.setHeader(
                            HttpHeaders.RETRY_AFTER,
                            String.valueOf(throttle.pause().toSeconds()));
                    response.sendError(HttpStatus.TOO_MANY_REQUESTS.value());
                } else {
                    chain.doFilter(request, response);
                }
            }
        };
    }
}
