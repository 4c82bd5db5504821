package io.github.videotomp3.boot.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A message broker for AMQP 0-9-1 inside this process: Apache Qpid Broker-J with the queues of
 * {@code embedded/virtual-host.json}, which it keeps in a directory.
 *
 * <p>The queues are fixed the first time a directory is used; a later change of that file needs a new directory.
 */
public final class EmbeddedBroker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);

    /** One for all brokers of this process, so that there is one copy of Qpid. */
    private static final ClassLoader LOADER = new QpidClassLoader(EmbeddedBroker.class.getClassLoader());

    private final DirectoryLock lock;
    private final AutoCloseable broker;

    /**
     * Starts the broker on 127.0.0.1.
     *
     * @throws IllegalStateException if the directory or the port is in use, or if Qpid does not start
     */
    public EmbeddedBroker(Path directory, int port, String user, String password) {
        LoopbackPort.requireFree(port, "spring.rabbitmq.port", "embedded broker");
        lock = new DirectoryLock(directory);
        if (System.getProperty("derby.stream.error.file") == null) { // Derby would log to the working directory
            System.setProperty(
                    "derby.stream.error.file",
                    directory.toAbsolutePath().resolve("derby.log").toString());
        }
        try {
            broker = launch(attributes(directory.toAbsolutePath(), port, user, password));
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
        LOG.info("Embedded broker listens on {}:{}, messages in {}", LoopbackPort.HOST, port, directory);
    }

    private static Map<String, Object> attributes(Path directory, int port, String user, String password) {
        Map<String, String> context = Map.of(
                "qpid.work_dir",
                directory.toString(),
                "qpid.broker.networkBufferSize",
                "65536",
                "broker.failStartupWithErroredChild",
                "true",
                "broker.failStartupWithErroredChildScope",
                "ALL",
                "embedded.port",
                String.valueOf(port),
                "embedded.user",
                user,
                "embedded.password",
                password,
                "embedded.virtual-host",
                text(resource("virtual-host.json")));
        return Map.of(
                "type",
                "Memory",
                "startupLoggedToSystemOut",
                false,
                "initialConfigurationLocation",
                resource("broker.json").toExternalForm(),
                // else Qpid asks for classpath:system.properties, which only Tomcat can open, if it is there already
                "initialSystemPropertiesLocation",
                resource("broker.properties").toExternalForm(),
                "context",
                context);
    }

    private static URL resource(String name) {
        return EmbeddedBroker.class.getResource("/embedded/" + name);
    }

    private static String text(URL resource) {
        try (InputStream in = resource.openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(resource + " cannot be read", e);
        }
    }

    /** Qpid finds its plug-ins by the context class loader, which its threads inherit as well. */
    private static AutoCloseable launch(Map<String, Object> attributes) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(LOADER);
        try {
            Class<?> launcher = LOADER.loadClass(EmbeddedBroker.class.getPackageName() + ".QpidLauncher");
            return (AutoCloseable) launcher.getConstructor(Map.class).newInstance(attributes);
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            throw new IllegalStateException("The embedded broker did not start: " + cause, cause);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("The embedded broker is not on the class path", e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Override
    public void close() {
        try (lock) {
            broker.close();
        } catch (Exception e) {
            throw new IllegalStateException("The embedded broker did not stop cleanly", e);
        }
    }
}
