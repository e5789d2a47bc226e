package org.layerbook.engine.container;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.layerbook.engine.layer.FileTree;
import org.layerbook.engine.layer.LiveTree;

/** What the runtime makes in a root file system to mount on it. docker has these below the container's own layer. */
final class RuntimeStubs implements Predicate<LiveTree.Found> {
    private static final List<String> NAMES =
            List.of("/dev", "/proc", "/sys", "/etc/resolv.conf", "/etc/hosts", "/etc/hostname", "/sbin/docker-init");

    private final Set<String> made = new HashSet<>();

    /** @param image what is below the container's own layer */
    RuntimeStubs(FileTree image) throws IOException {
        for (String name : NAMES) {
            if (image.find(name).isEmpty()) {
                made.add(name);
            }
        }
    }

    @Override
    public boolean test(LiveTree.Found found) {
        return made.contains(found.name())
                && (found.stat().isDirectory()
                        || found.stat().isRegular() && found.stat().size() == 0);
    }
}
