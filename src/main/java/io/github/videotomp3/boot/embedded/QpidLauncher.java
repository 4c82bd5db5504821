package io.github.videotomp3.boot.embedded;

import java.lang.reflect.Field;
import java.util.Map;
import org.apache.qpid.server.SystemLauncher;
import org.apache.qpid.server.SystemLauncherListener.DefaultSystemLauncherListener;
import org.apache.qpid.server.model.BrokerImpl;
import org.apache.qpid.server.model.SystemConfig;

/**
 * The only class that names a class of Qpid, so that {@link QpidClassLoader} can load it; for the same reason it is
 * public and is never named outside that loader.
 */
public final class QpidLauncher extends DefaultSystemLauncherListener implements AutoCloseable {

    private final SystemLauncher launcher = new SystemLauncher(this);
    private SystemConfig<?> config;
    private RuntimeException failure;

    public QpidLauncher(Map<String, Object> attributes) throws Exception {
        launcher.startup(attributes);
        if (failure != null) {
            throw failure;
        }
        removeShutdownHook();
    }

    /** Qpid's own hook would stop the broker under the routes that still use it: whoever started it closes it. */
    private void removeShutdownHook() throws ReflectiveOperationException {
        Field hook = BrokerImpl.class.getDeclaredField("_shutdownHook");
        hook.setAccessible(true);
        Runtime.getRuntime().removeShutdownHook((Thread) hook.get(config.getContainer()));
    }

    /**
     * When a message expires, in milliseconds since 1970, or 0 for never; {@link QpidClassLoader} makes Qpid call it.
     *
     * @param lifetime milliseconds, 0 for no end
     */
    public static long expiration(long lifetime, long arrival) {
        return lifetime == 0 ? 0 : arrival + lifetime;
    }

    @Override
    public void onContainerResolve(SystemConfig<?> resolved) {
        config = resolved;
    }

    /** Qpid reports a failed start here and returns from it as if all were well. */
    @Override
    public void errorOnStartup(RuntimeException e) {
        failure = e;
    }

    @Override
    public void close() {
        launcher.shutdown();
    }
}
