package org.layerbook.engine.builder.run;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.builder.copy.ContextSnapshots;
import org.layerbook.engine.builder.plan.ArgScope;
import org.layerbook.engine.builder.plan.BuildArguments;
import org.layerbook.engine.builder.plan.Step;
import org.layerbook.engine.builder.step.BuildEvent;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.builder.step.BuildServices;
import org.layerbook.engine.builder.step.KeyParts;
import org.layerbook.engine.builder.step.StepContext;
import org.layerbook.engine.builder.step.StepFailedException;
import org.layerbook.engine.builder.tree.TargetTree;
import org.layerbook.engine.golang.GoPath;
import org.layerbook.engine.golang.GoText;
import org.layerbook.engine.host.ExitStatus;
import org.layerbook.engine.host.ProcessIo;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.sandbox.Emulators;
import org.layerbook.engine.sandbox.ProcessSpec;
import org.layerbook.engine.sandbox.SandboxException;
import org.layerbook.engine.sandbox.UserLookup;
import org.layerbook.engine.snapshot.Snapshots;

/** Carries out RUN. */
public final class RunExecutor {
    private final BuildServices services;
    private final ContextSnapshots contexts;
    private final CacheMounts.Renewal renewal;

    public RunExecutor(BuildServices services, ContextSnapshots contexts, CacheMounts.Renewal renewal) {
        this.services = services;
        this.contexts = contexts;
        this.renewal = renewal;
    }

    /** What decides RUN's result, but for what it builds on. Proxies are not among it. */
    public void addKey(Map<String, String> parts, Step.Run step, ArgScope args, StepContext context)
            throws IOException, StepFailedException {
        parts.put(KeyParts.COMMAND, String.join("\0", step.argv()));
        var variables = new LinkedHashMap<String, String>();
        for (String name : step.environment().names()) {
            variables.put(name, name + "=" + step.environment().get(name).orElse(""));
        }
        var arguments = new ArrayList<String>();
        for (String name : args.values().keySet()) {
            // One that is declared without a value is no variable of the process.
            Optional.ofNullable(variables.remove(name)).ifPresent(arguments::add);
        }
        parts.put(KeyParts.VARIABLES, String.join("\n", step.environment().entries()));
        parts.put(KeyParts.ARGUMENTS, String.join("\n", arguments));
        parts.put(KeyParts.ENVIRONMENT, String.join("\n", variables.values()));
        parts.put(KeyParts.WORKDIR, step.workingDir());
        parts.put(KeyParts.USER, step.user());
        parts.put(KeyParts.MOUNTS, MountKeys.of(step, contexts, context));
        parts.put(KeyParts.NETWORK, step.network().name());
        parts.put(
                KeyParts.HOSTS,
                String.join(
                        "\n",
                        step.extraHosts().stream().map(ProcessSpec.Host::name).toList()));
        addRarer(parts, step, context);
    }

    /** What hardly any build says is in the key only where it is said. */
    private static void addRarer(Map<String, String> parts, Step.Run step, StepContext context) {
        String hostname = BuildArguments.hostname(context.settings());
        if (!hostname.equals(ProcessSpec.DEFAULT_HOSTNAME)) {
            parts.put(KeyParts.HOSTNAME, hostname);
        }
        if (!context.settings().limits().equals(ProcessSpec.Limits.NONE)) {
            parts.put(KeyParts.LIMITS, context.settings().limits().toString());
        }
        Platform platform = step.after().platform();
        if (!platform.isSameMachine(Platform.host()) || platform.osVersion().isPresent()) {
            parts.put(KeyParts.PLATFORM, platform.normalized().withOsVersion());
        }
    }

    /** Before anything is run: what the kernel says of another machine's program ({@code exec format error}) helps nobody. */
    private static void checkPlatform(Platform platform) throws StepFailedException {
        Platform host = Platform.host();
        String wanted = platform.normalized().architecture();
        boolean runsHere = wanted.isEmpty()
                || wanted.equals(host.architecture())
                || wanted.equals("386") && host.architecture().equals("amd64");
        if (runsHere || Emulators.OF_KERNEL.find(wanted).isPresent()) {
            return;
        }
        throw new StepFailedException(
                BuildException.Kind.INVALID,
                "cannot RUN for " + platform + " on " + host + ": no binfmt_misc emulator is registered",
                Optional.of("use FROM --platform=$BUILDPLATFORM to run the stage on the build platform, or register"
                        + " emulators: apt install qemu-user-static"));
    }

    /**
     * Runs the process in {@code root}.
     *
     * @throws StepFailedException also when the process fails; {@code root} is then handed out with it
     */
    public void run(Step.Run step, Snapshots.Active root, StepContext context) throws IOException, StepFailedException {
        if (step.argv().isEmpty()) {
            throw StepFailedException.invalid("RUN needs a command");
        }
        checkPlatform(step.after().platform());
        for (String device : step.missingDevices()) {
            context.warn("optional device " + GoText.quote(device)
                    + " is not registered: host devices are not available in builds");
        }
        ProcessSpec.Identity user = user(step, root);
        new TargetTree(root.root(), services.ownership(), Optional.empty())
                .directories(step.workingDir(), UserLookup.Owner.ROOT, Optional.empty());
        DiskHeadroom room = DiskHeadroom.before(services.temp(), services.folder());
        ExitStatus status;
        try (var mounts = new RunMounts(services, contexts, renewal, context)) {
            mounts.prepare(step);
            mounts.prepareApt(step, root.root());
            var environment = new ArrayList<>(step.environment().entries());
            environment.addAll(step.proxies().entries());
            environment.addAll(mounts.environment());
            environment.addAll(services.runDefaults().variablesBeside(step.environment()));
            var spec = new ProcessSpec(
                    root.root(),
                    false,
                    step.argv(),
                    environment,
                    GoPath.clean(step.workingDir()),
                    user,
                    mounts.mounts(),
                    step.network(),
                    Optional.of(BuildArguments.hostname(context.settings())),
                    step.extraHosts(),
                    context.settings().limits());
            var errors = new Output(context, true);
            // Where it is read in full: beside the step there is room for a few words.
            Optional<String> weaker = services.weakerRuns().firstTime();
            if (weaker.isPresent()) {
                errors.write(("note: " + weaker.get() + "\n").getBytes(StandardCharsets.UTF_8));
            }
            var io = ProcessIo.outputOnly(new Output(context, false), errors);
            status = services.sandbox().run(spec, io, context.cancellation());
        } catch (SandboxException e) {
            throw new StepFailedException(
                    BuildException.Kind.SYSTEM, e.getMessage(), Optional.empty(), 1, Optional.empty(), e);
        }
        if (status.wasCancelled()) {
            throw StepFailedException.cancelled();
        }
        if (!status.isSuccess()) {
            throw failed(step, status, root, room);
        }
    }

    private ProcessSpec.Identity user(Step.Run step, Snapshots.Active root) throws IOException, StepFailedException {
        try {
            return new UserLookup(root.root()).process(step.user());
        } catch (IllegalArgumentException e) {
            throw StepFailedException.invalid(e.getMessage());
        }
    }

    private static StepFailedException failed(
            Step.Run step, ExitStatus status, Snapshots.Active root, DiskHeadroom room) throws IOException {
        String message = "process " + GoText.quote(String.join(" ", step.argv()))
                + " did not complete successfully: exit code: " + status.code();
        if (room.isShort()) {
            return StepFailedException.withoutRoom(message, status.code());
        }
        Optional<String> hint = switch (status.code()) {
            case 127 -> Optional.of("the command, or the shell to run it, was not found in the image");
            case 126 -> Optional.of("the command is in the image but cannot be executed");
            case 137 -> Optional.of("the process was killed (SIGKILL), possibly because it ran out of memory");
            default -> Optional.empty();
        };
        return new StepFailedException(
                BuildException.Kind.RUN_FAILED, message, hint, status.code(), Optional.of(root), null);
    }

    /** Hands on what the process writes as it comes. */
    private static final class Output extends OutputStream {
        private final StepContext context;
        private final boolean isStderr;

        Output(StepContext context, boolean isStderr) {
            this.context = context;
            this.isStderr = isStderr;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            if (length > 0) {
                context.listener()
                        .on(new BuildEvent.Output(
                                context.id(), isStderr, Arrays.copyOfRange(bytes, from, from + length)));
            }
        }
    }
}
