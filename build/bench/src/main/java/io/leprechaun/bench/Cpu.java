package io.leprechaun.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Processor time in milliseconds, to a hundredth of a second: of a process, of its children that it has waited for, of this JVM, and of the whole machine. The time of the others shows the disturbance of the machine.
 *
 * @param switches the voluntary context switches of the process's threads that still exist
 */
record Cpu(double own, double children, double generator, double machine, long switches) {
    private static final double MILLIS_A_TICK = 10;

    /** Returns the time used until now. */
    static Cpu of(long pid) throws IOException {
        String[] process = stat(pid);
        String[] self = stat(ProcessHandle.current().pid());
        String[] all = Files.readAllLines(Path.of("/proc/stat")).getFirst().split("\\s+");
        double busy = sum(all, 1, 2, 3, 6, 7, 8); // user, nice, system, irq, softirq, steal
        return new Cpu(sum(process, 11, 12), sum(process, 13, 14), sum(self, 11, 12), busy, switches(pid));
    }

    /** Returns the exact processor time of a process: the nanoseconds that its current threads were on a processor. */
    static long exact(long pid) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            long nanos = 0;
            for (Path thread : threads.toList()) {
                nanos += Long.parseLong(
                        Files.readString(thread.resolve("schedstat")).split(" ", -1)[0]);
            }
            return nanos;
        }
    }

    /** Returns the number of voluntary context switches of a process's threads. */
    static long switches(long pid) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            long sum = 0;
            for (Path thread : threads.toList()) {
                for (String line : Files.readAllLines(thread.resolve("status"))) {
                    sum += line.startsWith("voluntary_ctxt_switches") ? Long.parseLong(line.split("\\s+", -1)[1]) : 0;
                }
            }
            return sum;
        }
    }

    /** Returns the share in per cent of one processor. */
    static double share(long before, long after, double seconds) {
        return (after - before) / 1e7 / seconds;
    }

    /** Returns the fields after the program's name: the first is number 3 in proc's manual. */
    private static String[] stat(long pid) throws IOException {
        String line = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return line.substring(line.lastIndexOf(')') + 2).split(" ");
    }

    private static double sum(String[] fields, int... indexes) {
        double ticks = 0;
        for (int index : indexes) {
            ticks += Long.parseLong(fields[index]);
        }
        return ticks * MILLIS_A_TICK;
    }

    Cpu minus(Cpu before) {
        return new Cpu(
                own - before.own,
                children - before.children,
                generator - before.generator,
                machine - before.machine,
                switches - before.switches);
    }

    Cpu plus(Cpu more) {
        return new Cpu(
                own + more.own,
                children + more.children,
                generator + more.generator,
                machine + more.machine,
                switches + more.switches);
    }

    /** Returns the times in microseconds, and the switches, for each of {@code count} steps. */
    String each(int count) {
        double micros = 1000.0 / count;
        return String.format(
                Locale.ROOT,
                "CPU µs a step: own %.0f, children %.0f, generator %.0f, others %.0f; switches a step: %.1f",
                own * micros,
                children * micros,
                generator * micros,
                (machine - own - children - generator) * micros,
                (double) switches / count);
    }
}
