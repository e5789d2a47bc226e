package org.layerbook.engine.oci;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerbook.engine.oci.ContainerConfig.Healthcheck;
import org.layerbook.engine.oci.ImageConfig.History;

class ImageConfigTest {
    private static final Digest DIFF_ID = Digest.parse("sha256:" + "fb".repeat(32));

    /** Every member, in the order and form of Go's structs. */
    private static final String FULL = """
            {"architecture":"arm64","author":"A \\u003ca@b.c\\u003e","config":{"User":"1000:1000",\
            "ExposedPorts":{"443/tcp":{},"80/tcp":{}},"Env":["PATH=/bin","A=\\u0026 \\"q\\" \\\\ \\t\\n\\b\\f\\u0001\\u2028é😀"],\
            "Entrypoint":["/e"],"Cmd":["sh","-c"],"Volumes":{"/data":{}},"WorkingDir":"/w","Labels":{"a":"1","b":""},\
            "StopSignal":"SIGINT","ArgsEscaped":true,"Healthcheck":{"Test":["CMD-SHELL","true"],"Interval":30000000000,\
            "Timeout":1000000,"StartPeriod":5000000000,"StartInterval":1,"Retries":3},"OnBuild":["RUN x"],\
            "Shell":["/bin/bash","-c"]},"created":"2026-11-22T17:23:25.041634052Z",\
            "history":[{"created":"2026-11-22T17:23:25.5+02:00","created_by":"RUN a \\u0026\\u0026 b # buildkit","author":"x",\
            "comment":"buildkit.dockerfile.v0"},{"created_by":"CMD [\\"sh\\"]","empty_layer":true}],"os":"linux",\
            "rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"variant":"v8"}""".formatted("fb".repeat(32));

    @Test
    void readsAndWritesEveryMemberAsGoDoes() throws IOException {
        ImageConfig image = parse(FULL);
        assertEquals(FULL, text(image.toJson()));
        assertEquals(new Platform("linux", "arm64", Optional.of("v8")), image.platform());
        ContainerConfig config = image.config();
        assertEquals(Optional.of(List.of("sh", "-c")), config.cmd());
        assertEquals(List.of("80/tcp", "443/tcp").stream().sorted().toList(), List.copyOf(config.exposedPorts()));
        assertEquals(
                Optional.of(new Healthcheck(
                        List.of("CMD-SHELL", "true"),
                        Duration.ofSeconds(30),
                        Duration.ofMillis(1),
                        Duration.ofSeconds(5),
                        Duration.ofNanos(1),
                        3)),
                config.healthcheck());
        assertEquals("A=& \"q\" \\ \t\n\b\f\u0001\u2028é😀", config.env().get(1));
        assertEquals(
                Optional.of("RUN a && b # buildkit"), image.history().getFirst().createdBy());
    }

    @Test
    void leavesOutWhatIsEmpty() {
        var image = new ImageConfig(
                new Platform("linux", "amd64"),
                Optional.empty(),
                Optional.empty(),
                ContainerConfig.EMPTY.withCmd(Optional.of(List.of())),
                List.of(),
                List.of());
        assertEquals(
                "{\"architecture\":\"amd64\",\"config\":{},\"created\":null,\"history\":null,\"os\":\"linux\","
                        + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":null}}",
                text(image.toJson()));
    }

    @Test
    void keysOfMapsAreSortedByTheirUtf8Bytes() {
        var config = ContainerConfig.EMPTY.withLabels(Map.of("😀", "4", "\uffee", "3", "b", "2", "B", "1"));
        assertEquals("{\"Labels\":{\"B\":\"1\",\"b\":\"2\",\"\uffee\":\"3\",\"😀\":\"4\"}}", text(config.toJson()));
    }

    @Test
    void readsWhatDockerEnginesWrite() throws IOException {
        ImageConfig image = parse("""
            {"architecture":"amd64","config":{"Hostname":"","Domainname":"","User":"","AttachStdin":false,"Env":null,
             "Cmd":null,"Entrypoint":[],"Image":"sha256:0","Volumes":null,"Labels":null,"OnBuild":null},
             "container":"abc","container_config":{"Cmd":["x"]},"docker_version":"20.10","id":"x","unknown":[{"a":1.5e300}],
             "created":"2020-01-01T00:00:00Z","history":[{"created":"2020-01-01T00:00:00Z","created_by":"/bin/sh -c #(nop)"}],
             "os":"linux","rootfs":{"type":"layers","diff_ids":["%s"]}}""".formatted(DIFF_ID));
        assertEquals(Optional.empty(), image.config().cmd());
        assertEquals(Optional.of(List.of()), image.config().entrypoint());
        assertEquals(List.of(), image.config().env());
        assertEquals(List.of(DIFF_ID), image.diffIds());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | image config: is empty",
                "nonsense | image config: line 1, column 1: not valid JSON: Unrecognized token 'nonsense'",
                "{} x | image config: line 1",
                "[] | image config: expected an object, found an array",
                "{} | image config: \"rootfs\" is missing",
                "{\"rootfs\":{\"diff_ids\":[\"sha256:12\"]}} | image config: rootfs.diff_ids[0]: invalid digest: sha256:12",
                "{\"rootfs\":{},\"config\":{\"Env\":[\"a\",1]}} | image config: config.Env[1]: expected a string, found a number",
                "{\"rootfs\":{},\"config\":{\"Labels\":[]}} | image config: config.Labels: expected an object, found an array",
                "{\"rootfs\":{},\"config\":{\"Healthcheck\":{\"Retries\":1.5}}} | image config: config.Healthcheck.Retries: expected an integer, found the number 1.5",
            })
    void saysWhatIsWrongAndWhere(String json, String message) {
        var e = assertThrows(MalformedException.class, () -> parse(json));
        assertEquals(
                message,
                e.getMessage()
                        .substring(0, Math.min(message.length(), e.getMessage().length())));
    }

    @Test
    void deepNestingIsRefused() {
        assertThrows(MalformedException.class, () -> parse("[".repeat(100_000)));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-02T03:04:05Z, 2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05.100Z, 2026-01-02T03:04:05.1Z",
        "2026-01-02T03:04:05.000Z, 2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05.120+00:00, 2026-01-02T03:04:05.12Z",
        "2026-01-02T03:04:05.120-02:30, 2026-01-02T03:04:05.12-02:30",
        "yesterday, yesterday",
    })
    void timesAreWrittenAsGoWritesThem(String read, String written) {
        assertEquals(written, ImageConfigWire.goTime(read));
    }

    @Test
    void whateverIsWrittenIsReadBackTheSame() throws IOException {
        var random = new Random(7);
        for (int i = 0; i < 500; i++) {
            ImageConfig image = randomImage(random);
            ImageConfig read = ImageConfig.parse(image.toJson());
            assertEquals(image, read);
            assertArrayEquals(image.toJson(), read.toJson());
        }
    }

    private static ImageConfig randomImage(Random random) {
        List<History> history = IntStream.range(0, random.nextInt(3))
                .mapToObj(i -> new History(
                        maybe(random, "2026-01-02T03:04:05.5Z"),
                        maybe(random, word(random)),
                        maybe(random, word(random)),
                        maybe(random, word(random)),
                        random.nextBoolean()))
                .toList();
        var config = new ContainerConfig(
                word(random),
                Set.of(word(random)),
                words(random),
                some(random),
                some(random),
                Set.copyOf(words(random)),
                word(random),
                Map.of(word(random), word(random)),
                maybe(random, word(random)),
                random.nextBoolean()
                        ? Optional.empty()
                        : Optional.of(new Healthcheck(
                                words(random),
                                Duration.ofNanos(random.nextLong()),
                                Duration.ZERO,
                                Duration.ofHours(1),
                                Duration.ZERO,
                                random.nextInt())),
                words(random),
                some(random),
                random.nextBoolean());
        return new ImageConfig(
                new Platform("linux", "amd64", maybe(random, "v3")),
                maybe(random, "2026-01-02T03:04:05Z"),
                maybe(random, word(random)),
                config,
                random.nextBoolean() ? List.of() : List.of(DIFF_ID, DIFF_ID),
                history);
    }

    private static String word(Random random) {
        var text = new StringBuilder("x");
        for (int n = random.nextInt(8); n > 0; n--) {
            int c = random.nextInt(4) == 0 ? random.nextInt(0x11000) : random.nextInt(0x80);
            text.appendCodePoint(c >= 0xD800 && c <= 0xDFFF ? 0x1F600 : c);
        }
        return text.toString();
    }

    private static List<String> words(Random random) {
        return IntStream.range(0, random.nextInt(3))
                .mapToObj(i -> i + word(random))
                .toList();
    }

    private static Optional<List<String>> some(Random random) {
        return Optional.of(words(random)).filter(list -> !list.isEmpty());
    }

    private static Optional<String> maybe(Random random, String text) {
        return random.nextBoolean() ? Optional.of(text) : Optional.empty();
    }

    private static ImageConfig parse(String json) throws MalformedException {
        return ImageConfig.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }
}
