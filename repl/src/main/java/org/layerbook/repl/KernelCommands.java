package org.layerbook.repl;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.layerbook.interpreter.command.option.OptionParser.Parsed;
import org.layerbook.interpreter.command.option.OptionSpec;

/** {@code layerbook kernel install} and {@code uninstall}; Jupyter itself calls the kernel's own main class. */
final class KernelCommands {
    private static final OptionSpec PREFIX = OptionSpec.of(
            OptionSpec.Kind.TEXT,
            "DIR",
            "prefix",
            "Install under DIR/share/jupyter (DIR can be a virtual environment) instead of the user's data directory");

    static final Command INSTALL = new Command(
            "kernel install",
            "[OPTIONS]",
            "Register the Jupyter kernel.",
            List.of(PREFIX),
            0,
            0,
            List.of(),
            KernelCommands::install);

    static final Command UNINSTALL = new Command(
            "kernel uninstall",
            "[OPTIONS]",
            "Unregister the Jupyter kernel.",
            List.of(PREFIX),
            0,
            0,
            List.of(),
            KernelCommands::uninstall);

    private KernelCommands() {}

    private static Path folder(Parsed given, CliContext context) {
        Optional<Path> prefix = given.options().nonEmpty(PREFIX.name()).map(Path::of);
        return KernelSpec.folder(prefix, context.environment());
    }

    private static int install(Parsed given, CliContext context) {
        Path target = folder(given, context);
        try {
            KernelSpec.install(KernelSpec.launcher(context.environment()), target);
        } catch (IOException e) {
            throw UserErrorException.of("cannot write the kernelspec to " + target, e);
        }
        context.output().stdout("installed the kernelspec in " + target + "\n");
        return 0;
    }

    private static int uninstall(Parsed given, CliContext context) {
        Path target = folder(given, context);
        try {
            boolean was = KernelSpec.uninstall(target);
            context.output().stdout(was ? "removed " + target + "\n" : "there is no kernelspec in " + target + "\n");
        } catch (IOException e) {
            throw UserErrorException.of("cannot remove " + target, e);
        }
        return 0;
    }
}
