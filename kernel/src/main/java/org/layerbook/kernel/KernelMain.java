package org.layerbook.kernel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.layerbook.engine.host.Isolation;
import org.layerbook.interpreter.session.Sessions;
import org.layerbook.kernel.wire.ConnectionFile;
import org.layerbook.kernel.wire.KernelLog;

/** {@code layerbook kernel}: what Jupyter starts. */
public final class KernelMain {
    private static final String USAGE = """
            usage: layerbook kernel --connection-file FILE
                   layerbook kernel --train [CELL]...

            Jupyter starts it: register it with `layerbook kernel install`.
            --train runs the given cells over a loopback connection and exits; with
            -XX:AOTCacheOutput=CACHE, this creates the AOT cache that makes later starts fast.
            """;

    /** What a shell reports of a process that SIGTERM ended. */
    private static final int TERMINATED = 128 + 15;

    private KernelMain() {}

    public static void main(String[] args) {
        Isolation.begin();
        exit(run(args, () -> Sessions.open(Path.of("").toAbsolutePath())));
    }

    /** Ends the process with {@code status}, at once: every socket is closed and every thread is done. */
    static void exit(int status) {
        System.exit(status);
    }

    /**
     * Runs a kernel, or a training of one, until it is shut down.
     *
     * @return the exit status: 0 after a shutdown, 1 when it could not start, 2 for wrong arguments, 143 after SIGTERM
     */
    public static int run(String[] args, InterpreterFactory factory) {
        List<String> given = Arrays.asList(args);
        try {
            if (given.size() == 1 && !given.getFirst().startsWith("-")) {
                return serve(Path.of(given.getFirst()), factory, bound -> {});
            }
            if (given.size() == 2
                    && (given.getFirst().equals("--connection-file")
                            || given.getFirst().equals("-f"))) {
                return serve(Path.of(given.get(1)), factory, bound -> {});
            }
            if (!given.isEmpty() && given.getFirst().equals("--train")) {
                AotTraining.of(factory, given.subList(1, given.size()));
                return 0;
            }
            System.err.print(USAGE);
            return given.equals(List.of("--help")) ? 0 : 2;
        } catch (IOException e) {
            KernelLog.warn(e.toString());
            return 1;
        } catch (InterruptedException e) {
            return 1;
        }
    }

    /**
     * Serves until it is shut down.
     *
     * @param bound told once the sockets are there, before the first request is answered
     */
    static int serve(Path connectionFile, InterpreterFactory factory, Consumer<KernelServer> bound) throws IOException {
        var status = new AtomicInteger();
        try (KernelServer server = KernelServer.bind(ConnectionFile.read(connectionFile), factory)) {
            bound.accept(server);
            Thread.ofPlatform().daemon().name("signals").start(() -> {
                Signals.on("INT", server.kernel()::interrupt);
                Signals.on("TERM", () -> {
                    status.set(TERMINATED);
                    server.kernel().shutDown();
                });
            });
            server.serve();
        }
        return status.get();
    }
}
