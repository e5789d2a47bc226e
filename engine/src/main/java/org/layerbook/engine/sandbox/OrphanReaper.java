package org.layerbook.engine.sandbox;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.layerbook.engine.linux.Processes;

/**
 * The duty of the first process of a pid namespace, which this JVM is under the launcher: to take in ended processes whose
 * parent has gone, as a cancelled runtime leaves them. Java waits for its own children within moments, each on a thread;
 * so an ended child that has been lying there since the sweep before is nobody's.
 */
final class OrphanReaper {
    private static final int FIRST = 1;

    private final boolean isFirst = ProcessHandle.current().pid() == FIRST;
    private Set<Integer> suspects = Set.of();

    /** To be called after each run. */
    synchronized void sweep() throws IOException {
        if (!isFirst) {
            return;
        }
        Set<Integer> ended = new HashSet<>(Processes.endedChildrenOf(FIRST));
        for (int each : suspects) {
            if (ended.remove(each)) {
                Processes.reap(each);
            }
        }
        suspects = ended;
    }
}
