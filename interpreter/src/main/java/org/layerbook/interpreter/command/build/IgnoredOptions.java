package org.layerbook.interpreter.command.build;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.layerbook.interpreter.command.option.Options;

/** Options of {@code docker build} that would change what BuildKit does, and change nothing here: that is said. */
final class IgnoredOptions {
    /** By the option, what does not happen. */
    private static final Map<String, String> SENTENCES = Map.of(
            "attest", "no attestation is attached to the image",
            "provenance", "no provenance is attached to the image",
            "sbom", "no SBOM is attached to the image",
            "cgroup-parent", "RUN uses Layerbook's own cgroup");

    private IgnoredOptions() {}

    /** A sentence each, in the order of the options' names. */
    static List<String> of(Options options) {
        var sentences = new ArrayList<String>();
        SENTENCES.keySet().stream().sorted().forEach(name -> {
            boolean asked = options.list(name).stream()
                    .anyMatch(value ->
                            !value.isEmpty() && BuildAttests.bool(value).orElse(true));
            if (asked) {
                sentences.add("--" + name + " has no effect in Layerbook: " + SENTENCES.get(name));
            }
        });
        return List.copyOf(sentences);
    }
}
