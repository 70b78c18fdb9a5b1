package io.leprechaun.cli;

import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The replacement of this process by {@code execv}: no process of ours stays between the program and our parent. */
final class Exec implements ProgramReplacer {
    @Override
    @SuppressWarnings("restricted") // the launcher allows native access
    public int become(Path program, List<String> arguments) {
        Linker linker = Linker.nativeLinker();
        try (Arena arena = Arena.ofConfined()) {
            var execv = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("execv"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
            var words = new ArrayList<String>();
            words.add(program.toString());
            words.addAll(arguments);
            MemorySegment argv = arena.allocate(ValueLayout.ADDRESS, words.size() + 1L);
            for (int i = 0; i < words.size(); i++) {
                argv.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(words.get(i)));
            }
            argv.setAtIndex(ValueLayout.ADDRESS, words.size(), MemorySegment.NULL);
            int ignored = (int) execv.invokeExact(arena.allocateFrom(program.toString()), argv);
            throw new ProblemException(
                    Problem.defect("cannot start " + program + ": check that it exists and is executable"));
        } catch (ProblemException e) {
            throw e;
        } catch (Throwable e) {
            throw new ProblemException(Problem.defect("cannot start " + program + ": " + e.getMessage()));
        }
    }
}
