package org.layerbook.engine.sandbox;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.layerbook.engine.linux.Mounts;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes the {@code config.json} of an OCI bundle (runtime specification 1.0): what docker gives a build's process by
 * default. Inside a user namespace without control groups and with the host's /sys, where the kernel allows no other.
 */
public final class RuntimeBundle {
    private static final JsonFactory JSON = JsonFactory.builder().build();
    private static final int TTY_GROUP = 5;

    /** What docker hides from a container or shows read-only. */
    private static final List<String> MASKED = List.of(
            "/proc/asound",
            "/proc/acpi",
            "/proc/interrupts",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/proc/sched_debug",
            "/proc/scsi",
            "/sys/firmware",
            "/sys/devices/virtual/powercap");

    static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    /** Where docker shows the program that is the first process of a container with {@code --init}. */
    private static final String INIT = "/sbin/docker-init";

    /** Of {@code /etc/hosts} and the like. */
    private static final int ETC_DEPTH = 2;

    private final ProcessSpec spec;
    private final BundleOptions options;
    private final Privileges privileges;
    private final OciRuntime runtime;
    private final String cgroup;
    private final Path directory;

    /** @param cgroup absolute; only used where the runtime makes control groups */
    RuntimeBundle(ProcessSpec spec, Privileges privileges, OciRuntime runtime, String cgroup, Path directory) {
        this(spec, BundleOptions.OF_BUILD, privileges, runtime, cgroup, directory);
    }

    /** As above, for a container. */
    public RuntimeBundle(
            ProcessSpec spec,
            BundleOptions options,
            Privileges privileges,
            OciRuntime runtime,
            String cgroup,
            Path directory) {
        this.spec = spec;
        this.options = options;
        this.privileges = privileges;
        this.runtime = runtime;
        this.cgroup = cgroup;
        this.directory = directory;
    }

    /** What is hidden from a process, unless it is privileged. */
    public static List<String> masked() {
        return MASKED;
    }

    /** What it cannot write to, unless it is privileged. */
    public static List<String> readOnly() {
        return READ_ONLY;
    }

    /** Fills {@code directory}, which must exist. */
    public void write() throws IOException {
        if (options.etc().isEmpty()) {
            Files.write(directory.resolve("resolv.conf"), EtcFiles.resolvConf());
            Files.write(directory.resolve("hosts"), EtcFiles.hosts(hostname(), spec.extraHosts()));
        }
        Files.write(directory.resolve("config.json"), config());
    }

    private byte[] config() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(8192);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            json.writeStringProperty("ociVersion", "1.0.2");
            process(json);
            json.writeObjectPropertyStart("root");
            json.writeStringProperty("path", spec.rootfs().toString());
            json.writeBooleanProperty("readonly", spec.readOnlyRoot());
            json.writeEndObject();
            json.writeStringProperty("hostname", hostname());
            mounts(json);
            linux(json);
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    /** The {@code process} object alone, for another process in a container that runs. */
    public byte[] processAlone() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            processMembers(json);
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private String hostname() {
        return spec.hostname().orElse(ProcessSpec.DEFAULT_HOSTNAME);
    }

    private void process(JsonGenerator json) {
        json.writeObjectPropertyStart("process");
        processMembers(json);
        json.writeEndObject();
    }

    private void processMembers(JsonGenerator json) {
        json.writeBooleanProperty("terminal", options.terminal());
        json.writeObjectPropertyStart("user");
        json.writeNumberProperty("uid", spec.user().uid());
        json.writeNumberProperty("gid", spec.user().gid());
        json.writeNumberProperty("umask", Umask.OF_IMAGES);
        if (!spec.user().additionalGids().isEmpty()) {
            json.writeArrayPropertyStart("additionalGids");
            spec.user().additionalGids().forEach(json::writeNumber);
            json.writeEndArray();
        }
        json.writeEndObject();
        strings(json, "args", argv());
        strings(json, "env", spec.env());
        json.writeStringProperty("cwd", spec.cwd());
        json.writeObjectPropertyStart("capabilities");
        List<String> capabilities = capabilities();
        strings(json, "bounding", capabilities);
        // A process of another user may gain them through a set-user-id program, but does not have them.
        if (spec.user().uid() == 0) {
            strings(json, "effective", capabilities);
            strings(json, "permitted", capabilities);
        }
        json.writeEndObject();
        if (!spec.limits().ulimits().isEmpty()) {
            limits(json);
        }
        json.writeBooleanProperty("noNewPrivileges", options.noNewPrivileges());
    }

    private List<String> argv() {
        if (options.init().isEmpty()) {
            return spec.argv();
        }
        var argv = new ArrayList<>(List.of(INIT, "--"));
        argv.addAll(spec.argv());
        return argv;
    }

    private void limits(JsonGenerator json) {
        json.writeArrayPropertyStart("rlimits");
        for (ProcessSpec.Ulimit each : spec.limits().ulimits()) {
            json.writeStartObject();
            json.writeStringProperty("type", "RLIMIT_" + each.name().toUpperCase(Locale.ROOT));
            json.writeName("soft");
            json.writeNumber(Rlimits.unsigned(each.soft()));
            json.writeName("hard");
            json.writeNumber(Rlimits.unsigned(each.hard()));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** Where no control group guards the devices, root of the machine may not make nodes of them. */
    private List<String> capabilities() {
        Set<Capability> wanted = EnumSet.copyOf(Capability.DEFAULT);
        if (!runtime.cgroups() && !privileges.inUserNamespace()) {
            wanted.remove(Capability.CAP_MKNOD);
        }
        if (options.privileged() || options.addedCapabilities().contains("ALL")) {
            return options.droppedCapabilities().contains("ALL")
                    ? List.of()
                    : without(options.droppedCapabilities(), privileges.all());
        }
        var names = new ArrayList<>(
                options.droppedCapabilities().contains("ALL") ? List.<String>of() : privileges.available(wanted));
        names.removeAll(options.droppedCapabilities());
        privileges.all().stream()
                .filter(name -> options.addedCapabilities().contains(name) && !names.contains(name))
                .forEach(names::add);
        return names;
    }

    private static List<String> without(List<String> dropped, List<String> all) {
        return all.stream().filter(name -> !dropped.contains(name)).toList();
    }

    private void mounts(JsonGenerator json) throws IOException {
        json.writeArrayPropertyStart("mounts");
        List<String> hardened = List.of("nosuid", "noexec", "nodev");
        if (runtime.ownProc()) {
            mount(json, "/proc", "proc", "proc", hardened);
        } else {
            mount(json, "/proc", "bind", "/proc", and(hardened, "rbind"));
        }
        mount(json, "/dev", "tmpfs", "tmpfs", List.of("nosuid", "strictatime", "mode=755", "size=65536k"));
        List<String> pts = List.of("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620");
        mount(json, "/dev/pts", "devpts", "devpts", privileges.gids().contains(TTY_GROUP) ? and(pts, "gid=5") : pts);
        List<String> shm = List.of("nosuid", "noexec", "nodev", "mode=1777");
        long shmBytes = spec.limits().shmBytes();
        mount(json, "/dev/shm", "tmpfs", "shm", and(shm, shmBytes > 0 ? "size=" + shmBytes : "size=65536k"));
        mount(json, "/dev/mqueue", "mqueue", "mqueue", List.of("nosuid", "noexec", "nodev"));
        List<String> sys = List.of("nosuid", "noexec", "nodev", "ro");
        if (privileges.inUserNamespace() && spec.network() == ProcessSpec.Network.HOST) {
            mount(json, "/sys", "bind", "/sys", and(sys, "rbind"));
        } else {
            mount(json, "/sys", "sysfs", "sysfs", sys);
        }
        List<ProcessSpec.Mount> mounts = new ArrayList<>(spec.mounts());
        if (options.etc().isPresent()) {
            // As docker: outer ones first, in whatever order they were asked for; a volume at /etc has these files in
            // it.
            mounts.sort(Comparator.comparingInt(RuntimeBundle::depth));
            while (!mounts.isEmpty() && depth(mounts.getFirst()) < ETC_DEPTH) {
                ownMount(json, mounts.removeFirst());
            }
        }
        etcFiles(json);
        for (ProcessSpec.Mount each : mounts) {
            ownMount(json, each);
        }
        json.writeEndArray();
    }

    private static int depth(ProcessSpec.Mount mount) {
        return Path.of(mount.target()).getNameCount();
    }

    private void etcFiles(JsonGenerator json) {
        List<String> flags = List.of("rbind", options.etc().isPresent() ? "rw" : "ro", "nosuid", "nodev", "noexec");
        Path folder = options.etc().orElse(directory);
        mount(
                json,
                MountStubs.RESOLV_CONF,
                "bind",
                folder.resolve("resolv.conf").toString(),
                flags);
        mount(json, MountStubs.HOSTS, "bind", folder.resolve("hosts").toString(), flags);
        if (options.etc().isPresent()) {
            mount(json, "/etc/hostname", "bind", folder.resolve("hostname").toString(), flags);
        }
        options.init().ifPresent(program -> mount(json, INIT, "bind", program.toString(), List.of("bind", "ro")));
    }

    private static void ownMount(JsonGenerator json, ProcessSpec.Mount mount) throws IOException {
        switch (mount) {
            case ProcessSpec.Mount.Bind(Path source, String target, boolean readOnly) ->
                mount(json, target, "bind", source.toString(), bindOptions(source, readOnly));
            case ProcessSpec.Mount.Tmpfs tmpfs -> mount(json, tmpfs.target(), "tmpfs", "tmpfs", tmpfsOptions(tmpfs));
        }
    }

    private static List<String> tmpfsOptions(ProcessSpec.Mount.Tmpfs tmpfs) {
        if (!tmpfs.options().isEmpty()) {
            return tmpfs.options();
        }
        List<String> options = List.of("nosuid", "mode=" + Integer.toOctalString(tmpfs.mode()));
        return tmpfs.sizeBytes() > 0 ? and(options, "size=" + tmpfs.sizeBytes()) : options;
    }

    private static List<String> bindOptions(Path source, boolean readOnly) throws IOException {
        List<String> options = new ArrayList<>(List.of("rbind", readOnly ? "ro" : "rw"));
        if (readOnly) {
            options.addAll(Mounts.lockedOptions(source));
        }
        return options;
    }

    private void linux(JsonGenerator json) throws IOException {
        json.writeObjectPropertyStart("linux");
        json.writeArrayPropertyStart("namespaces");
        for (String each : List.of("pid", "ipc", "uts", "mount")) {
            boolean shared = each.equals("pid") && options.hostProcesses() || each.equals("ipc") && options.hostIpc();
            if (!shared) {
                namespace(json, each);
            }
        }
        if (options.networkNamespace().isPresent()) {
            json.writeStartObject();
            json.writeStringProperty("type", "network");
            json.writeStringProperty("path", options.networkNamespace().get().toString());
            json.writeEndObject();
        } else if (spec.network() == ProcessSpec.Network.NONE) {
            namespace(json, "network");
        }
        json.writeEndArray();
        if (runtime.cgroups()) {
            json.writeStringProperty("cgroupsPath", cgroup);
            BundleControls.resources(json, options);
        }
        if (!options.privileged()) {
            strings(json, "maskedPaths", MASKED);
            strings(json, "readonlyPaths", READ_ONLY);
        }
        if (runtime.seccomp() && options.seccomp() && !options.privileged()) {
            BundleControls.seccomp(json);
        }
        json.writeEndObject();
    }

    private static void namespace(JsonGenerator json, String type) {
        json.writeStartObject();
        json.writeStringProperty("type", type);
        json.writeEndObject();
    }

    private static void mount(JsonGenerator json, String target, String type, String source, List<String> options) {
        json.writeStartObject();
        json.writeStringProperty("destination", target);
        json.writeStringProperty("type", type);
        json.writeStringProperty("source", source);
        strings(json, "options", options);
        json.writeEndObject();
    }

    private static void strings(JsonGenerator json, String name, List<String> values) {
        json.writeArrayPropertyStart(name);
        values.forEach(json::writeString);
        json.writeEndArray();
    }

    private static List<String> and(List<String> list, String more) {
        List<String> all = new ArrayList<>(list);
        all.add(more);
        return all;
    }
}
