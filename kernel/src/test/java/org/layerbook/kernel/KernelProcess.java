package org.layerbook.kernel;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.layerbook.kernel.wire.Channel;
import org.layerbook.kernel.wire.ConnectionFile;

/** A kernel as a process of its own: the echo kernel, or the real one. */
final class KernelProcess implements AutoCloseable {
    private final Path folder;
    private final Path connectionFile;
    private final Class<?> main;
    private final Map<String, String> environment;
    private Process process;

    /** @param folder where its connection file and what it prints are kept */
    KernelProcess(Path folder) throws IOException {
        this(folder, EchoMain.class, Map.of());
    }

    /** @param environment besides that of these tests */
    KernelProcess(Path folder, Class<?> main, Map<String, String> environment) throws IOException {
        this.folder = folder;
        this.main = main;
        this.environment = environment;
        this.connectionFile = folder.resolve("connection.json");
        var file = new JsonObject();
        file.addProperty("ip", "127.0.0.1");
        file.addProperty("transport", "tcp");
        file.addProperty("signature_scheme", "hmac-sha256");
        file.addProperty("key", "process");
        List<ServerSocket> held = new ArrayList<>();
        for (String name : List.of("shell_port", "control_port", "stdin_port", "iopub_port", "hb_port")) {
            var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            held.add(socket);
            file.addProperty(name, socket.getLocalPort());
        }
        for (ServerSocket socket : held) {
            socket.close();
        }
        Files.writeString(connectionFile, file.toString());
    }

    static List<String> command(String... arguments) {
        return command(EchoMain.class, arguments);
    }

    private static List<String> command(Class<?> main, String... arguments) {
        // As the launcher does: these tests may themselves be a background job, which ignores Ctrl-C.
        var command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseSerialGC");
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    /** Makes {@code folder} a place where Jupyter finds the echo kernel, under the name {@code echo}. */
    static void install(Path folder) throws IOException {
        var arguments = new JsonArray();
        command("--connection-file", "{connection_file}").forEach(arguments::add);
        JsonObject spec = TestKernel.json(Files.readString(Path.of("src/main/kernelspec/kernel.json")));
        spec.add("argv", arguments);
        Path kernel = Files.createDirectories(folder.resolve("kernels/echo"));
        Files.writeString(kernel.resolve("kernel.json"), spec.toString());
    }

    KernelProcess start() throws IOException {
        var builder = new ProcessBuilder(command(main, "--connection-file", connectionFile.toString()));
        builder.environment().putAll(environment);
        process = builder.redirectOutput(folder.resolve("stdout").toFile())
                .redirectError(folder.resolve("stderr").toFile())
                .start();
        return this;
    }

    /** A front-end of it that has been welcomed. */
    LoopbackClient connect() throws IOException {
        ConnectionFile file = ConnectionFile.read(connectionFile);
        var client = new LoopbackClient(file.signer(), file::address);
        while (!client.receive(Channel.IOPUB, TestKernel.PATIENCE).type().equals("iopub_welcome")) {
            // The subscription holds from a moment before the kernel hears of it.
        }
        return client;
    }

    String address(Channel channel) throws IOException {
        return ConnectionFile.read(connectionFile).address(channel);
    }

    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    int exit() throws InterruptedException {
        if (!process.waitFor(TestKernel.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the kernel goes on");
        }
        return process.exitValue();
    }

    String printed(String stream) throws IOException {
        return Files.readString(folder.resolve(stream));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
