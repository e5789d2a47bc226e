package org.layerbook.interpreter.transcript;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.layerbook.engine.oci.Digest;

/**
 * The images that tutorials work with, made up, as one archive that {@code docker load} takes: several names for one
 * image, layers that images share, one without a name, and every field that a config can have.
 */
final class TutorialImages {
    private final Instant now;
    private final List<String> manifest = new ArrayList<>();
    private final Set<String> written = new HashSet<>();
    private final TarArchiveOutputStream tar;

    private TutorialImages(TarArchiveOutputStream tar, Instant now) {
        this.tar = tar;
        this.now = now;
    }

    /** A layer of one file. */
    private record Layer(String path, int size, String by) {}

    /** @param now what the images' ages count from */
    static void write(Path file, Instant now) throws IOException {
        try (var tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
            new TutorialImages(tar, now).writeAll();
        }
    }

    private void writeAll() throws IOException {
        var busybox = new Layer("bin/busybox", 1_024_000, "/bin/sh -c #(nop) ADD file:4b in / ");
        var alpine =
                new Layer("lib/apk/db/installed", 234_500, "ADD alpine-minirootfs-3.19.1-x86_64.tar.gz / # buildkit");
        var python = new Layer(
                "usr/local/bin/python3.12",
                321_000,
                "RUN /bin/sh -c set -eux; apk add --no-cache " + "ca-certificates tzdata; # buildkit");
        var app = new Layer("app/app.py", 1_234, "COPY . /app # buildkit");
        var packages =
                new Layer("app/lib/flask.py", 12_000, "RUN /bin/sh -c pip install -r requirements.txt # buildkit");

        image(
                "2 years",
                days(800),
                List.of("hello-world:latest"),
                """
                {"Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],"Cmd":["/hello"],"WorkingDir":"/"}""",
                List.of(new Layer("hello", 13_256, "COPY hello / # buildkit")),
                "CMD [\"/hello\"]");
        image(
                "busybox",
                days(500),
                List.of("busybox:1.36", "busybox:latest"),
                """
                {"Cmd":["sh"]}""",
                List.of(busybox),
                "/bin/sh -c #(nop)  CMD [\"sh\"]");
        image("alpine", days(95), List.of("alpine:3.19", "alpine:latest"), """
                {"Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],"Cmd":["/bin/sh"]}""", List.of(alpine), "CMD [\"/bin/sh\"]");
        image(
                "python",
                days(40),
                List.of("python:3.12-alpine"),
                """
                {"Env":["PATH=/usr/local/bin:/usr/bin:/bin","LANG=C.UTF-8","PYTHON_VERSION=3.12.4"],"Cmd":["python3"]}""",
                List.of(alpine, python),
                "ENV LANG=C.UTF-8",
                "ENV PYTHON_VERSION=3.12.4",
                "CMD [\"python3\"]");
        image(
                "nginx",
                days(16),
                List.of("nginx:alpine", "nginx:1.25", "registry.example.com:5000/mirror/nginx:1.25"),
                """
                {"ExposedPorts":{"80/tcp":{},"443/tcp":{}},"Env":["PATH=/usr/local/sbin:/usr/bin","NGINX_VERSION=1.25.4"],\
                "Entrypoint":["/docker-entrypoint.sh"],"Cmd":["nginx","-g","daemon off;"],\
                "Labels":{"maintainer":"NGINX Docker Maintainers \\u003cdocker-maint@nginx.com\\u003e"},"StopSignal":"SIGQUIT"}""",
                List.of(alpine, new Layer("usr/sbin/nginx", 180_000, "RUN /bin/sh -c apk add nginx # buildkit")),
                "LABEL maintainer=NGINX Docker Maintainers <docker-maint@nginx.com>",
                "EXPOSE map[443/tcp:{} 80/tcp:{}]",
                "STOPSIGNAL SIGQUIT",
                "CMD [\"nginx\" \"-g\" \"daemon off;\"]");
        image(
                "old",
                Duration.ofHours(50),
                List.of(),
                """
                {"Env":["PATH=/usr/local/bin:/usr/bin:/bin"],"Cmd":["python3","app.py"],"WorkingDir":"/app",\
                "Labels":{"com.example.version":"0.9","stage":"test"}}""",
                List.of(alpine, python, app),
                "CMD [\"python3\" \"app.py\"]");
        String friendly = """
                {"User":"app","ExposedPorts":{"5000/tcp":{}},"Env":["PATH=/usr/local/bin:/usr/bin:/bin","NAME=World"],\
                "Cmd":["python3","app.py"],"Healthcheck":{"Test":["CMD-SHELL","wget -q http://localhost:5000/ || exit 1"],\
                "Interval":30000000000,"Timeout":3000000000,"Retries":3},"Volumes":{"/data":{}},"WorkingDir":"/app",\
                "OnBuild":["COPY . /app"],"Shell":["/bin/ash","-c"],\
                "Labels":{"com.example.version":"1.0","com.example.team":"web","stage":"prod"}}""";
        image(
                "app",
                Duration.ofMinutes(200),
                List.of("friendlyhello:latest", "gordon/get-started:part2"),
                friendly,
                List.of(alpine, python, app, packages),
                "ENV NAME=World",
                "EXPOSE map[5000/tcp:{}]",
                "CMD [\"python3\" \"app.py\"]");
        image(
                "app2",
                Duration.ofSeconds(150),
                List.of("myapp:1.0", "myapp:latest"),
                """
                {"Env":["PATH=/usr/local/bin:/usr/bin:/bin"],"Cmd":["python3","app.py"],"WorkingDir":"/app",\
                "Labels":{"com.example.version":"1.0","com.example.team":"web"}}""",
                List.of(alpine, python, app, new Layer("app/config.json", 77, "COPY config.json /app/ # buildkit")),
                "WORKDIR /app",
                "CMD [\"python3\" \"app.py\"]");
        file("manifest.json", ("[" + String.join(",", manifest) + "]").getBytes(StandardCharsets.UTF_8));
    }

    private static Duration days(int days) {
        return Duration.ofDays(days).plusHours(7);
    }

    private void image(String name, Duration age, List<String> tags, String config, List<Layer> layers, String... empty)
            throws IOException {
        String created = now.minus(age).toString();
        var diffs = new ArrayList<String>();
        var history = new ArrayList<String>();
        var files = new ArrayList<String>();
        for (Layer layer : layers) {
            byte[] blob = tarOf(layer);
            String hex = Digest.sha256(blob).hex();
            diffs.add("\"sha256:" + hex + "\"");
            files.add("\"" + hex + "/layer.tar\"");
            history.add(history(created, layer.by(), false));
            if (written.add(hex)) {
                file(hex + "/layer.tar", blob);
            }
        }
        for (String by : empty) {
            history.add(history(created, by, true));
        }
        String text = """
                {"architecture":"amd64","config":%s,"created":"%s","history":[%s],"os":"linux",\
                "rootfs":{"type":"layers","diff_ids":[%s]}}""".formatted(config, created, String.join(",", history), String.join(",", diffs));
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        String hex = Digest.sha256(bytes).hex();
        file(hex + ".json", bytes);
        String named = tags.isEmpty() ? "null" : "[\"" + String.join("\",\"", tags) + "\"]";
        manifest.add("{\"Config\":\"%s.json\",\"RepoTags\":%s,\"Layers\":[%s]}"
                .formatted(hex, named, String.join(",", files)));
    }

    private static String history(String created, String by, boolean empty) {
        return "{\"created\":\"%s\",\"created_by\":\"%s\"%s}"
                .formatted(
                        created,
                        by.replace("\\", "\\\\").replace("\"", "\\\""),
                        (by.contains("buildkit") || by.startsWith("/bin/sh")
                                        ? ""
                                        : ",\"comment\":\"buildkit.dockerfile.v0\"")
                                + (empty ? ",\"empty_layer\":true" : ""));
    }

    private static byte[] tarOf(Layer layer) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes)) {
            entry(tar, layer.path(), new byte[layer.size()]);
        }
        return bytes.toByteArray();
    }

    private void file(String name, byte[] content) throws IOException {
        entry(tar, name, content);
    }

    private static void entry(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        var entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        entry.setLastModifiedTime(FileTime.fromMillis(0));
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
