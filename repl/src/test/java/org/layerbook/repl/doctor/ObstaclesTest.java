package org.layerbook.repl.doctor;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.sandbox.Privileges;

/** Which remedy is named, by what the kernel's files say. */
class ObstaclesTest {
    @TempDir
    Path root;

    private void file(String name, String content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private Obstacles obstacles(long outside, boolean noNewPrivileges, boolean filtered, Optional<Path> newuidmap) {
        var ids = new Privileges.IdMap(List.of(new Privileges.Range(0, outside, 1)));
        return new Obstacles(root, new Privileges(0, ids, ids, 0, noNewPrivileges, filtered), newuidmap, false);
    }

    private Obstacles user(boolean filtered) {
        return obstacles(1000, false, filtered, Optional.empty());
    }

    @Test
    void whatForbidsNamespacesIsNamed() throws IOException {
        assertTrue(user(true).toNamespaces().contains("`--security-opt seccomp=unconfined`"));
        assertFalse(user(false).toNamespaces().contains("seccomp"));
        file("proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1\n");
        assertTrue(user(true).toNamespaces().contains("`sysctl kernel.apparmor_restrict_unprivileged_userns=0`"));
        Obstacles ofRoot = obstacles(0, false, true, Optional.empty());
        assertTrue(ofRoot.toNamespaces().contains("seccomp=unconfined"), "that is for users only");
        file("proc/sys/kernel/unprivileged_userns_clone", "0\n");
        assertTrue(user(true).toNamespaces().contains("`sysctl kernel.unprivileged_userns_clone=1`"));
        file("proc/sys/user/max_user_namespaces", "0\n");
        assertTrue(ofRoot.toNamespaces().contains("`sysctl user.max_user_namespaces=15000`"));
    }

    @Test
    void aMaskedProcIsSeen() throws IOException {
        file("proc/self/mountinfo", "22 1 0:21 / /proc rw - proc proc rw\n");
        assertFalse(user(true).toProc().contains("systempaths"));
        file(
                "proc/self/mountinfo",
                "22 1 0:21 / /proc rw - proc proc rw\n30 22 0:5 /null /proc/kcore rw - tmpfs t rw\n");
        assertTrue(user(true).toProc().contains("`--security-opt systempaths=unconfined`"));
        assertTrue(user(true).toNamespaces().contains("systempaths=unconfined` as well"));
    }

    @Test
    void whatForbidsMountsIsNamed() throws IOException {
        file("proc/self/attr/current", "docker-default (enforce)\n");
        assertTrue(user(true).toMounts().contains("seccomp=unconfined"));
        assertTrue(user(false).toMounts().contains("`--security-opt apparmor=unconfined`"));
    }

    @Test
    void allThatIsMissingForIdsIsNamed() throws IOException {
        file("etc/passwd", "jovyan:x:1000:100::/home/jovyan:/bin/bash\n");
        String nothing = user(false).toIds(false);
        assertTrue(nothing.contains("Install the package uidmap"), nothing);
        assertTrue(nothing.contains("`jovyan:100000:65536`"), nothing);
        file("etc/subuid", "jovyan:100000:65536\n");
        file("etc/subgid", "1000:100000:65536\n");
        Path program = root.resolve("newuidmap");
        Files.writeString(program, "");
        String copied = obstacles(1000, false, false, Optional.of(program)).toIds(false);
        assertTrue(
                copied.contains(
                        "capabilities that newuidmap lost when it was copied: `setcap cap_setuid+ep " + program),
                copied);
        assertFalse(copied.contains("100000"), copied);
        String promised = obstacles(1000, true, false, Optional.of(program)).toIds(false);
        assertTrue(promised.contains("without `--security-opt no-new-privileges`"), promised);
        String root = obstacles(0, false, false, Optional.empty()).toIds(true);
        assertTrue(root.startsWith("Start this container with the capabilities SETUID, SETGID and SETFCAP"), root);
    }
}
