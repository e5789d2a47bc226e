package org.layerbook.interpreter.magic;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.option.OptionSpec.Kind;

/** {@code %bundle}: images in a file, for a room without a network. */
final class BundleMagic {
    private BundleMagic() {}

    static final Magic MAGIC = MagicDefinition.line("bundle")
            .takes(
                    "[--platform PLATFORM] IMAGE ... -o FILE",
                    Arity.atLeast(1),
                    OptionSpec.of(Kind.TEXT, "FILE", 'o', "output", "The file to write")
                            .files(),
                    OptionSpec.text("platform", "Pack this platform alone").oneOf("linux/amd64", "linux/arm64"))
            .summary("pack images into one file, for a room without a network")
            .help("""
            As `docker save`, with two differences: an image that is not here is fetched from its registry, and an image
            that is offered for several platforms is packed for all of them, so that every machine in the room finds its
            own; `--platform PLATFORM` packs one. Layers that images share are packed once. `docker load -i FILE` takes
            it, here and in docker, podman and skopeo. A name that ends in `.zst` compresses the file: then Layerbook reads
            it, for others `zstd -d` comes first. The same images give the same bytes. What an interrupted bundle has
            fetched is not fetched again.
            Example: %bundle python:3.13 busybox -o class.tar""")
            .completes((prefix, hints) ->
                    prefix.contains("/") || prefix.startsWith(".") ? hints.paths(prefix, false) : hints.images(prefix))
            .does(BundleMagic::run);

    private static void run(MagicCall call, MagicContext context) throws MagicException {
        Optional<String> file = call.options().nonEmpty("output");
        if (file.isEmpty()) {
            throw new MagicException("`%bundle` needs a file to write", "write `%bundle IMAGE ... -o FILE`");
        }
        var words = new ArrayList<>(List.of("image", "bundle", "--output", file.get()));
        call.options().text("platform").ifPresent(its -> words.addAll(List.of("--platform", its)));
        words.add("--");
        words.addAll(call.words());
        int status = context.cell().docker(words, "");
        if (status != 0) {
            throw new MagicException("the bundle could not be made", "", status);
        }
    }
}
