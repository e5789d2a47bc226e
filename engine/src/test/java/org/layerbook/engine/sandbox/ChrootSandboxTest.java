package org.layerbook.engine.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;

class ChrootSandboxTest extends SandboxContract {
    @Override
    Sandbox create(Path scratch) throws IOException {
        return create(DeviceFiles.in(dir), scratch);
    }

    private static Sandbox create(DeviceFiles devices, Path scratch) throws IOException {
        assumeTrue(Privileges.current().mayChroot(), "needs root");
        var tools = new ChrootSandbox.Tools(Path.of("/usr/bin/nsenter"), Path.of("/usr/bin/setpriv"));
        assumeTrue(Files.isExecutable(tools.nsenter()), "needs nsenter: install the package util-linux");
        return new ChrootSandbox(tools, Privileges.current(), false, devices, scratch, ProcessRecords.none());
    }

    @Test
    void userAndGroupsAreTheSpecs() throws Exception {
        assumeTrue(Privileges.current().isRealRoot(), "needs root");
        ProcessSpec s = spec("sh", "-c", "id; pwd");
        ProcessSpec other =
                OciRuntimeSandboxTest.with(s, new ProcessSpec.Identity(1000, 1001, List.of(7, 8)), List.of());
        assertEquals("uid=1000 gid=1001 groups=7,8\n/\n", run(other, "").out());
        assertEquals("uid=0 gid=0\n/\n", run(s, "").out());
    }

    @Test
    void devicesAreThereAndGoAgain() throws Exception {
        assertFalse(
                sh("echo x > /dev/null && head -c 4 /dev/zero | wc -c").out().isEmpty());
        try (var dev = Files.list(root.resolve("dev"))) {
            assertFalse(dev.findAny().isPresent());
        }
    }

    @Test
    void withoutDevicesWhatIsWrittenToNullGoesAway() throws Exception {
        sandbox = create(DeviceFiles.REFUSED, dir.resolve("scratch"));
        assertEquals(
                "ab",
                sh("cat < /dev/null && echo x > /dev/null && printf a && printf b")
                        .out());
        assertEquals("", sh("echo x > /dev/zero && cat < /dev/null").out());
        try (var dev = Files.list(root.resolve("dev"))) {
            assertFalse(dev.findAny().isPresent());
        }
        assertTrue(sandbox.description().contains("no devices"), sandbox.description());
    }

    @Test
    void devicesOfTheImageThatCannotBeOpenedReturn() throws Exception {
        assumeTrue(DeviceFiles.in(dir) == DeviceFiles.USABLE, "needs mknod");
        Path node = Files.createDirectories(root.resolve("dev")).resolve("null");
        LinuxFiles.mknod(node, FileStat.CHAR_DEVICE | 0666, 1, 3);
        FileStat before = LinuxFiles.lstat(node);
        sandbox = create(DeviceFiles.CLOSED, dir.resolve("scratch"));
        assertEquals(
                "file\n",
                sh("[ -f /dev/null ] && echo x > /dev/null && echo file").out());
        assertEquals(before.inode(), LinuxFiles.lstat(node).inode());
    }
}
