package org.layerbook.engine.container;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.layerbook.engine.host.HostProc;

/**
 * Calls of the OCI runtime for containers, in the namespaces of the keeper.
 *
 * @param program the runtime
 * @param state the folder of its own records
 */
record OciCalls(Path program, Path state, boolean rootless, Keeper keeper) {
    /** Its command line. @param global options that stand before the command */
    List<String> argv(List<String> global, List<String> command) {
        var argv = new ArrayList<String>();
        argv.add(program.toString());
        if (rootless) {
            argv.add("--rootless=true");
        }
        argv.addAll(List.of("--root", state.toString()));
        argv.addAll(global);
        argv.addAll(command);
        return argv;
    }

    /** Runs a command that is to succeed. */
    void call(String... command) throws IOException {
        HostProc.Process keeping = keeper.begin();
        keeper.output(keeping, argv(List.of(), List.of(command)));
    }
}
