package org.layerbook.interpreter.report;

import java.util.List;
import java.util.Optional;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.oci.ContainerConfig;

/**
 * What {@code %diff} shows: how one image differs from another.
 *
 * @param before as the user named it
 * @param files sorted by path
 */
public record DifferenceReport(
        String before,
        String after,
        LayerChanges files,
        ContainerConfig configBefore,
        ContainerConfig configAfter,
        List<PackageChange> packages)
        implements Report {
    public DifferenceReport {
        packages = List.copyOf(packages);
    }

    /** Of the files alone those at {@code path} or below it. */
    public DifferenceReport below(String path) {
        String folder = path.endsWith("/") ? path : path + "/";
        var kept = files.changes().stream()
                .filter(change -> (change.path() + "/").startsWith(folder))
                .toList();
        return new DifferenceReport(before, after, new LayerChanges(kept), configAfter, configAfter, List.of());
    }

    /** @param from the version before, absent when it was added; @param to absent when it was removed */
    public record PackageChange(String name, Optional<String> from, Optional<String> to) {}
}
