package org.layerbook.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.layerbook.kernel.wire.Channel;
import org.layerbook.kernel.wire.Replays;

class ReplaysTest {
    private static byte[] signature(int number) {
        return TestKernel.signer("a").calculateSignature(new byte[number]).getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void aSignatureIsNewOnce() {
        var replays = new Replays();
        assertTrue(replays.isNew(signature(1)));
        assertTrue(replays.isNew(signature(2)));
        assertFalse(replays.isNew(signature(1)));
        assertFalse(replays.isNew(signature(2)));
    }

    @Test
    void theOldestIsForgottenFirst() {
        var replays = new Replays(2);
        for (int i = 0; i < 3; i++) {
            assertTrue(replays.isNew(signature(i)));
        }
        assertFalse(replays.isNew(signature(2)));
        assertFalse(replays.isNew(signature(1)));
        assertTrue(replays.isNew(signature(0)));
    }

    @Test
    void aCellThatComesTwiceRunsOnce() throws IOException {
        try (var kernel = new TestKernel();
                LoopbackClient other = kernel.connect()) {
            List<byte[]> frames = kernel.client.request("execute_request", TestKernel.code("echo once"));
            kernel.client.sendFrames(Channel.SHELL, frames);
            kernel.reply();
            kernel.client.sendFrames(Channel.SHELL, frames);
            kernel.client.sendFrames(Channel.CONTROL, frames);
            other.sendFrames(Channel.SHELL, frames);
            String last = other.send(Channel.SHELL, "kernel_info_request", new JsonObject());
            assertEquals(last, other.receive(Channel.SHELL, TestKernel.PATIENCE).parentId());
            kernel.client.untilIdle(last, TestKernel.PATIENCE);
            kernel.run("echo other");
            assertEquals(
                    List.of("echo once", "echo other"),
                    kernel.interpreter.requests().stream().map(r -> r.code()).toList());
        }
    }
}
