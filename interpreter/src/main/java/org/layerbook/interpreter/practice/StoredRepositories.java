package org.layerbook.interpreter.practice;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.layerbook.interpreter.report.RegistryReport;

/**
 * What a registry holds, read from its folder, which needs no password: {@code docker/registry/v2/repositories/NAME} has
 * {@code _manifests/tags/TAG}, as distribution's file system driver lays it out.
 */
final class StoredRepositories {
    private static final String TAGS = "_manifests/tags";

    private StoredRepositories() {}

    static List<RegistryReport.Repository> in(Path images) throws IOException {
        var found = new ArrayList<RegistryReport.Repository>();
        Path root = images.resolve("docker/registry/v2/repositories");
        collect(root, root, found);
        return found;
    }

    private static void collect(Path root, Path folder, List<RegistryReport.Repository> found) throws IOException {
        for (Path each : folders(folder)) {
            String name = each.getFileName().toString();
            if (name.startsWith("_")) {
                continue;
            }
            List<String> tags = folders(each.resolve(TAGS)).stream()
                    .map(tag -> tag.getFileName().toString())
                    .toList();
            if (!tags.isEmpty()) {
                found.add(new RegistryReport.Repository(root.relativize(each).toString(), tags));
            }
            collect(root, each, found);
        }
    }

    private static List<Path> folders(Path in) throws IOException {
        if (!Files.isDirectory(in)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(in)) {
            return entries.filter(Files::isDirectory).sorted().toList();
        }
    }
}
