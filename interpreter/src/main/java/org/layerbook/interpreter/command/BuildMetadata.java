package org.layerbook.interpreter.command;

import java.util.List;
import java.util.stream.Collectors;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.store.Image;
import org.layerbook.interpreter.template.GoJsonText;
import org.layerbook.interpreter.template.GoStruct;

/** What {@code --metadata-file} gets, by buildx's keys. */
final class BuildMetadata {
    private BuildMetadata() {}

    static String json(Image image, List<Reference> names) {
        return GoJsonText.indented(GoStruct.named("metadata")
                .field("containerimage.config.digest", image.id().toString())
                .field("containerimage.digest", image.id().toString())
                .omitEmpty("image.name", names.stream().map(Reference::toString).collect(Collectors.joining(",")))
                .build());
    }
}
