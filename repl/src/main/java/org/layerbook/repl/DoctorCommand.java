package org.layerbook.repl;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.layerbook.interpreter.session.Sessions;
import org.layerbook.repl.doctor.Doctor;
import org.layerbook.repl.doctor.DoctorText;
import org.layerbook.repl.doctor.Finding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Say what was found on this machine, and what is missing for more.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:Layerbook works here", "1:the store is damaged or cannot be used"})
final class DoctorCommand implements Callable<Integer> {
    @ParentCommand
    private LayerbookCommand layerbook;

    @Option(names = "--verify", description = "Read the whole store and compare every digest and reference.")
    private boolean verify;

    @Override
    public Integer call() throws IOException {
        var environment = System.getenv();
        List<Finding> findings =
                Doctor.examine(environment, Sessions.host(), KernelSpec.folder(Optional.empty(), environment), verify);
        var text = new DoctorText(layerbook.output.columns(), layerbook.screen.hasColour());
        layerbook.output.stdout("Layerbook " + LayerbookCommand.Version.number() + "\n\n" + text.of(findings));
        return findings.stream().anyMatch(f -> f.state() == Finding.State.BROKEN) ? 1 : 0;
    }
}
