package org.layerbook.engine.linux;

import static org.layerbook.engine.linux.FileDescriptor.O_RDONLY;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Mounts overlayfs. {@code mount(2)} takes one page of options, which some thirty layers with digests as names fill; so
 * where the names do not fit (or hold a separator) the directories are opened and named by their descriptors, which
 * carries some two hundred layers, and beyond those the newer mount interface adds them one by one ({@code lowerdir+},
 * Linux 6.8).
 *
 * @param lowers topmost first, at least one
 * @param upper where changes go; without it the mount is read-only and needs two lowers
 * @param work an empty directory on the same file system as {@code upper}
 * @param options further ones, such as {@code userxattr} or {@code redirect_dir=off}
 */
public record Overlay(List<Path> lowers, Optional<Upper> upper, List<String> options) {
    public record Upper(Path directory, Path work) {}

    private static final int PAGE = 4095;
    private static final int FSCONFIG_SET_FLAG = 0;
    private static final int FSCONFIG_SET_STRING = 1;
    private static final int FSCONFIG_CMD_CREATE = 6;
    private static final int FSMOUNT_CLOEXEC = 1;
    private static final int FSOPEN_CLOEXEC = 1;
    private static final int MOVE_MOUNT_F_EMPTY_PATH = 4;

    public Overlay {
        lowers = List.copyOf(lowers);
        options = List.copyOf(options);
        if (lowers.isEmpty()) {
            throw new IllegalArgumentException("an overlay needs a lower directory");
        }
    }

    public void mount(Path target) throws IOException {
        List<String> plain = lowers.stream().map(Path::toString).toList();
        Optional<String> data = plainData(plain);
        if (data.isPresent()) {
            Mounts.mount("overlay", target, "overlay", 0, data.get());
            return;
        }
        List<FileDescriptor> open = new ArrayList<>();
        try {
            for (Path lower : lowers) {
                open.add(openPath(lower));
            }
            Optional<OpenUpper> openUpper = Optional.empty();
            if (upper.isPresent()) {
                FileDescriptor directory = openPath(upper.get().directory());
                open.add(directory);
                FileDescriptor work = openPath(upper.get().work());
                open.add(work);
                openUpper = Optional.of(new OpenUpper(directory.procPath(), work.procPath()));
            }
            mountOpened(
                    open.subList(0, lowers.size()).stream()
                            .map(FileDescriptor::procPath)
                            .toList(),
                    openUpper,
                    target);
        } finally {
            open.forEach(FileDescriptor::close);
        }
    }

    private record OpenUpper(String directory, String work) {}

    private static FileDescriptor openPath(Path directory) throws IOException {
        return FileDescriptor.open(directory, O_RDONLY | Syscalls.O_PATH, 0);
    }

    /** Empty where a name would be misread or all together do not fit. */
    private Optional<String> plainData(List<String> names) {
        List<String> all = new ArrayList<>(names);
        upper.ifPresent(u -> {
            all.add(u.directory().toString());
            all.add(u.work().toString());
        });
        for (String name : all) {
            for (int i = 0; i < name.length(); i++) {
                char c = name.charAt(i);
                if (c >= 0x7f || c == ':' || c == ',' || c == '\\') {
                    return Optional.empty();
                }
            }
        }
        String data = data(
                names,
                upper.map(u -> new OpenUpper(u.directory().toString(), u.work().toString())));
        return Optional.of(data).filter(d -> d.length() <= PAGE);
    }

    private String data(List<String> names, Optional<OpenUpper> openUpper) {
        List<String> parts = new ArrayList<>();
        parts.add("lowerdir=" + String.join(":", names));
        openUpper.ifPresent(u -> {
            parts.add("upperdir=" + u.directory());
            parts.add("workdir=" + u.work());
        });
        parts.addAll(options);
        return String.join(",", parts);
    }

    private void mountOpened(List<String> names, Optional<OpenUpper> openUpper, Path target) throws IOException {
        String data = data(names, openUpper);
        if (data.getBytes(StandardCharsets.UTF_8).length <= PAGE) {
            Mounts.mount("overlay", target, "overlay", 0, data);
            return;
        }
        MemorySegment type = Syscalls.scratch().string("overlay");
        try (FileDescriptor context = FileDescriptor.adopt(LinuxFiles.check(
                Syscalls.call(SystemCall.FSOPEN, type.address(), FSOPEN_CLOEXEC), SystemCall.FSOPEN, target))) {
            for (String name : names) {
                configure(context, "lowerdir+", name, target);
            }
            if (openUpper.isPresent()) {
                configure(context, "upperdir", openUpper.get().directory(), target);
                configure(context, "workdir", openUpper.get().work(), target);
            }
            for (String option : options) {
                int equals = option.indexOf('=');
                configure(
                        context,
                        equals < 0 ? option : option.substring(0, equals),
                        equals < 0 ? "" : option.substring(equals + 1),
                        target);
            }
            create(context, target);
        }
    }

    private static void configure(FileDescriptor context, String key, String value, Path target) throws IOException {
        Syscalls.Scratch scratch = Syscalls.scratch();
        MemorySegment k = scratch.string(key);
        MemorySegment v = scratch.string(value);
        LinuxFiles.check(
                value.isEmpty()
                        ? Syscalls.call(SystemCall.FSCONFIG, context.number(), FSCONFIG_SET_FLAG, k.address(), 0, 0)
                        : Syscalls.call(
                                SystemCall.FSCONFIG,
                                context.number(),
                                FSCONFIG_SET_STRING,
                                k.address(),
                                v.address(),
                                0),
                SystemCall.FSCONFIG,
                target);
    }

    private static void create(FileDescriptor context, Path target) throws IOException {
        LinuxFiles.check(
                Syscalls.call(SystemCall.FSCONFIG, context.number(), FSCONFIG_CMD_CREATE, 0, 0, 0),
                SystemCall.FSCONFIG,
                target);
        try (FileDescriptor mount = FileDescriptor.adopt(LinuxFiles.check(
                Syscalls.call(SystemCall.FSMOUNT, context.number(), FSMOUNT_CLOEXEC, 0), SystemCall.FSMOUNT, target))) {
            Syscalls.Scratch scratch = Syscalls.scratch();
            MemorySegment empty = scratch.string("");
            MemorySegment at = scratch.path(target);
            LinuxFiles.check(
                    Syscalls.call(
                            SystemCall.MOVE_MOUNT,
                            mount.number(),
                            empty.address(),
                            Syscalls.AT_FDCWD,
                            at.address(),
                            MOVE_MOUNT_F_EMPTY_PATH),
                    SystemCall.MOVE_MOUNT,
                    target);
        }
    }
}
