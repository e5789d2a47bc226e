package org.layerbook.engine.sandbox;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

final class TestSpecs {
    private TestSpecs() {}

    static ProcessSpec of(Path root, String... argv) {
        return new ProcessSpec(
                root,
                false,
                List.of(argv),
                List.of("PATH=/bin"),
                "/",
                ProcessSpec.Identity.ROOT,
                List.of(),
                ProcessSpec.Network.HOST,
                Optional.empty(),
                List.of());
    }

    static ProcessSpec sh(Path root, String script) {
        return of(root, "sh", "-c", script);
    }
}
