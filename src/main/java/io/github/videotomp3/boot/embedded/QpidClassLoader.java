package io.github.videotomp3.boot.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.ClassWriter;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;
import org.springframework.asm.SpringAsmInfo;

/**
 * Reads Apache Qpid Broker-J 9 from the application's own class path and corrects two things on the way.
 *
 * <p>From Java 24 on the {@code Subject.getSubject} it calls always throws (JEP 486): each of those calls becomes
 * {@code Subject.current()}, which exists since Java 18. And it takes the expiration of a message for a point in time,
 * as its JMS client means it: it becomes the number of milliseconds that RabbitMQ's clients mean.
 */
final class QpidClassLoader extends ClassLoader {

    private static final String MESSAGE = "org.apache.qpid.server.protocol.v0_8.AMQMessage";
    private static final String SUBJECT = "javax/security/auth/Subject";
    private static final boolean SUBJECT_HAS_CURRENT = Runtime.version().feature() >= 18;

    static {
        registerAsParallelCapable();
    }

    QpidClassLoader(ClassLoader parent) {
        super("qpid", parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("org.apache.qpid.") && !name.equals(QpidLauncher.class.getName())) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] code = correct(name, in.readAllBytes());
            return defineClass(name, code, 0, code.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    private static byte[] correct(String name, byte[] code) {
        if (name.equals(MESSAGE)) {
            return rewrite(code, Expiration::new);
        }
        if (SUBJECT_HAS_CURRENT && new String(code, StandardCharsets.ISO_8859_1).contains("getSubject")) {
            return rewrite(code, CurrentSubject::new);
        }
        return code;
    }

    private static byte[] rewrite(byte[] code, UnaryOperator<MethodVisitor> correction) {
        ClassReader reader = new ClassReader(code);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        reader.accept(
                new ClassVisitor(SpringAsmInfo.ASM_VERSION, writer) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String type, String signature, String[] thrown) {
                        return correction.apply(super.visitMethod(access, name, type, signature, thrown));
                    }
                },
                0);
        return writer.toByteArray();
    }

    /** Asks for the current subject where the subject of an access control context was asked for. */
    private static final class CurrentSubject extends MethodVisitor {

        CurrentSubject(MethodVisitor next) {
            super(SpringAsmInfo.ASM_VERSION, next);
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String method, String type, boolean ofInterface) {
            if (owner.equals(SUBJECT) && method.equals("getSubject")) {
                super.visitInsn(Opcodes.POP); // the access control context
                super.visitMethodInsn(Opcodes.INVOKESTATIC, SUBJECT, "current", "()L" + SUBJECT + ";", false);
            } else {
                super.visitMethodInsn(opcode, owner, method, type, ofInterface);
            }
        }
    }

    /** Lets a message's expiration count from its arrival; the message asks its properties for it in one place. */
    private static final class Expiration extends MethodVisitor {

        Expiration(MethodVisitor next) {
            super(SpringAsmInfo.ASM_VERSION, next);
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String method, String type, boolean ofInterface) {
            super.visitMethodInsn(opcode, owner, method, type, ofInterface);
            if (method.equals("getExpiration")) {
                super.visitVarInsn(Opcodes.ALOAD, 0);
                super.visitMethodInsn(Opcodes.INVOKEVIRTUAL, internal(MESSAGE), "getArrivalTime", "()J", false);
                super.visitMethodInsn(
                        Opcodes.INVOKESTATIC, internal(QpidLauncher.class.getName()), "expiration", "(JJ)J", false);
            }
        }

        private static String internal(String name) {
            return name.replace('.', '/');
        }
    }
}
