package org.layerbook.engine.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Entries as the kernel lists them under binfmt_misc. */
class EmulatorsTest {
    @TempDir
    Path folder;

    private void entry(String name, String state, String flags, String magic) throws IOException {
        Files.writeString(
                folder.resolve(name),
                state + "\ninterpreter /usr/libexec/" + name + "\nflags: " + flags + "\noffset 0\nmagic " + magic
                        + "\nmask ffffffffffffff00fffffffffffffffffeffffff\n");
    }

    @Test
    void anEmulatorIsFoundByTheMachineOfItsMagic() throws IOException {
        entry("some-name", "enabled", "POCF", "7f454c460201010000000000000000000200b700");
        entry("big", "enabled", "F", "7f454c4602020100000000000000000000020016");
        entry("qemu-riscv64", "disabled", "F", "7f454c460201010000000000000000000200f300");
        entry("qemu-arm", "enabled", "OC", "7f454c4601010100000000000000000002002800");
        entry("script", "enabled", "F", "2321");
        Files.writeString(folder.resolve("status"), "enabled\n");
        var emulators = new Emulators(folder);
        assertEquals(Optional.of("some-name"), emulators.find("arm64"));
        assertEquals(Optional.of("big"), emulators.find("s390x"));
        assertEquals(Optional.empty(), emulators.find("riscv64"), "it is disabled");
        assertEquals(Optional.empty(), emulators.find("arm"), "it would have to lie in the image");
        assertEquals(Optional.empty(), emulators.find("vax"));
        assertEquals(Optional.empty(), new Emulators(folder.resolve("nowhere")).find("arm64"));
    }
}
