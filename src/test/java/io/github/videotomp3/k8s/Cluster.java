package io.github.videotomp3.k8s;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.github.videotomp3.TcpProxy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * What a cluster makes of manifests, as far as one machine can: a network namespace per pod, an address per Service that
 * leads to the pods it selects, names that lead to those addresses, and each container with the environment, arguments,
 * user, volumes and root file system that its manifest asks for. Each Deployment gets one pod, however many it asks for.
 * Needs root and Linux.
 */
final class Cluster implements AutoCloseable {

    private static final Path CONTAINER = Path.of("src/test/resources/k8s/container.sh");
    /** Names are not free again at once. */
    private static final AtomicInteger CLUSTERS = new AtomicInteger();

    private static final InetSocketAddress NOBODY = new InetSocketAddress("127.0.0.1", 1);

    private final Manifests manifests;
    private final Map<String, Map<String, String>> secrets;
    private final Map<String, InetSocketAddress> servers;
    private final Image image;
    private final Path folder;
    private final String network = "v2m" + ProcessHandle.current().pid() % 10_000 + "n" + CLUSTERS.getAndIncrement();
    private final String prefix = "10." + (200 + ProcessHandle.current().pid() % 50) + ".7.";
    private final Map<String, String> addresses = new LinkedHashMap<>();
    private final Map<String, String> serviceAddresses = new LinkedHashMap<>();
    private final Map<String, Process> processes = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> environments = new LinkedHashMap<>();
    private final Map<String, Path> volumes = new LinkedHashMap<>();
    private final Map<String, List<TcpProxy>> services = new LinkedHashMap<>();
    private final Set<String> cutOff = ConcurrentHashMap.newKeySet();
    private final StringBuilder hosts = new StringBuilder("127.0.0.1 localhost\n");

    /**
     * @param secrets their values, by name and key
     * @param servers where what is not ours really listens, by {@code pod/port name}
     */
    Cluster(
            Manifests manifests,
            Map<String, Map<String, String>> secrets,
            Map<String, InetSocketAddress> servers,
            Image image,
            Path folder) {
        this.manifests = manifests;
        this.secrets = secrets;
        this.servers = servers;
        this.image = image;
        this.folder = folder;
    }

    /** True as root on Linux, where network namespaces can be made. */
    static boolean isPossible() {
        return System.getProperty("os.name").equals("Linux")
                && "root".equals(System.getProperty("user.name"))
                && Stream.of("/sbin/ip", "/usr/sbin/ip", "/bin/ip")
                        .map(Path::of)
                        .anyMatch(Files::isExecutable);
    }

    /** A volume that has something in it from the beginning. */
    Cluster with(String volume, Path content) {
        volumes.put(volume, content);
        return this;
    }

    void start() throws IOException {
        start(manifests.all(Deployment.class).stream()
                .filter(Cluster::isOurs)
                .map(deployment -> deployment.getMetadata().getName())
                .toList());
    }

    /** Starts these of our Deployments alone. */
    void start(List<String> names) throws IOException {
        run("ip", "link", "add", network, "type", "bridge");
        run("ip", "addr", "add", prefix + "1/24", "dev", network);
        run("ip", "link", "set", network, "up");
        List<Deployment> ours =
                manifests.all(Deployment.class).stream().filter(Cluster::isOurs).toList();
        int next = 2;
        for (Deployment deployment : ours) {
            addresses.put(deployment.getMetadata().getName(), prefix + next++);
        }
        next = 100;
        for (Service service : manifests.all(Service.class)) {
            expose(service, prefix + next++);
        }
        for (Deployment deployment : ours) {
            if (names.contains(deployment.getMetadata().getName())) {
                run(deployment);
            }
        }
    }

    private static boolean isOurs(Deployment deployment) {
        return container(deployment).getImage().equals("video-to-mp3");
    }

    private static Container container(Deployment deployment) {
        return deployment.getSpec().getTemplate().getSpec().getContainers().get(0);
    }

    /** Gives a Service its address, and the names by which pods know it. */
    private void expose(Service service, String address) throws IOException {
        run("ip", "addr", "add", address + "/24", "dev", network);
        String name = service.getMetadata().getName();
        serviceAddresses.put(name, address);
        String namespace = service.getMetadata().getNamespace();
        hosts.append(
                String.format("%s %s %s.%s %s.%s.svc.cluster.local", address, name, name, namespace, name, namespace));
        List<String> pods = manifests.selected(service.getSpec().getSelector());
        if ("None".equals(service.getSpec().getClusterIP())) {
            pods.forEach(pod -> hosts.append(String.format(" %s-0.%s", pod, name)));
        }
        hosts.append('\n');
        for (ServicePort port : service.getSpec().getPorts()) {
            String pod = pods.stream().findFirst().orElseThrow(() -> new AssertionError(name + " selects no pod"));
            InetSocketAddress target = target(pod, port.getTargetPort());
            services.computeIfAbsent(name, key -> new ArrayList<>())
                    .add(new TcpProxy(
                            new InetSocketAddress(address, port.getPort()),
                            () -> cutOff.contains(name) ? NOBODY : target));
        }
    }

    private InetSocketAddress target(String pod, IntOrString wanted) {
        ContainerPort port = manifests.pods().get(pod).getSpec().getContainers().get(0).getPorts().stream()
                .filter(it -> wanted.getValue().equals(it.getName())
                        || wanted.getValue().equals(it.getContainerPort()))
                .findFirst()
                .orElseThrow(() -> new AssertionError(pod + " has no port " + wanted.getValue()));
        return addresses.containsKey(pod)
                ? new InetSocketAddress(addresses.get(pod), port.getContainerPort())
                : Optional.ofNullable(servers.get(pod + "/" + port.getName())).orElse(NOBODY); // nobody needs it here
    }

    private void run(Deployment deployment) throws IOException {
        String name = deployment.getMetadata().getName();
        String namespace = network + "-" + name;
        run("ip", "netns", "add", namespace);
        String outside = network + "." + processes.size();
        run("ip", "link", "add", outside, "type", "veth", "peer", "name", "eth0", "netns", namespace);
        run("ip", "link", "set", outside, "master", network, "up");
        run("ip", "-n", namespace, "addr", "add", addresses.get(name) + "/24", "dev", "eth0");
        run("ip", "-n", namespace, "link", "set", "eth0", "up");
        run("ip", "-n", namespace, "link", "set", "lo", "up");

        PodSpec pod = deployment.getSpec().getTemplate().getSpec();
        Container container = container(deployment);
        Path home = Files.createDirectories(folder.resolve(name));
        Files.writeString(home.resolve("root"), image.root().toString());
        Files.createSymbolicLink(home.resolve("files"), image.files().toAbsolutePath());
        Files.writeString(home.resolve("hosts"), hosts + addresses.get(name) + " " + name + "-0\n");
        StringBuilder mounts = new StringBuilder();
        for (VolumeMount mount : container.getVolumeMounts()) {
            Path volume = volumes.get(mount.getName());
            if (volume == null) {
                volume = Files.createDirectories(volume(name, mount.getName()));
                Files.setPosixFilePermissions(volume, PosixFilePermissions.fromString("rwxrwxrwx")); // as an emptyDir
            }
            mounts.append(volume).append('\t').append(mount.getMountPath()).append('\n');
        }
        Files.writeString(home.resolve("volumes"), mounts);

        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespace, "unshare", "--mount"));
        command.addAll(List.of("bash", CONTAINER.toAbsolutePath().toString()));
        command.add(String.valueOf(pod.getSecurityContext().getRunAsUser()));
        command.add(String.valueOf(pod.getSecurityContext().getRunAsGroup()));
        command.add(String.valueOf(container.getSecurityContext().getReadOnlyRootFilesystem()));
        command.add(home.toString());
        command.addAll(container.getCommand().isEmpty() ? image.entrypoint() : container.getCommand());
        command.addAll(container.getArgs());
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log(name).toFile());
        Map<String, String> environment = new LinkedHashMap<>(image.environment());
        environment.putAll(environment(container));
        // no control group limits it here: the JVM takes what it would take below the limit
        environment.merge("JDK_JAVA_OPTIONS", "-XX:MaxRAM=" + memoryLimit(name), (given, ours) -> ours + " " + given);
        environments.put(name, environment);
        builder.environment().clear();
        builder.environment().putAll(environment);
        processes.put(name, builder.start());
    }

    private Map<String, String> environment(Container container) {
        Map<String, String> environment = new LinkedHashMap<>();
        container.getEnvFrom().forEach(from -> {
            String name = from.getConfigMapRef().getName();
            environment.putAll(manifests
                    .find(ConfigMap.class, name)
                    .orElseThrow(() -> new AssertionError("CreateContainerConfigError: configmap " + name))
                    .getData());
        });
        for (EnvVar variable : container.getEnv()) {
            environment.put(variable.getName(), value(variable));
        }
        return environment;
    }

    private String value(EnvVar variable) {
        if (variable.getValueFrom() == null) {
            return variable.getValue();
        }
        SecretKeySelector key = variable.getValueFrom().getSecretKeyRef();
        return Optional.ofNullable(secrets.getOrDefault(key.getName(), Map.of()).get(key.getKey()))
                .orElseThrow(() ->
                        new AssertionError("CreateContainerConfigError: secret " + key.getName() + "/" + key.getKey()));
    }

    /** Where pods reach a Service. */
    InetSocketAddress service(String name, String port) {
        return new InetSocketAddress(
                serviceAddresses.get(name),
                manifests.find(Service.class, name).orElseThrow().getSpec().getPorts().stream()
                        .filter(it -> it.getName().equals(port))
                        .findFirst()
                        .orElseThrow()
                        .getPort());
    }

    /** Where a pod of this Deployment listens. */
    InetSocketAddress pod(String deployment, String port) {
        return target(deployment, new IntOrString(port));
    }

    /** What the kubelet asks a container of the Deployment. */
    List<Probe> probes(String deployment) {
        Container container =
                manifests.pods().get(deployment).getSpec().getContainers().get(0);
        return Stream.of(container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe())
                .filter(Objects::nonNull)
                .toList();
    }

    /** Of the Deployment's container, in bytes. */
    long memoryLimit(String deployment) {
        return manifests
                .pods()
                .get(deployment)
                .getSpec()
                .getContainers()
                .get(0)
                .getResources()
                .getLimits()
                .get("memory")
                .getNumericalAmount()
                .longValueExact();
    }

    /** The most that the container's first process had of it so far, in bytes, its children not counted. */
    long memoryPeak(String deployment) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process(deployment).pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }

    boolean isAlive(String deployment) {
        return processes.get(deployment).isAlive();
    }

    /** Its container's process. */
    ProcessHandle process(String deployment) {
        // the shell, ip and unshare have each become the next one
        return processes.get(deployment).toHandle();
    }

    /** Runs the image's health check in a container, as Docker does. */
    boolean isHealthy(String deployment) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("timeout", image.healthTimeout().toSeconds() + "s"));
        command.addAll(List.of(
                "nsenter", "--target", String.valueOf(process(deployment).pid())));
        command.addAll(List.of("--net", "--mount", "--root", "--wd"));
        command.addAll(List.of("setpriv", "--reuid", "10001", "--regid", "10001", "--clear-groups", "--no-new-privs"));
        command.addAll(image.healthCheck());
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(environments.get(deployment));
        return builder.start().waitFor() == 0;
    }

    /** Stops the processes of a container where they are, as {@code docker pause}, or lets them go on. */
    void pause(String deployment, boolean paused) throws IOException {
        run(
                "kill",
                paused ? "-STOP" : "-CONT",
                String.valueOf(process(deployment).pid()));
    }

    /** Ends a Service's connections and refuses new ones, or lets them through again. */
    void cutOff(String service, boolean off) {
        if (off) {
            cutOff.add(service);
            services.get(service).forEach(TcpProxy::cut);
        } else {
            cutOff.remove(service);
        }
    }

    Path volume(String deployment, String name) {
        return folder.resolve(deployment).resolve("volume-" + name);
    }

    Path log(String deployment) {
        return folder.resolve(deployment + ".log");
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + said);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws Exception {
        processes.values().forEach(Process::destroy);
        List<String> stubborn = new ArrayList<>();
        for (Map.Entry<String, Process> pod : processes.entrySet()) {
            if (!pod.getValue().waitFor(60, TimeUnit.SECONDS)) {
                pod.getValue().destroyForcibly().waitFor();
                stubborn.add(pod.getKey());
            }
            run("ip", "netns", "del", network + "-" + pod.getKey());
        }
        for (List<TcpProxy> ports : services.values()) {
            for (TcpProxy port : ports) {
                port.close();
            }
        }
        run("ip", "link", "del", network);
        if (!stubborn.isEmpty()) {
            throw new AssertionError("did not stop within 60 s of SIGTERM: " + stubborn);
        }
    }
}
