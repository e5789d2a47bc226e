package org.layerbook.interpreter.command.system;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.oci.Platform;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Completes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandSpec.Spelling;
import org.layerbook.interpreter.command.spec.DockerVersion;
import org.layerbook.interpreter.command.spec.ObjectFormat;
import org.layerbook.interpreter.command.spec.OutputFormat;
import org.layerbook.interpreter.report.TextReport;
import org.layerbook.interpreter.template.GoStruct;
import org.layerbook.interpreter.view.layout.TabWriter;

/** {@code docker version}. Client and server are one process here, and both say so. */
public final class VersionCommand {
    public static final CommandSpec SPEC = new CommandSpec(
            List.of(Spelling.of("version")),
            "[OPTIONS]",
            "Show the Docker version information",
            Arity.NONE,
            List.of(OutputFormat.objectOption('f')),
            Completes.NOTHING,
            VersionCommand::run);

    private VersionCommand() {}

    private static Outcome run(Invocation invocation) throws CommandException, IOException {
        Optional<String> format = invocation.options().nonEmpty("format");
        if (format.isPresent()) {
            // The client names this one template, so its errors carry the name.
            ObjectFormat.print(format.get(), document(), "version", invocation.context());
            return Outcome.DONE;
        }
        return new Outcome.Show(new TextReport(text()));
    }

    private static String text() {
        String platform = Platform.host().os() + "/" + Platform.host().architecture();
        String java = Runtime.version().toString();
        String text = "Client:\t" + DockerVersion.layerbook() + "\n"
                + " Version:\t" + DockerVersion.CLIENT + "\n"
                + " API version:\t" + DockerVersion.API + "\n"
                + " Java version:\t" + java + "\n"
                + " OS/Arch:\t" + platform + "\n"
                + " Context:\tdefault\n"
                + "\n"
                + "Server:\t" + DockerVersion.layerbook() + " in this process, without a daemon\n"
                + " Engine:\n"
                + "  Version:\t" + DockerVersion.CLIENT + "\n"
                + "  API version:\t" + DockerVersion.API + " (minimum version " + DockerVersion.LEAST_API + ")\n"
                + "  OS/Arch:\t" + platform + "\n"
                + "  Experimental:\tfalse";
        return TabWriter.align(text, 20, 1);
    }

    static GoStruct document() {
        Platform host = Platform.host();
        GoStruct client = GoStruct.named("system.clientVersion")
                .field("Platform", platform())
                .field("Version", DockerVersion.CLIENT)
                .field("APIVersion", "ApiVersion", false, DockerVersion.API)
                .field("DefaultAPIVersion", DockerVersion.API)
                .field("GitCommit", "")
                .field("GoVersion", "")
                .field("Os", host.os())
                .field("Arch", host.architecture())
                .field("BuildTime", "")
                .field("Context", "default")
                .build();
        GoStruct engine = GoStruct.named("types.ComponentVersion")
                .field("Name", "Engine")
                .field("Version", DockerVersion.CLIENT)
                .field("Details", Map.of("ApiVersion", DockerVersion.API, "Os", host.os()))
                .build();
        GoStruct server = GoStruct.named("types.Version")
                .field("Platform", platform())
                .field("Components", List.of(engine))
                .field("Version", DockerVersion.CLIENT)
                .field("APIVersion", "ApiVersion", false, DockerVersion.API)
                .field("MinAPIVersion", DockerVersion.LEAST_API)
                .field("GitCommit", "")
                .field("GoVersion", "")
                .field("Os", host.os())
                .field("Arch", host.architecture())
                .field("KernelVersion", System.getProperty("os.version"))
                .omitEmpty("Experimental", false)
                .field("BuildTime", "")
                .build();
        return GoStruct.named("system.versionInfo")
                .field("Client", client)
                .field("Server", server)
                .build();
    }

    private static GoStruct platform() {
        return GoStruct.named("struct { Name string }")
                .field("Name", DockerVersion.layerbook())
                .build();
    }
}
