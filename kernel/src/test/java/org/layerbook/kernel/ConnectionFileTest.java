package org.layerbook.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerbook.kernel.wire.Channel;
import org.layerbook.kernel.wire.ConnectionFile;

class ConnectionFileTest {
    @TempDir
    private Path folder;

    @Test
    void namesAnAddressAChannel() {
        ConnectionFile file = ConnectionFile.parse("""
                {"shell_port": 1, "iopub_port": 2, "stdin_port": 3, "control_port": 4, "hb_port": 0, "ip": "127.0.0.1",
                 "key": "k", "transport": "tcp", "signature_scheme": "hmac-sha256", "kernel_name": "layerbook"}""");
        assertEquals("tcp://127.0.0.1:1", file.address(Channel.SHELL));
        assertEquals("tcp://127.0.0.1:2", file.address(Channel.IOPUB));
        assertEquals("tcp://127.0.0.1:3", file.address(Channel.STDIN));
        assertEquals("tcp://127.0.0.1:4", file.address(Channel.CONTROL));
        assertEquals("tcp://127.0.0.1:*", file.address(Channel.HEARTBEAT));
    }

    @Test
    void bracketsAnIpv6Address() {
        assertEquals(
                "tcp://[::1]:9",
                ConnectionFile.parse("{\"ip\": \"::1\", \"transport\": \"tcp\", \"shell_port\": 9}")
                        .address(Channel.SHELL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "{}", "3", "{\"ip\": \"127.0.0.1\", \"transport\": \"ipc\"}"})
    void anythingElseIsRefusedWithItsName(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("kernel.json"), text);
        IOException refused = assertThrows(IOException.class, () -> ConnectionFile.read(file));
        assertTrue(refused.getMessage().contains("kernel.json"), refused.getMessage());
    }

    @Test
    void anUnknownSchemeIsRefused() {
        ConnectionFile file = ConnectionFile.parse(
                "{\"ip\": \"127.0.0.1\", \"transport\": \"tcp\", \"key\": \"k\", \"signature_scheme\": \"hmac-md9\"}");
        assertThrows(IOException.class, file::signer);
    }
}
