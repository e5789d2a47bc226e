package org.layerbook.engine.sandbox.selection;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.layerbook.engine.host.Isolation;
import org.layerbook.engine.sandbox.ChrootSandbox;
import org.layerbook.engine.sandbox.DeviceFiles;
import org.layerbook.engine.sandbox.NoSandbox;
import org.layerbook.engine.sandbox.OciRuntime;
import org.layerbook.engine.sandbox.OciRuntimeSandbox;
import org.layerbook.engine.sandbox.Privileges;
import org.layerbook.engine.sandbox.ProcessRecords;
import org.layerbook.engine.sandbox.ProotSandbox;
import org.layerbook.engine.sandbox.Sandbox;

/** Picks the sandbox for this machine: an OCI runtime where one works, else what is left. */
public final class Sandboxes {
    /** Names one to use: {@code crun}, {@code runc}, a path of either, {@code chroot} or {@code proot}. */
    public static final String OVERRIDE = "LAYERBOOK_RUNTIME";

    private static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private Sandboxes() {}

    /**
     * @param environment of this process: {@code PATH} and {@value #OVERRIDE} count
     * @param memory a small file in the store that remembers which runtime worked; made where it is missing
     * @param scratch a directory of this process alone, best in memory; what runs put there is gone when they have ended
     * @param roots where root file systems lie: what is tried runs there; asked for only if something has to be tried
     * @param session a name no other Layerbook process on this machine has now
     */
    public record Settings(Map<String, String> environment, Path memory, Path scratch, Place roots, String session) {
        public Settings(Map<String, String> environment, Path memory, Path scratch, Path roots, String session) {
            this(environment, memory, scratch, () -> roots, session);
        }
    }

    /** A directory that is made when it is needed. */
    @FunctionalInterface
    public interface Place {
        Path directory() throws IOException;
    }

    /**
     * @param notes why nothing better was picked, sentences for {@code layerbook doctor}
     */
    public record Detected(Sandbox sandbox, Optional<OciRuntime> runtime, List<String> notes) {}

    /** Costs one read of a small file once a runtime has been found; some 50 ms the first time. */
    public static Detected detect(Settings settings) throws IOException {
        Privileges privileges = Privileges.current();
        Optional<String> override =
                Optional.ofNullable(settings.environment().get(OVERRIDE)).filter(o -> !o.isBlank());
        List<String> notes = new ArrayList<>();
        if (override.isPresent() && List.of("chroot", "proot").contains(override.get())) {
            return fallback(settings, privileges, override.get(), notes);
        }
        if (mayMount(settings, privileges)) {
            List<Path> programs =
                    override.map(o -> find(o, settings.environment())).orElseGet(() -> defaults(settings));
            Optional<OciRuntime> runtime = pick(programs, settings, privileges, notes);
            if (runtime.isPresent()) {
                return new Detected(
                        new OciRuntimeSandbox(
                                runtime.get(), privileges, settings.scratch(), settings.session(), records(settings)),
                        runtime,
                        notes);
            }
            if (programs.isEmpty()) {
                notes.add(override.map(o -> o + " (from " + OVERRIDE + ") was not found")
                        .orElse("no OCI runtime is installed: install runc or crun"));
            }
        } else {
            notes.add("containers need namespaces and mounts, which are not allowed here");
        }
        return fallback(settings, privileges, "", notes);
    }

    /** A user namespace in which the launcher could make no namespace of mounts is one where nothing may be mounted. */
    private static boolean mayMount(Settings settings, Privileges privileges) {
        Isolation isolation = Isolation.of(settings.environment());
        boolean onlyIds = isolation.mode() != Isolation.Mode.NONE && isolation.apart() == Isolation.Apart.IDS;
        return privileges.mayMount() && !onlyIds;
    }

    private record Fallback(String name, Sandbox sandbox) {
        boolean isProot() {
            return name.equals("proot");
        }

        boolean lacksDevices() {
            return sandbox instanceof ChrootSandbox chroot && !chroot.hasDevices();
        }
    }

    private static Detected fallback(Settings settings, Privileges privileges, String wanted, List<String> notes)
            throws IOException {
        Path roots = settings.roots().directory();
        DeviceFiles devices = DeviceFiles.in(roots);
        List<Fallback> all = new ArrayList<>(chroots(settings, privileges, devices));
        all.addAll(find("proot", settings.environment()).stream()
                .flatMap(p -> proots(p, settings, roots))
                .toList());
        // Under proot there are the devices of the host.
        all.sort(Comparator.comparing(Fallback::lacksDevices));
        boolean hasProot = all.stream().anyMatch(Fallback::isProot);
        for (Fallback each : all) {
            if (wanted.isEmpty() || wanted.equals(each.name())) {
                Optional<String> failure = SandboxTrial.failure(each.sandbox(), roots);
                if (failure.isEmpty()) {
                    if (each.lacksDevices()) {
                        notes.add(toDevices(devices, privileges, hasProot));
                    }
                    return new Detected(each.sandbox(), Optional.empty(), notes);
                }
                String note = each.name() + " does not work here: " + failure.get();
                if (!notes.contains(note)) {
                    notes.add(note);
                }
            }
        }
        if (!hasProot) {
            notes.add("without namespaces, RUN needs proot: install the package proot");
        }
        return new Detected(new NoSandbox(notes), Optional.empty(), notes);
    }

    /** What would bring devices to a chroot that has none. */
    private static String toDevices(DeviceFiles devices, Privileges privileges, boolean hasProot) {
        List<String> ways = new ArrayList<>();
        if (devices == DeviceFiles.CLOSED) {
            ways.add("put the store on a file system that is not mounted nodev (LAYERBOOK_HOME)");
        } else if (!privileges.inUserNamespace()) {
            ways.add("start this container with `--cap-add MKNOD`");
        }
        if (!hasProot) {
            ways.add("install the package proot");
        }
        return "a chroot has no devices here" + (ways.isEmpty() ? "" : ": " + String.join(", or ", ways));
    }

    private static List<Fallback> chroots(Settings settings, Privileges privileges, DeviceFiles devices) {
        Optional<Path> nsenter =
                find("nsenter", settings.environment()).stream().findFirst();
        Optional<Path> setpriv =
                find("setpriv", settings.environment()).stream().findFirst();
        if (!privileges.isRoot() || !privileges.mayChroot() || nsenter.isEmpty() || setpriv.isEmpty()) {
            return List.of();
        }
        var tools = new ChrootSandbox.Tools(nsenter.get(), setpriv.get());
        // Of the machine's own mounts nothing is changed.
        boolean own = Isolation.of(settings.environment()).mode() != Isolation.Mode.NONE;
        return (own && mayMount(settings, privileges) ? List.of(true, false) : List.of(false))
                .stream()
                        .map(mounts -> new ChrootSandbox(
                                tools, privileges, mounts, devices, settings.scratch(), records(settings)))
                        .map(sandbox -> new Fallback("chroot", sandbox))
                        .toList();
    }

    /** Its filter of system calls makes it quick, and does not work everywhere. */
    private static Stream<Fallback> proots(Path program, Settings settings, Path roots) {
        return Stream.of(true, false)
                .map(filter -> new Fallback(
                        "proot", new ProotSandbox(program, filter, settings.scratch(), roots, records(settings))));
    }

    private static ProcessRecords records(Settings settings) {
        return ProcessRecords.of(Isolation.of(settings.environment()));
    }

    private static Optional<OciRuntime> pick(
            List<Path> programs, Settings settings, Privileges privileges, List<String> notes) throws IOException {
        if (programs.isEmpty()) {
            return Optional.empty();
        }
        RuntimeProbeCache memory = new RuntimeProbeCache(settings.memory(), circumstances(settings, privileges));
        Optional<OciRuntime> known = memory.recall(programs.getFirst());
        if (known.isPresent()) {
            return known;
        }
        RuntimeProbe probe = new RuntimeProbe(
                privileges, settings.scratch(), settings.roots().directory());
        for (Path program : programs) {
            switch (probe.probe(program)) {
                case RuntimeProbe.Answer.Works(OciRuntime runtime) -> {
                    memory.remember(programs.getFirst(), runtime);
                    return Optional.of(runtime);
                }
                case RuntimeProbe.Answer.Fails(String reason) ->
                    notes.add(program.getFileName() + " does not work here: " + reason);
            }
        }
        return Optional.empty();
    }

    /**
     * What decides whether a runtime works, in one line. A store may be shared by containers, so the host's name is in it,
     * and the limits that a process may have been given.
     */
    private static String circumstances(Settings settings, Privileges privileges) throws IOException {
        Path kernel = Path.of("/proc/sys/kernel");
        String limits = Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith("Max address space"))
                .map(line -> line.replaceAll("[^0-9a-z]+", "-"))
                .collect(Collectors.joining());
        return String.join(
                " ",
                Files.readString(kernel.resolve("osrelease")).strip(),
                Files.readString(kernel.resolve("random/boot_id")).strip(),
                Files.readString(kernel.resolve("hostname")).strip(),
                privileges.inUserNamespace() ? privileges.uids().count() + "-ids" : "root",
                Isolation.of(settings.environment()).apart().name(),
                Long.toHexString(privileges.capabilities()),
                privileges.noNewPrivileges() ? "no-new-privileges" : "",
                privileges.filtered() ? "filtered" : "",
                limits);
    }

    private static List<Path> defaults(Settings settings) {
        List<Path> all = new ArrayList<>(find("crun", settings.environment()));
        all.addAll(find("runc", settings.environment()));
        return all;
    }

    /** On the PATH, and where administrators' programs are even if a user's PATH does not name it. */
    public static List<Path> find(String program, Map<String, String> environment) {
        if (program.contains("/")) {
            return Optional.of(Path.of(program)).filter(Files::isExecutable).stream()
                    .toList();
        }
        String path = environment.getOrDefault("PATH", "") + ":" + DEFAULT_PATH;
        for (String directory : path.split(":")) {
            if (directory.startsWith("/")) {
                Path candidate = Path.of(directory, program);
                if (Files.isExecutable(candidate) && !Files.isDirectory(candidate)) {
                    return List.of(candidate);
                }
            }
        }
        return List.of();
    }
}
