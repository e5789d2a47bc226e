package org.layerbook.engine.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.sandbox.selection.Sandboxes;

class OciRuntimeSandboxTest extends SandboxContract {
    @Override
    Sandbox create(Path scratch) throws IOException {
        assumeTrue(
                Privileges.current().mayMount(),
                "containers need root or a user namespace: run as root, or under unshare --user --map-root-user");
        Sandboxes.Detected detected = Sandboxes.detect(new Sandboxes.Settings(
                Map.of("PATH", System.getenv("PATH")),
                scratch.resolve("memory/runtime"),
                scratch,
                scratch,
                "test" + scratch.hashCode()));
        Files.deleteIfExists(scratch.resolve("memory/runtime"));
        if (detected.runtime().isEmpty()) {
            return abort("needs runc or crun: " + detected.notes());
        }
        return detected.sandbox();
    }

    @Test
    void aContainerIsApartFromTheHost() throws Exception {
        Outcome o = sh("echo $$; hostname; cat /proc/kcore /proc/keys /proc/timer_list 2>/dev/null | wc -c");
        assertEquals("1\nbuildkitsandbox\n0\n", o.out(), o.err());
    }

    /** runc 1.1 would make the links of /dev where this one leads. */
    @ParameterizedTest
    @ValueSource(strings = {"dev", "proc", "sys"})
    void aMountPointThatIsALinkIsRefused(String name) throws Exception {
        Path outside = Files.createDirectory(dir.resolve("outside"));
        ProcessSpec spec = spec("true");
        Path point = spec.rootfs().resolve(name);
        Files.deleteIfExists(point);
        Files.createSymbolicLink(point, outside);
        try {
            var e = assertThrows(SandboxException.class, () -> run(spec, ""));
            assertTrue(e.getMessage()
                    .startsWith("cannot start a container: /" + name + " in the image is a symbolic link"));
        } finally {
            Files.delete(point);
        }
        try (var files = Files.list(outside)) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    void dangerousCallsAreDenied() throws Exception {
        assertEquals(1, sh("mount -t tmpfs none /tmp").status());
        assertEquals(1, sh("unshare -U true").status());
        assertEquals(1, sh("hostname changed").status());
        assertEquals(1, sh("echo 1 > /proc/sys/vm/drop_caches").status());
        assertEquals(1, sh("touch /sys/x").status());
    }

    @Test
    void capabilitiesAreDockersDefault() throws Exception {
        String mine = Files.readString(Path.of("/proc/self/status")).replaceAll("(?s).*CapEff:\\s*(\\S+).*", "$1");
        long expected = 0xa80425fbL & Long.parseUnsignedLong(mine, 16);
        assertEquals(
                String.format("CapEff:\t%016x\nCapBnd:\t%016x\n", expected, expected),
                sh("grep -e CapEff -e CapBnd /proc/self/status").out());
    }

    @Test
    void anotherUserHasNoCapabilities() throws Exception {
        assumeTrue(Privileges.current().uids().contains(1000), "needs more than one user id");
        ProcessSpec s = spec("sh", "-c", "id; umask; grep CapEff /proc/self/status; echo $HOME");
        ProcessSpec other = with(s, new ProcessSpec.Identity(1000, 1001, List.of(7, 8)), List.of());
        assertEquals(
                "uid=1000 gid=1001 groups=1001,7,8\n0022\nCapEff:\t0000000000000000\n/\n",
                run(other, "").out().replace("groups=7,8", "groups=1001,7,8"));
    }

    @Test
    void mountsAreThereAndTheirStubsGoAgain() throws Exception {
        Path source = Files.createDirectories(dir.resolve("source"));
        Files.writeString(source.resolve("file"), "content");
        ProcessSpec s = spec(
                "sh",
                "-c",
                "cat /mnt/deep/in/file /one; echo x > /mnt/deep/in/new; touch /rw/new /tmpfs/new; stat -c %a /tmpfs");
        Outcome o = run(
                with(
                        s,
                        s.user(),
                        List.of(
                                new ProcessSpec.Mount.Bind(source, "/mnt/deep/in", true),
                                new ProcessSpec.Mount.Bind(source.resolve("file"), "/one", true),
                                new ProcessSpec.Mount.Bind(source, "/rw", false),
                                new ProcessSpec.Mount.Tmpfs("/tmpfs", 1 << 20, 01777))),
                "");
        assertEquals("contentcontent1777\n", o.out(), o.err());
        assertTrue(o.err().contains("Read-only file system"), o.err());
        assertTrue(Files.exists(source.resolve("new")));
        for (String gone : List.of("mnt", "one", "rw", "tmpfs", "etc")) {
            assertFalse(Files.exists(root.resolve(gone)), gone);
        }
    }

    @Test
    void withoutNetworkThereIsOnlyLoopback() throws Exception {
        ProcessSpec s = spec("sh", "-c", "ip -o link | wc -l; ip -o addr show lo | grep -c 127.0.0.1");
        ProcessSpec none = new ProcessSpec(
                root,
                false,
                s.argv(),
                s.env(),
                "/",
                s.user(),
                List.of(),
                ProcessSpec.Network.NONE,
                Optional.of("alone"),
                List.of());
        String out = run(none, "").out();
        assertTrue(out.endsWith("\n1\n"), out);
    }

    @Test
    void aProcessThatWritesLikeTheRuntimeIsHeard() throws Exception {
        Outcome o = sh("echo 'runc run failed: not really' >&2; exit 1");
        assertEquals(new Outcome(1, "", "runc run failed: not really\n"), o);
    }

    @Test
    void aLinkThatLeadsNowhereIsNoWayOut() throws Exception {
        Files.createDirectories(root.resolve("etc"));
        LinuxFiles.symlink("../../../run/elsewhere/resolv.conf", root.resolve("etc/resolv.conf"));
        Outcome o = sh("test -f /etc/resolv.conf && echo there");
        assertEquals("there\n", o.out(), o.err());
        assertFalse(Files.exists(root.resolve("run")), "the directories made for the stub");
        assertTrue(Files.isSymbolicLink(root.resolve("etc/resolv.conf")));
    }

    @Test
    void aScriptWithoutItsInterpreterFailsAsUnderDocker() throws Exception {
        Files.writeString(root.resolve("script"), "#!/nope\n");
        root.resolve("script").toFile().setExecutable(true);
        Outcome o = run(spec("/script"), "");
        assertTrue(o.status() == 1 || o.status() == 255, "" + o.status());
        assertEquals("exec /script: no such file or directory\n", o.err());
    }

    @Test
    void manyRunsLeaveNothing() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertEquals(0, run(spec("true"), "").status());
        }
        assertScratchIsEmpty();
        try (var state = Files.list(dir.resolve("scratch/state"))) {
            assertEquals(0, state.count());
        }
        assertNoProcessLeft();
        assertFalse(Files.readString(Path.of("/proc/self/mountinfo")).contains(root.toString()));
    }

    private static ProcessSpec limited(ProcessSpec s, long shmBytes, ProcessSpec.Ulimit... ulimits) {
        return new ProcessSpec(
                s.rootfs(),
                s.readOnlyRoot(),
                s.argv(),
                s.env(),
                s.cwd(),
                s.user(),
                s.mounts(),
                s.network(),
                s.hostname(),
                s.extraHosts(),
                new ProcessSpec.Limits(shmBytes, List.of(ulimits)));
    }

    @Test
    void limitsAndTheSizeOfSharedMemoryAreTheProcesss() throws Exception {
        ProcessSpec spec = limited(
                spec("sh", "-c", "ulimit -Sn; ulimit -Hn; mount | grep -o 'shm.*size=[0-9]*k' | sed 's/.*size=//'"),
                2 << 20,
                new ProcessSpec.Ulimit("nofile", 99, 100));
        assertEquals("99\n100\n2048k\n", run(spec, "").out());
    }

    @Test
    void aLimitAboveTheMachinesIsRefusedWithItsNumber() throws Exception {
        List<String> own =
                List.of("Limit Soft Hard Units", "Max open files            1024                 4096       files");
        Rlimits.check(new ProcessSpec.Ulimit("nofile", 5, 4096), own);
        var refused = assertThrows(
                SandboxException.class, () -> Rlimits.check(new ProcessSpec.Ulimit("nofile", 5, 5000), own));
        assertEquals("cannot set ulimit nofile=5000: the hard limit of this process is 4096", refused.getMessage());
        assertThrows(
                SandboxException.class,
                () -> Rlimits.check(new ProcessSpec.Ulimit("nofile", 5, ProcessSpec.Ulimit.UNLIMITED), own));
    }

    static ProcessSpec with(ProcessSpec s, ProcessSpec.Identity user, List<ProcessSpec.Mount> mounts) {
        return new ProcessSpec(
                s.rootfs(),
                s.readOnlyRoot(),
                s.argv(),
                s.env(),
                s.cwd(),
                user,
                mounts,
                s.network(),
                s.hostname(),
                s.extraHosts());
    }
}
