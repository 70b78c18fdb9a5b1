package io.leprechaun.cli.terminal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The terminal on Linux. The type of the device shows whether it is a terminal, which costs nothing. The width comes
 * from the kernel by a native call, which costs about 50 ms at start. It is made only on a terminal, and only where
 * {@code COLUMNS} is not set (the launcher sets it).
 */
public final class LinuxTerminal implements Terminal {
    private static final long TIOCGWINSZ = 0x5413;
    private static final int FILE_TYPE = 0170000;
    private static final int CHARACTER_DEVICE = 0020000;
    /**
     * The major number of {@code /dev/null}, {@code /dev/full} and the like. All other character devices that programs
     * print to are terminals.
     */
    private static final int MEMORY_DEVICES = 1;

    @Override
    public boolean is(int descriptor) {
        try {
            var file = Files.readAttributes(Path.of("/proc/self/fd/" + descriptor), "unix:mode,rdev");
            boolean device = file.get("mode") instanceof Integer mode && (mode & FILE_TYPE) == CHARACTER_DEVICE;
            return device && file.get("rdev") instanceof Long number && (number >> 8 & 0xFFF) != MEMORY_DEVICES;
        } catch (IOException _) {
            return false;
        }
    }

    @Override
    @SuppressWarnings("restricted") // the launcher allows native access
    public int columns() {
        Linker linker = Linker.nativeLinker();
        var signature = FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS);
        try (Arena arena = Arena.ofConfined()) {
            var ioctl = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("ioctl"), signature, Linker.Option.firstVariadicArg(2));
            // struct winsize: rows, columns, and the same in pixels, each an unsigned short
            MemorySegment size = arena.allocate(ValueLayout.JAVA_SHORT, 4);
            int failed = (int) ioctl.invokeExact(OUT, TIOCGWINSZ, size);
            return failed == 0 ? Short.toUnsignedInt(size.getAtIndex(ValueLayout.JAVA_SHORT, 1)) : 0;
        } catch (Throwable _) {
            // A handle's call declares Throwable. Without a width the caller assumes the usual one.
            return 0;
        }
    }
}
