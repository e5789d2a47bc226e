package org.layerbook.interpreter.command.build;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Reference;
import org.layerbook.interpreter.template.GoJsonText;
import org.layerbook.interpreter.template.GoStruct;

/** What {@code --metadata-file} gets, by buildx's keys. */
final class BuildMetadata {
    private BuildMetadata() {}

    /** @param digest of what was pushed, else the image's id; @param config absent for an index */
    static String json(Digest digest, Optional<Digest> config, List<Reference> names) {
        return GoJsonText.indented(GoStruct.named("metadata")
                .omitEmpty(
                        "containerimage.config.digest",
                        config.map(Digest::toString).orElse(""))
                .field("containerimage.digest", digest.toString())
                .omitEmpty("image.name", names.stream().map(Reference::toString).collect(Collectors.joining(",")))
                .build());
    }
}
