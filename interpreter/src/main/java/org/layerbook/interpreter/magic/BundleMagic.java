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
                    OptionSpec.of(Kind.TEXT, "FILE", 'o', "output", "File to write")
                            .files(),
                    OptionSpec.text("platform", "Pack only this platform").oneOf("linux/amd64", "linux/arm64"))
            .summary("Pack images into one file for offline use")
            .help("""
            Like `docker save`, with two differences: missing images are pulled, and multi-platform images are packed with all
            their platforms, unless `--platform PLATFORM` selects one. Shared layers are packed once. `docker load -i FILE` loads
            the file, in Layerbook, docker and podman; skopeo reads it, too. A name that ends in `.zst` compresses the file:
            Layerbook reads it as it is, for other tools run `zstd -d` first. The same images give the same bytes. After an
            interruption, layers that were pulled are not pulled again.
            Example: %bundle python:3.13 busybox -o class.tar""")
            .completes((prefix, hints) ->
                    prefix.contains("/") || prefix.startsWith(".") ? hints.paths(prefix, false) : hints.images(prefix))
            .does(BundleMagic::run);

    private static void run(MagicCall call, MagicContext context) throws MagicException {
        Optional<String> file = call.options().nonEmpty("output");
        if (file.isEmpty()) {
            throw new MagicException("`%bundle` needs an output file", "write `%bundle IMAGE ... -o FILE`");
        }
        var words = new ArrayList<>(List.of("image", "bundle", "--output", file.get()));
        call.options().text("platform").ifPresent(its -> words.addAll(List.of("--platform", its)));
        words.add("--");
        words.addAll(call.words());
        int status = context.cell().docker(words, "");
        if (status != 0) {
            throw new MagicException("cannot create the bundle", "", status);
        }
    }
}
