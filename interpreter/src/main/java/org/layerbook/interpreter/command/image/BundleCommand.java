package org.layerbook.interpreter.command.image;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.layerbook.engine.image.Images.Resolution;
import org.layerbook.engine.linux.AtomicFile;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.registry.ImageBundler;
import org.layerbook.engine.registry.ImageBundler.Packed;
import org.layerbook.engine.registry.ImageBundler.Wanted;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.registry.PullCommand;
import org.layerbook.interpreter.command.registry.TransferProgress;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Completes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandSpec.Spelling;
import org.layerbook.interpreter.command.spec.ImageArgument;
import org.layerbook.interpreter.view.layout.DockerUnits;

/** What {@code layerbook bundle} and {@code %bundle} do; no command of docker's, so docker's help does not list it. */
public final class BundleCommand {
    private static final int ZSTD_LEVEL = 3;

    public static final CommandSpec SPEC = new CommandSpec(
            List.of(Spelling.hidden("image bundle")),
            "[OPTIONS] IMAGE [IMAGE...]",
            "Pack images with all their platforms into one file, pulling missing ones",
            Arity.atLeast(1),
            List.of(
                    OptionSpec.text('o', "output", "File to write").files(),
                    OptionSpec.text("platform", "Pack only this platform of each image")
                            .oneOf("linux/amd64", "linux/arm64")),
            Completes.IMAGE,
            BundleCommand::run);

    private BundleCommand() {}

    private static Outcome run(Invocation invocation) throws CommandException, IOException {
        Path file = invocation
                .options()
                .nonEmpty("output")
                .map(invocation.context()::resolve)
                .orElseThrow(() -> new CommandException("`-o FILE` is required", 1));
        ArchiveCommands.checkOutput(file);
        Optional<Platform> only = PullCommand.platform(invocation);
        var wanted = new ArrayList<Wanted>();
        for (String argument : invocation.arguments()) {
            wanted.add(wanted(argument, invocation));
        }
        var progress = new TransferProgress(invocation.context(), false, System::nanoTime);
        var bundler = new ImageBundler(
                invocation.store(),
                invocation.services().snapshots(),
                invocation.services().registries(),
                progress,
                invocation.context().cancellation());
        try {
            var packed = new ArrayList<Packed>();
            AtomicFile.write(
                    file,
                    AtomicFile.Access.SHARED,
                    out -> packed.addAll(bundler.write(wanted, only, () -> compressed(file, out))));
            progress.end(text(packed, invocation)
                    + invocation.options().nonEmpty("output").orElseThrow() + ": " + DockerUnits.size(Files.size(file))
                    + "\n");
        } catch (IOException e) {
            progress.end("");
            throw e;
        }
        return Outcome.DONE;
    }

    /** An image of the session or the store; a name that the store does not have is for a registry to know. */
    private static Wanted wanted(String argument, Invocation invocation) throws CommandException, IOException {
        if (!argument.startsWith("@")
                && invocation.store().images().resolve(argument) instanceof Resolution.Missing
                && !argument.matches("(sha256:)?[0-9a-f]{64}")) {
            return new Wanted(Optional.of(PullCommand.reference(argument).tagged()), Optional.empty());
        }
        ImageArgument found = ImageArgument.resolve(argument, invocation);
        return new Wanted(found.name(), Optional.of(found.load(invocation.store())));
    }

    private static OutputStream compressed(Path file, OutputStream out) throws IOException {
        var buffered = new BufferedOutputStream(out, 1 << 16);
        return file.toString().endsWith(".zst") ? new ZstdOutputStream(buffered, ZSTD_LEVEL) : buffered;
    }

    private static String text(List<Packed> packed, Invocation invocation) {
        var text = new StringBuilder();
        for (int i = 0; i < packed.size(); i++) {
            String name = packed.get(i)
                    .wanted()
                    .name()
                    .map(Reference::familiar)
                    .orElse(invocation.arguments().get(i));
            String platforms =
                    packed.get(i).platforms().stream().map(Platform::toString).collect(Collectors.joining(", "));
            text.append("Bundled image: ")
                    .append(name)
                    .append(" (")
                    .append(platforms)
                    .append(")\n");
        }
        return text.toString();
    }
}
