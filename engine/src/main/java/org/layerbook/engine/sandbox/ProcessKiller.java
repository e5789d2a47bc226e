package org.layerbook.engine.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.layerbook.engine.linux.Processes;

/** Kills process trees; a process that is gone already is no failure. */
final class ProcessKiller {
    private ProcessKiller() {}

    static void killDescendants(Process process) {
        try {
            for (int child : Processes.childrenOf((int) process.pid())) {
                Processes.killTree(child);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void killWithDescendants(Process process) {
        try {
            Processes.killTree((int) process.pid());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
