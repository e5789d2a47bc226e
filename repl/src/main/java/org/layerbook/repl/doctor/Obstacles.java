package org.layerbook.repl.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.Xattrs;
import org.layerbook.engine.sandbox.Privileges;

/**
 * What on this machine, or in this container, keeps the launcher from making namespaces, and what takes it away: a sentence for
 * each, with the very option.
 *
 * @param root {@code /}, or what stands for it in a test
 * @param newuidmap where it is on the PATH
 * @param hidesClone3 whether the launcher had to promise to gain no privileges, to hide clone3 from a filter that refuses it
 */
record Obstacles(Path root, Privileges privileges, Optional<Path> newuidmap, boolean hidesClone3) {
    private static final String BRINGS = ": this enables isolated RUN steps and fast snapshots.";
    private static final String DOCKER = "Start this container with `--security-opt ";
    private static final String CAPABILITIES =
            "Start this container with the capabilities SETUID, SETGID and SETFCAP (`--cap-add`)";
    private static final int SET_USER_ID = 04000;

    /** User namespaces cannot be made at all. */
    String toNamespaces() {
        if (read("proc/sys/user/max_user_namespaces").equals("0")) {
            return "Set the machine's `sysctl user.max_user_namespaces=15000`" + BRINGS;
        }
        if (read("proc/sys/kernel/unprivileged_userns_clone").equals("0") && !isRootOutside()) {
            return "Set the machine's `sysctl kernel.unprivileged_userns_clone=1`" + BRINGS;
        }
        if (read("proc/sys/kernel/apparmor_restrict_unprivileged_userns").equals("1") && !isRootOutside()) {
            return "Set the machine's `sysctl kernel.apparmor_restrict_unprivileged_userns=0`, or give the launcher an"
                    + " AppArmor profile that allows `userns`" + BRINGS;
        }
        if (privileges.filtered()) {
            return DOCKER + "seccomp=unconfined`, or with a seccomp profile that allows unshare, clone, mount and setns"
                    + " (Kubernetes: `seccompProfile: {type: Unconfined}`)" + BRINGS + procToo();
        }
        return "Allow user namespaces here ("
                + (isConfined() ? "the active AppArmor profile denies them" : "see man 7 user_namespaces")
                + ")" + BRINGS;
    }

    private String procToo() {
        return isProcMasked()
                ? " With `--security-opt systempaths=unconfined` as well, RUN steps get their own /proc."
                : "";
    }

    /** Nothing can be mounted in a user namespace. */
    String toMounts() {
        if (privileges.filtered()) {
            return DOCKER + "seccomp=unconfined`, or with a seccomp profile that allows mount, umount2 and pivot_root"
                    + " (Kubernetes: `seccompProfile: {type: Unconfined}`)" + BRINGS;
        }
        return isConfined()
                ? DOCKER + "apparmor=unconfined`" + BRINGS
                : "Allow mounts in user namespaces on this machine" + BRINGS;
    }

    /** A new /proc cannot be mounted. */
    String toProc() {
        return isProcMasked()
                ? DOCKER
                        + "systempaths=unconfined` (podman: `unmask=ALL`; Kubernetes: `procMount: Unmasked`): then"
                        + " RUN steps get their own /proc."
                : "Allow proc to be mounted in user namespaces on this machine: then RUN steps get their own /proc.";
    }

    /**
     * A user namespace can be made, but not given ids.
     *
     * @param noneAtAll not even one
     */
    String toIds(boolean noneAtAll) {
        String steps = String.join("; ", isRootOutside() ? List.of(CAPABILITIES) : stepsToSubordinateIds());
        return steps + (noneAtAll ? BRINGS : ": then images keep the real owners of files.");
    }

    private List<String> stepsToSubordinateIds() {
        var steps = new ArrayList<String>();
        if (newuidmap.isEmpty()) {
            steps.add("Install the package uidmap");
        }
        if (hidesClone3) {
            steps.add("Update Docker to 20.10.10 or later, or start this container with `--security-opt"
                    + " seccomp=unconfined`: its seccomp filter blocks clone3, and the workaround disables newuidmap");
        } else if (privileges.noNewPrivileges()) {
            steps.add("Start this container without `--security-opt no-new-privileges` (Kubernetes:"
                    + " `allowPrivilegeEscalation: true`)");
        }
        if (!hasLine("etc/subuid") || !hasLine("etc/subgid")) {
            steps.add("Add the line `" + user() + ":100000:65536` to /etc/subuid and /etc/subgid, as root");
        }
        newuidmap
                .filter(n -> !hasRights(n))
                .ifPresent(n -> steps.add("Restore the capabilities that newuidmap lost when it was copied: `setcap"
                        + " cap_setuid+ep " + n + "`, and cap_setgid+ep for newgidmap"));
        if (steps.isEmpty()) {
            steps.add("Give newuidmap file capabilities; its set-user-ID bit does not work in a container without"
                    + " CAP_SYS_ADMIN: `setcap cap_setuid+ep " + newuidmap.get()
                    + "`, and cap_setgid+ep for"
                    + " newgidmap; if it has them, this container lacks IDs listed in /etc/subuid, or the"
                    + " capabilities SETUID and SETGID");
        }
        return steps;
    }

    private static boolean hasRights(Path program) {
        try {
            return (LinuxFiles.lstat(program.toRealPath()).permissions() & SET_USER_ID) != 0
                    || Xattrs.get(program.toRealPath(), "security.capability").isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    private boolean hasLine(String file) {
        return lines(file).stream().anyMatch(l -> l.startsWith(user() + ":") || l.startsWith(outsideUid() + ":"));
    }

    private String user() {
        return lines("etc/passwd").stream()
                .map(line -> line.split(":"))
                .filter(fields -> fields.length > 2 && fields[2].equals(Long.toString(outsideUid())))
                .map(fields -> fields[0])
                .findFirst()
                .orElse(Long.toString(outsideUid()));
    }

    private boolean isRootOutside() {
        return outsideUid() == 0;
    }

    /** Of the user who started us, in the namespace around ours. */
    private long outsideUid() {
        return privileges.uids().outside(privileges.uid());
    }

    private boolean isProcMasked() {
        return lines("proc/self/mountinfo").stream()
                .map(line -> line.split(" "))
                .anyMatch(fields -> fields.length > 4 && fields[4].startsWith("/proc/"));
    }

    private boolean isConfined() {
        String profile = read("proc/self/attr/current");
        return !profile.isEmpty() && !profile.startsWith("unconfined");
    }

    private String read(String file) {
        return String.join("\n", lines(file)).strip();
    }

    private List<String> lines(String file) {
        try {
            return Files.readAllLines(root.resolve(file), StandardCharsets.ISO_8859_1);
        } catch (IOException absent) {
            return List.of();
        }
    }
}
