package org.layerbook.engine.sandbox;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.layerbook.engine.linux.LinuxFiles;

/** A small real root file system for tests, made of the host's static busybox. */
public final class BusyboxRoot {
    private static final List<String> APPLETS = List.of(
            "sh",
            "true",
            "false",
            "cat",
            "echo",
            "ls",
            "id",
            "sleep",
            "kill",
            "touch",
            "mkdir",
            "rm",
            "env",
            "pwd",
            "wc",
            "hostname",
            "ps",
            "mknod",
            "mount",
            "grep",
            "ip",
            "stat",
            "yes",
            "head",
            "dd",
            "seq",
            "setsid",
            "test",
            "chown",
            "umask",
            "readlink",
            "sync",
            "unshare",
            "nproc",
            "cp",
            "mv",
            "sed",
            "tr",
            "printf",
            "date",
            "find",
            "ln",
            "chmod");

    private BusyboxRoot() {}

    /** Skips the test where there is no busybox. */
    public static Path make(Path root) throws IOException {
        Path busybox = List.of("/bin/busybox", "/usr/bin/busybox").stream()
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseGet(() -> abort("needs a static busybox: install the package busybox-static"));
        Path bin = Files.createDirectories(root.resolve("bin"));
        Files.copy(busybox, bin.resolve("busybox"));
        for (String applet : APPLETS) {
            LinuxFiles.symlink("busybox", bin.resolve(applet));
        }
        Files.createDirectories(root.resolve("tmp"));
        return root;
    }
}
