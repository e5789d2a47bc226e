package org.layerbook.interpreter.magic;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.interpreter.magic.Magic.Form;

/** {@code %bundle}: images in a file, for a room without a network. */
final class BundleMagic {
    private static final String USAGE = "%bundle [--platform PLATFORM] IMAGE ... -o FILE";

    private BundleMagic() {}

    static final Magic MAGIC = new Magic(
            List.of("bundle"),
            Form.LINE,
            "IMAGE ... -o FILE",
            "pack images into one file, for a room without a network",
            """
            As `docker save`, with two differences: an image that is not here is fetched from its registry, and an image
            that is offered for several platforms is packed for all of them, so that every machine in the room finds its
            own; `--platform PLATFORM` packs one. Layers that images share are packed once. `docker load -i FILE` takes
            it, here and in docker, podman and skopeo. A name that ends in `.zst` compresses the file: then Layerbook reads
            it, for others `zstd -d` comes first. The same images give the same bytes. What an interrupted bundle has
            fetched is not fetched again.
            Example: %bundle python:3.13 busybox -o class.tar""",
            false,
            (prefix, hints) ->
                    prefix.contains("/") || prefix.startsWith(".") ? hints.paths(prefix, false) : hints.images(prefix),
            BundleMagic::run);

    private static void run(MagicCall call, MagicContext context) throws MagicException {
        MagicCall.Split output = call.option("-o", USAGE);
        MagicCall.Split platform = output.others().option("--platform", USAGE);
        List<String> images = platform.others().withoutOptions(USAGE).words();
        if (images.isEmpty()) {
            throw new MagicException("`%bundle` needs the name of an image", "write `" + USAGE + "`");
        }
        Optional<String> file = output.value();
        if (file.isEmpty()) {
            throw new MagicException("`%bundle` needs a file to write", "write `" + USAGE + "`");
        }
        var words = new ArrayList<>(List.of("image", "bundle", "--output", file.get()));
        platform.value().ifPresent(its -> words.addAll(List.of("--platform", its)));
        words.add("--");
        words.addAll(images);
        int status = context.cell().docker(words, "");
        if (status != 0) {
            throw new MagicException("the bundle could not be made", "", status);
        }
    }
}
