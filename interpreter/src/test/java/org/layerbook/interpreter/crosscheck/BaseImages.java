package org.layerbook.interpreter.crosscheck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.interpreter.transcript.Machine;

/** What random builds begin with: built by the engine, so that both sides have the same images. */
final class BaseImages {
    static final Path BUSYBOX = Path.of("/bin/busybox");

    private static final List<String> APPLETS = List.of(
            "sh", "cat", "chmod", "chown", "cp", "echo", "env", "find", "grep", "head", "id", "ln", "mkdir", "mv",
            "pwd", "rm", "sort", "touch", "true");

    private static final Map<String, String> DOCKERFILES =
            Map.of("plain", "FROM scratch\nCOPY root /\n", "rich", """
            FROM plain
            ENV p=base PATH=/bin:/extra
            LABEL base=1 p=base
            RUN echo rich > /etc/rich && rm /etc/motd
            USER root:extra
            WORKDIR /work
            EXPOSE 1234
            VOLUME /data
            ENTRYPOINT ["/entry"]
            CMD ["base"]
            SHELL ["/bin/sh", "-ec"]
            STOPSIGNAL SIGQUIT
            HEALTHCHECK --interval=5s CMD check
            """, "trigger", """
            FROM plain
            ONBUILD ARG p=on
            ONBUILD ENV q=$p
            ONBUILD WORKDIR /on/$q
            ONBUILD RUN echo $q > /onbuild
            ONBUILD COPY . here/
            """);

    private BaseImages() {}

    /** Builds them with {@code engine}, which runs in {@code work}, and loads them into {@code ours}, which does, too. */
    static void make(Machine engine, Machine ours, Path work) throws IOException {
        root(Files.createDirectories(work.resolve("base/root")));
        for (String name : List.of("plain", "rich", "trigger")) {
            Files.writeString(work.resolve("base/Dockerfile"), DOCKERFILES.get(name));
            must(engine, "DOCKER_BUILDKIT=1 docker build --network=host -t " + name + " base");
        }
        must(engine, "docker save -o base.tar plain rich trigger");
        must(ours, "docker load -i base.tar");
    }

    private static void must(Machine machine, String line) throws IOException {
        var ran = machine.run(line);
        if (ran.status() != 0) {
            throw new IOException(line + ": " + ran.text());
        }
    }

    private static void root(Path root) throws IOException {
        for (String folder : List.of("bin", "etc", "real", "tmp", "proc", "sys", "dev")) {
            LinuxFiles.mkdir(root.resolve(folder), 0755);
            LinuxFiles.chmodFollowing(root.resolve(folder), folder.equals("tmp") ? 01777 : 0755);
        }
        Files.copy(BUSYBOX, root.resolve("bin/busybox"));
        for (String applet : APPLETS) {
            LinuxFiles.symlink("busybox", root.resolve("bin").resolve(applet));
        }
        Files.writeString(
                root.resolve("etc/passwd"),
                "root:x:0:0:root:/root:/bin/sh\nme:x:7:8::/home/me:/bin/sh\nnb:x:70:80::/:/bin/sh\n");
        Files.writeString(root.resolve("etc/group"), "root:x:0:\nours:x:8:\nextra:x:9:me\n");
        // Where a runtime mounts them; without them an old engine leaves their folder in every RUN's layer.
        Files.writeString(root.resolve("etc/hosts"), "");
        Files.writeString(root.resolve("etc/resolv.conf"), "");
        Files.writeString(root.resolve("etc/motd"), "hello\n");
        Files.writeString(root.resolve("real/x"), "x\n");
        LinuxFiles.symlink("/real", root.resolve("dirlink"));
        LinuxFiles.symlink("/etc/motd", root.resolve("filelink"));
        LinuxFiles.symlink("/nowhere", root.resolve("dangling"));
        LinuxFiles.symlink("etc", root.resolve("abs"));
    }
}
