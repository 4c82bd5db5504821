package io.github.videotomp3.bench;

import io.github.videotomp3.Jars;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;

/** The packed jar of {@link BareWebApplication}: Spring Boot's own parts out of ours, with the same loader. */
final class BareWebJar {

    private static final String CLASSES = "BOOT-INF/classes/";

    /** The loader, and what {@code spring-boot-starter-web} brings. */
    private static final Pattern WANTED =
            Pattern.compile("org/springframework/boot/loader/.*|META-INF/services/.*|BOOT-INF/lib/("
                    + "spring-(boot(-autoconfigure|-jarmode-tools)?|core|jcl|beans|context|aop|expression|web|webmvc)"
                    + "|tomcat-embed-(core|el|websocket)"
                    + "|jackson-(annotations|core|databind|datatype-jdk8|datatype-jsr310|module-parameter-names)"
                    + "|logback-(classic|core)|slf4j-api|jul-to-slf4j|log4j-(api|to-slf4j)"
                    + "|jakarta\\.annotation-api|snakeyaml|micrometer-(commons|observation)"
                    + ")-\\d[^/]*\\.jar");

    private BareWebJar() {}

    static Path in(Path folder) throws IOException {
        Path target = folder.resolve("bare-web.jar");
        try (JarFile source = new JarFile(Jars.lean().toFile());
                JarOutputStream out = new JarOutputStream(Files.newOutputStream(target), manifest(source))) {
            for (JarEntry entry : source.stream().toList()) {
                if (WANTED.matcher(entry.getName()).matches()) {
                    out.putNextEntry(new JarEntry(entry)); // stored as it is: the loader reads jars in place
                    source.getInputStream(entry).transferTo(out);
                }
            }
            out.putNextEntry(new JarEntry(CLASSES)); // where the loader finds that there are any
            for (Class<?> type : List.of(BareWebApplication.class, BareWebApplication.Constant.class)) {
                String name = type.getName().replace('.', '/') + ".class";
                out.putNextEntry(new JarEntry(CLASSES + name));
                try (InputStream bytes = type.getClassLoader().getResourceAsStream(name)) {
                    bytes.transferTo(out);
                }
            }
        }
        return target;
    }

    private static Manifest manifest(JarFile source) throws IOException {
        Attributes ours = source.getManifest().getMainAttributes();
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, ours.getValue(Attributes.Name.MAIN_CLASS));
        attributes.putValue("Start-Class", BareWebApplication.class.getName());
        attributes.putValue("Spring-Boot-Classes", CLASSES);
        attributes.putValue("Spring-Boot-Lib", "BOOT-INF/lib/");
        return manifest;
    }
}
