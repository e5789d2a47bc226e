package org.layerbook.engine.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UmaskTest {
    @Test
    void aProcessOfAnImageDoesNotHaveTheUsersUmask() throws Exception {
        var builder =
                new ProcessBuilder("/bin/sh", "-c", "umask; env | grep -c -E '^(OLDPWD|SHLVL)='; echo $0 $1", "a b");
        Umask.set(builder, Optional.of(0077));
        assertEquals("0022\n0\na b\n", asUserWithUmask077(builder));
    }

    @Test
    void nothingIsPutInBetweenWhereTheUserHasTheSame() {
        var builder = new ProcessBuilder("true");
        Umask.set(builder, Optional.of(Umask.OF_IMAGES));
        assertEquals(List.of("true"), builder.command());
    }

    private static String asUserWithUmask077(ProcessBuilder builder) throws Exception {
        var command = new ArrayList<>(List.of("/bin/sh", "-c", "umask 077; exec \"$@\"", "sh"));
        command.addAll(builder.command());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes());
    }
}
