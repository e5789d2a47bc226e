package org.layerbook.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.kernel.wire.Channel;

class KernelProcessTest {
    @TempDir
    private Path folder;

    private static String run(LoopbackClient client, String code) {
        String id = client.send(Channel.SHELL, "execute_request", TestKernel.code(code));
        String printed = TestKernel.printed(client.untilIdle(id, TestKernel.PATIENCE));
        client.receive(Channel.SHELL, TestKernel.PATIENCE);
        return printed;
    }

    private static void begin(LoopbackClient client, String code) {
        client.send(Channel.SHELL, "execute_request", TestKernel.code(code));
        while (!client.receive(Channel.IOPUB, TestKernel.PATIENCE).type().equals("stream")) {
            // Until the cell has said something.
        }
    }

    @Test
    void itSaysNothingAndEndsWithZero() throws Exception {
        try (var kernel = new KernelProcess(folder).start();
                LoopbackClient client = kernel.connect()) {
            assertEquals("hello\n", run(client, "echo hello"));
            client.send(Channel.CONTROL, "shutdown_request", TestKernel.json("{\"restart\":false}"));
            client.receive(Channel.CONTROL, TestKernel.PATIENCE);
            assertEquals(0, kernel.exit());
            assertEquals("", kernel.printed("stdout"));
            assertEquals("", kernel.printed("stderr"));
        }
    }

    @Test
    void sigtermEndsItCleanlyWhileACellRuns() throws Exception {
        try (var kernel = new KernelProcess(folder).start();
                LoopbackClient client = kernel.connect()) {
            begin(client, "echo begun\nblock");
            kernel.signal("TERM");
            assertEquals(
                    "Interrupted",
                    client.receive(Channel.SHELL, TestKernel.PATIENCE)
                            .content()
                            .get("ename")
                            .getAsString());
            assertEquals(143, kernel.exit());
            assertEquals("", kernel.printed("stderr"));
        }
    }

    @Test
    void sigintInterruptsTheCell() throws Exception {
        try (var kernel = new KernelProcess(folder).start();
                LoopbackClient client = kernel.connect()) {
            begin(client, "echo begun\nblock");
            kernel.signal("INT");
            assertEquals(
                    "Interrupted",
                    client.receive(Channel.SHELL, TestKernel.PATIENCE)
                            .content()
                            .get("ename")
                            .getAsString());
            assertEquals("on\n", run(client, "echo on"));
        }
    }

    @Test
    void killedWhileACellRunsItStartsAgainOnTheSamePorts() throws Exception {
        try (var kernel = new KernelProcess(folder).start()) {
            try (LoopbackClient client = kernel.connect()) {
                begin(client, "echo begun\nblock");
                kernel.signal("KILL");
                assertEquals(137, kernel.exit());
            }
            kernel.start();
            try (LoopbackClient client = kernel.connect()) {
                assertEquals("again\n", run(client, "echo again"));
            }
        }
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        try (var kernel = new KernelProcess(folder).start()) {
            kernel.connect().close();
            try (var second = new KernelProcessTwin(folder)) {
                assertEquals(1, second.exit());
                assertTrue(second.said().contains("cannot listen on tcp://127.0.0.1:"), second.said());
            }
        }
    }

    /** Another process on the same connection file. */
    private static final class KernelProcessTwin implements AutoCloseable {
        private final Process process;

        private KernelProcessTwin(Path folder) throws IOException {
            List<String> command =
                    KernelProcess.command(folder.resolve("connection.json").toString());
            process = new ProcessBuilder(command).start();
        }

        private int exit() throws InterruptedException {
            return process.waitFor();
        }

        private String said() throws IOException {
            return new String(process.getErrorStream().readAllBytes());
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    @Test
    void wrongArgumentsAreTwo() {
        assertEquals(2, KernelMain.run(new String[] {"--nonsense"}, EchoInterpreter::new));
        assertEquals(0, KernelMain.run(new String[] {"--help"}, EchoInterpreter::new));
        assertEquals(1, KernelMain.run(new String[] {folder.resolve("none").toString()}, EchoInterpreter::new));
    }

    @Test
    void aRehearsalRunsItsCellsAndEnds() {
        var echo = new EchoInterpreter();
        assertEquals(0, KernelMain.run(new String[] {"--train", "echo one", "fail two", "show three"}, () -> echo));
        assertEquals(
                List.of("echo one", "fail two", "show three"),
                echo.requests().stream().map(request -> request.code()).toList());
        assertTrue(echo.isClosed());
    }
}
