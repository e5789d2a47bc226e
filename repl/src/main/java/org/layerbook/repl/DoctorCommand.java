package org.layerbook.repl;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.layerbook.interpreter.command.option.OptionParser.Parsed;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.session.Sessions;
import org.layerbook.repl.doctor.Doctor;
import org.layerbook.repl.doctor.DoctorText;
import org.layerbook.repl.doctor.Finding;

/** {@code layerbook doctor}. */
final class DoctorCommand {
    static final Command COMMAND = new Command(
            "doctor",
            "[OPTIONS]",
            "Check this machine and report what is missing.",
            List.of(OptionSpec.toggle("verify", "Verify every digest and reference in the store")),
            0,
            0,
            List.of("0        Layerbook works", "1        the store is damaged or unusable"),
            DoctorCommand::run);

    private DoctorCommand() {}

    private static int run(Parsed given, CliContext context) throws IOException {
        var environment = context.environment();
        List<Finding> findings = Doctor.examine(
                environment,
                Sessions.host(),
                KernelSpec.folder(Optional.empty(), environment),
                given.options().on("verify"));
        var text = new DoctorText(context.output().columns(), context.screen().hasColour());
        context.output().stdout("Layerbook " + CellsCommand.version() + "\n\n" + text.of(findings));
        return findings.stream().anyMatch(f -> f.state() == Finding.State.BROKEN) ? 1 : 0;
    }
}
