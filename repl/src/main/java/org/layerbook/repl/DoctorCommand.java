package org.layerbook.repl;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Say what was found on this machine, and what is missing for more.")
final class DoctorCommand implements Callable<Integer> {
    @ParentCommand
    private LayerbookCommand layerbook;

    @Override
    public Integer call() {
        throw new UserError("not yet");
    }
}
