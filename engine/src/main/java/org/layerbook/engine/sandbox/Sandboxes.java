package org.layerbook.engine.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
     * @param session a name no other Layerbook process on this machine has now
     */
    public record Settings(Map<String, String> environment, Path memory, Path scratch, String session) {}

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
        if (privileges.mayMount()) {
            List<Path> programs = override.map(o -> find(o, settings)).orElseGet(() -> defaults(settings));
            Optional<OciRuntime> runtime = pick(programs, settings, privileges, notes);
            if (runtime.isPresent()) {
                return new Detected(
                        new OciRuntimeSandbox(
                                runtime.get(), privileges, settings.scratch(), settings.session(), wards(settings)),
                        runtime,
                        notes);
            }
            if (programs.isEmpty()) {
                notes.add(override.map(o -> o + " (from " + OVERRIDE + ") is not there")
                        .orElse("no OCI runtime is installed: install runc or crun"));
            }
        } else {
            notes.add("containers need namespaces, which this process may not make");
        }
        return fallback(settings, privileges, "", notes);
    }

    private static Detected fallback(Settings settings, Privileges privileges, String wanted, List<String> notes) {
        boolean chroot = privileges.isRoot() && privileges.mayChroot() && !wanted.equals("proot");
        if (chroot) {
            return new Detected(new ChrootSandbox(wards(settings)), Optional.empty(), notes);
        }
        List<Path> proot = find("proot", settings);
        if (!proot.isEmpty() && !wanted.equals("chroot")) {
            return new Detected(
                    new ProotSandbox(proot.getFirst(), settings.scratch(), wards(settings)), Optional.empty(), notes);
        }
        notes.add("without namespaces, RUN needs the program proot: install the package proot");
        return new Detected(new NoSandbox(notes), Optional.empty(), notes);
    }

    private static Wards wards(Settings settings) {
        return Wards.of(Isolation.of(settings.environment()));
    }

    private static Optional<OciRuntime> pick(
            List<Path> programs, Settings settings, Privileges privileges, List<String> notes) throws IOException {
        if (programs.isEmpty()) {
            return Optional.empty();
        }
        RuntimeMemory memory = new RuntimeMemory(settings.memory(), privileges, kernel());
        Optional<OciRuntime> known = memory.recall(programs.getFirst());
        if (known.isPresent()) {
            return known;
        }
        RuntimeProbe probe = new RuntimeProbe(privileges, settings.scratch());
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

    /** Version and boot: what the kernel allows may change from one boot to the next. */
    private static String kernel() throws IOException {
        Path kernel = Path.of("/proc/sys/kernel");
        return Files.readString(kernel.resolve("osrelease")).strip() + " "
                + Files.readString(kernel.resolve("random/boot_id")).strip();
    }

    private static List<Path> defaults(Settings settings) {
        List<Path> all = new ArrayList<>(find("crun", settings));
        all.addAll(find("runc", settings));
        return all;
    }

    /** On the PATH, and where administrators' programs are even if a user's PATH does not name it. */
    static List<Path> find(String program, Settings settings) {
        if (program.contains("/")) {
            return Optional.of(Path.of(program)).filter(Files::isExecutable).stream()
                    .toList();
        }
        String path = settings.environment().getOrDefault("PATH", "") + ":" + DEFAULT_PATH;
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
