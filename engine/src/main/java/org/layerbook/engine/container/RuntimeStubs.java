package org.layerbook.engine.container;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.layerbook.engine.layer.FileTree;
import org.layerbook.engine.layer.LiveTree;
import org.layerbook.engine.linux.FileStat;

/** What the runtime makes in a root file system to mount on it. docker has these below the container's own layer. */
final class RuntimeStubs implements LiveTree.LeftOut {
    private static final List<String> NAMES =
            List.of("/dev", "/proc", "/sys", "/etc/resolv.conf", "/etc/hosts", "/etc/hostname", "/sbin/docker-init");

    private static final List<String> PLACES = List.of("/etc", "/sbin");

    private final Set<String> made = new HashSet<>();
    private final Set<String> places = new HashSet<>();

    /** @param image what is below the container's own layer */
    RuntimeStubs(FileTree image) throws IOException {
        for (String name : NAMES) {
            if (image.find(name).isEmpty()) {
                made.add(name);
            }
        }
        for (String place : PLACES) {
            if (image.find(place).isEmpty()) {
                places.add(place);
            }
        }
    }

    @Override
    public boolean test(String name, FileStat stat) {
        return made.contains(name) && (stat.isDirectory() || stat.isRegular() && stat.size() == 0);
    }

    @Override
    public boolean isOnlyAPlace(String name) {
        return places.contains(name);
    }
}
