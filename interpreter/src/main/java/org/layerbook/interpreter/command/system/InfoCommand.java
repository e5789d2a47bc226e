package org.layerbook.interpreter.command.system;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.registry.protocol.RegistrySettings;
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
import org.layerbook.interpreter.view.layout.DockerUnits;

/** {@code docker info}. */
public final class InfoCommand {
    public static final CommandSpec SPEC = new CommandSpec(
            List.of(Spelling.of("system info"), Spelling.of("info")),
            "[OPTIONS]",
            "Display system-wide information",
            Arity.NONE,
            List.of(OutputFormat.objectOption('f')),
            Completes.NOTHING,
            InfoCommand::run);

    /** What may do without TLS in any case, as in docker. */
    private static final List<String> LOOPBACK = List.of("::1/128", "127.0.0.0/8");

    private InfoCommand() {}

    /** @param memory bytes */
    private record Machine(String name, String system, String kernel, String architecture, int cpus, long memory) {
        static Machine here() {
            return new Machine(
                    hostName(),
                    systemName(),
                    System.getProperty("os.version"),
                    System.getProperty("os.arch").equals("amd64") ? "x86_64" : System.getProperty("os.arch"),
                    Runtime.getRuntime().availableProcessors(),
                    memoryBytes());
        }
    }

    private static Outcome run(Invocation invocation) throws CommandException, IOException {
        int images = invocation.store().images().list().size();
        Optional<String> format = invocation.options().nonEmpty("format");
        if (format.isPresent()) {
            ObjectFormat.print(format.get(), document(invocation, images), "", invocation.context());
            return Outcome.DONE;
        }
        RegistrySettings registries = invocation.services().registries().settings();
        return new Outcome.Show(new TextReport(text(invocation, images, Machine.here()) + text(registries)));
    }

    private static String text(RegistrySettings registries) {
        var text = new StringBuilder(" Insecure Registries:\n");
        registries.insecure().stream().sorted().forEach(host -> line(text, host));
        LOOPBACK.forEach(network -> line(text, network));
        if (!registries.hubMirrors().isEmpty()) {
            text.append(" Registry Mirrors:\n");
            registries.hubMirrors().forEach(mirror -> line(text, mirror));
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String value) {
        text.append("  ").append(value).append('\n');
    }

    private static GoStruct registries(Invocation invocation) {
        try {
            RegistrySettings registries = invocation.services().registries().settings();
            return GoStruct.named("registry.ServiceConfig")
                    .field("InsecureRegistryCIDRs", LOOPBACK)
                    .field("Mirrors", registries.hubMirrors())
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Invocation invocation, int images, Machine machine) {
        return """
                Client: %s
                 Version:    %s
                 Context:    default
                 Debug Mode: false

                Server:
                 Containers: 0
                  Running: 0
                  Paused: 0
                  Stopped: 0
                 Images: %d
                 Server Version: %s
                 Storage Driver: %s
                 Kernel Version: %s
                 Operating System: %s
                 OSType: linux
                 Architecture: %s
                 CPUs: %d
                 Total Memory: %s
                 Name: %s
                 Docker Root Dir: %s
                 Debug Mode: false
                 Experimental: false
                """.formatted(
                        DockerVersion.layerbook(),
                        DockerVersion.CLIENT,
                        images,
                        DockerVersion.CLIENT,
                        invocation.services().snapshots().driver(),
                        machine.kernel(),
                        machine.system(),
                        machine.architecture(),
                        machine.cpus(),
                        DockerUnits.binarySize(machine.memory()),
                        machine.name(),
                        invocation.store().home());
    }

    private static GoStruct document(Invocation invocation, int images) {
        Machine machine = Machine.here();
        return GoStruct.named("system.dockerInfo")
                .field("ID", "")
                .field("Containers", 0)
                .field("ContainersRunning", 0)
                .field("ContainersPaused", 0)
                .field("ContainersStopped", 0)
                .field("Images", images)
                .field("Driver", invocation.services().snapshots().driver())
                .field("KernelVersion", machine.kernel())
                .field("OperatingSystem", machine.system())
                .field("OSType", "linux")
                .field("Architecture", machine.architecture())
                .lazy("RegistryConfig", () -> registries(invocation))
                .field("NCPU", machine.cpus())
                .field("MemTotal", machine.memory())
                .field("DockerRootDir", invocation.store().home().toString())
                .field("Name", machine.name())
                .field("ServerVersion", DockerVersion.CLIENT)
                .field("ClientInfo", VersionCommand.document())
                .build();
    }

    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname"), StandardCharsets.UTF_8)
                    .strip();
        } catch (IOException e) {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException unknown) {
                return "localhost";
            }
        }
    }

    private static String systemName() {
        try {
            return Files.readAllLines(Path.of("/etc/os-release")).stream()
                    .filter(line -> line.startsWith("PRETTY_NAME="))
                    .map(line -> line.substring("PRETTY_NAME=".length()).replace("\"", ""))
                    .findFirst()
                    .orElse("Linux");
        } catch (IOException e) {
            return "Linux";
        }
    }

    private static long memoryBytes() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : 0;
    }
}
