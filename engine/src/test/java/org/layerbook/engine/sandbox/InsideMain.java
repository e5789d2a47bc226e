package org.layerbook.engine.sandbox;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.host.HostCommand;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.host.Isolation;
import org.layerbook.engine.host.ProcessIo;
import org.layerbook.engine.sandbox.selection.Sandboxes;

/** What {@link LauncherTest} has the launcher start: speaks in lines on standard output. */
public final class InsideMain extends HostCommandsContract {
    private final HostCommands host;

    private InsideMain(HostCommands host) {
        this.host = host;
    }

    @Override
    HostCommands host() {
        return host;
    }

    public static void main(String[] args) throws Exception {
        Isolation.begin();
        Isolation isolation = Isolation.current();
        HostCommands host = isolation.hostCommands();
        switch (args[0]) {
            case "contract" -> contract(new InsideMain(host));
            case "identity" -> {
                System.out.println("mode " + isolation.mode() + " "
                        + Privileges.current().uids().count());
                System.out.println("pid " + ProcessHandle.current().pid());
                System.out.println("why " + isolation.why());
                System.out.println("apart " + isolation.apart());
                System.out.println("user namespace " + Privileges.current().inUserNamespace());
                host.run(shell(host, "echo outside $(id -u) $(readlink /proc/self/ns/mnt)"), io(), new Cancellation());
            }
            case "wait" -> {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("tidied up")));
                String script = "sleep " + args[1] + " & echo $$; exec sleep " + args[1];
                if (args.length > 2) {
                    host.run(shell(host, "sleep " + args[1] + " & true"), io(), new Cancellation());
                    runInSandbox(isolation, Path.of(args[2]), args[1]);
                }
                host.run(shell(host, script), io(), new Cancellation());
            }
            case "cost" -> {
                for (int i = 0; i < 40; i++) {
                    long before = System.nanoTime();
                    host.run(shell(host, "true"), io(), new Cancellation());
                    System.out.println("micros " + (System.nanoTime() - before) / 1000);
                }
            }
            case "input" -> {
                var io = new ProcessIo(ProcessIo.OWN_INPUT, System.out, System.out);
                host.run(shell(host, "read line; echo first $line"), io, new Cancellation());
                host.run(shell(host, "exec cat"), io, new Cancellation());
            }
            case "exit" -> System.exit(Integer.parseInt(args[1]));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void runInSandbox(Isolation isolation, Path rootfs, String seconds) throws Exception {
        Path scratch =
                Files.createDirectories(isolation.directory().orElseThrow().resolve("scratch"));
        String session = Isolation.session(System.getenv());
        Sandbox sandbox = Sandboxes.detect(
                        new Sandboxes.Settings(System.getenv(), scratch.resolve("runtime"), scratch, scratch, session))
                .sandbox();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                sandbox.run(
                        TestSpecs.sh(
                                rootfs,
                                "sleep " + seconds + " & setsid sleep " + seconds + " & echo in the sandbox; sleep "
                                        + seconds),
                        io(),
                        new Cancellation());
            } catch (IOException | SandboxException e) {
                System.out.println(e);
            }
        });
    }

    private static HostCommand shell(HostCommands host, String script) {
        return HostCommand.shell(script, Path.of("/"), Map.copyOf(host.environment()));
    }

    private static ProcessIo io() {
        return ProcessIo.outputOnly(System.out, System.out);
    }

    private static void contract(InsideMain inside) throws IllegalAccessException {
        for (Method method : HostCommandsContract.class.getDeclaredMethods()) {
            if (method.isAnnotationPresent(Test.class)) {
                try {
                    method.invoke(inside);
                    System.out.println("held " + method.getName());
                } catch (InvocationTargetException e) {
                    System.out.println("broken " + method.getName() + ": " + e.getCause());
                    e.getCause().printStackTrace();
                }
            }
        }
    }
}
