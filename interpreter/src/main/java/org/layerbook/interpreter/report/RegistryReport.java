package org.layerbook.interpreter.report;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The practice registry of the session, while it runs.
 *
 * @param address as references begin with it: {@code localhost:5000}
 * @param user who may use it; everybody where absent
 * @param password the practice password; absent where the user chose another
 * @param kept the folder in which its images stay; thrown away at the end where absent
 * @param repositories sorted
 */
public record RegistryReport(
        String address,
        Optional<String> user,
        Optional<String> password,
        Optional<Path> kept,
        List<Repository> repositories)
        implements Report {
    public RegistryReport {
        repositories = List.copyOf(repositories);
    }

    /** @param tags sorted, at least one */
    public record Repository(String name, List<String> tags) {
        public Repository {
            tags = List.copyOf(tags);
        }
    }
}
