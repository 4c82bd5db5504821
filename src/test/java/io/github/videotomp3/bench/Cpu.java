package io.github.videotomp3.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process has used of the processors. */
final class Cpu {

    private static final double TICKS_A_SECOND = 100; // USER_HZ, on every Linux

    private Cpu() {}

    /** Of the process and of the children that it has waited for: utime, stime, cutime and cstime of proc(5). */
    static double seconds(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long ticks = 0;
        for (int i = 11; i <= 14; i++) {
            ticks += Long.parseLong(fields[i]);
        }
        return ticks / TICKS_A_SECOND;
    }
}
