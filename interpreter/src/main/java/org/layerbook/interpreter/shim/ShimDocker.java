package org.layerbook.interpreter.shim;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.interpreter.command.spec.CommandException;

/** What answers docker commands of host commands. Called by several threads at once. */
@FunctionalInterface
public interface ShimDocker {
    /** @return the exit status */
    int run(Asked asked) throws CommandException;

    /**
     * One command, as the process that asks for it has it.
     *
     * @param words the program's name first
     * @param stdin taken from the process only once somebody reads it: in {@code while read x; do docker tag …} the input
     *     is the loop's
     */
    record Asked(
            List<String> words,
            Path directory,
            Map<String, String> environment,
            InputStream stdin,
            OutputStream stdout,
            OutputStream stderr,
            Cancellation cancellation) {}
}
