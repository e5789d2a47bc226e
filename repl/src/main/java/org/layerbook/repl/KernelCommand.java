package org.layerbook.repl;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "kernel",
        mixinStandardHelpOptions = true,
        description = "Make Layerbook known to Jupyter, or unknown again. (Jupyter itself calls"
                + " 'layerbook kernel --connection-file FILE'.)",
        subcommands = {KernelCommand.Install.class, KernelCommand.Uninstall.class})
final class KernelCommand implements Callable<Integer> {
    @ParentCommand
    private LayerbookCommand layerbook;

    @Override
    public Integer call() {
        throw new UserError("say 'layerbook kernel install' or 'layerbook kernel uninstall'");
    }

    @Command(name = "install", mixinStandardHelpOptions = true, description = "Put the kernelspec where Jupyter looks.")
    static final class Install implements Callable<Integer> {
        @ParentCommand
        private KernelCommand parent;

        @Option(
                names = "--prefix",
                paramLabel = "DIR",
                description = "Install under DIR/share/jupyter (a virtual environment, say) and not for the user.")
        private Optional<Path> prefix = Optional.empty();

        @Override
        public Integer call() {
            var target = KernelSpec.folder(prefix, System.getenv());
            try {
                KernelSpec.install(KernelSpec.launcher(System.getenv()), target);
            } catch (IOException e) {
                throw new UserError("cannot write the kernelspec to " + target + ": " + e.getMessage(), e);
            }
            parent.layerbook.output.stdout("installed the kernelspec in " + target + "\n");
            return 0;
        }
    }

    @Command(name = "uninstall", mixinStandardHelpOptions = true, description = "Take the kernelspec away again.")
    static final class Uninstall implements Callable<Integer> {
        @ParentCommand
        private KernelCommand parent;

        @Option(names = "--prefix", paramLabel = "DIR", description = "As given to install.")
        private Optional<Path> prefix = Optional.empty();

        @Override
        public Integer call() {
            var target = KernelSpec.folder(prefix, System.getenv());
            try {
                boolean was = KernelSpec.uninstall(target);
                parent.layerbook.output.stdout(
                        was ? "removed " + target + "\n" : "there is no kernelspec in " + target + "\n");
            } catch (IOException e) {
                throw new UserError("cannot remove " + target + ": " + e.getMessage(), e);
            }
            return 0;
        }
    }
}
