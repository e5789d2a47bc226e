package org.layerbook.engine.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.image.CollectableSnapshots;
import org.layerbook.engine.image.GcRoot;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.image.Lease;
import org.layerbook.engine.image.Names;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.MediaTypes;
import org.layerbook.engine.oci.Reference;

/** One store used, and left by force, by several processes. */
@Timeout(120)
class ManyProcessesTest {
    private static final int NAMES = 7;

    @TempDir
    Path folder;

    /** What a killed process had finished is there, what it had not is not to be seen, and what it left goes. */
    @Test
    void killedAtAnyMomentTheStoreIsWhole() throws Exception {
        var random = new Random(1);
        Map<String, Integer> finished = new HashMap<>();
        for (int round = 0; round < 5; round++) {
            List<Child> children = new ArrayList<>();
            for (String who : List.of("a", "b")) {
                children.add(new Child("work", folder.toString(), who, "" + finished.getOrDefault(who, 0)));
            }
            for (Child child : children) {
                child.readLines(1 + random.nextInt(40));
                child.process.toHandle().destroyForcibly(); // Process would close its output too
            }
            for (Child child : children) {
                child.readLines(Integer.MAX_VALUE);
                String who = child.who;
                finished.merge(who, child.lines.size(), Integer::sum);
                check(who, finished.get(who));
            }
        }
    }

    private void check(String who, int finished) throws IOException {
        try (Store store = Store.open(folder, TestImages.IDENTITY)) {
            assertEquals(List.of(), store.verify(CollectableSnapshots.NONE));
            for (int i = Math.max(0, finished - NAMES + 1); i < finished; i++) { // all but the one being changed
                Optional<Digest> image = store.names().get(name(who, i)).map(Names.Name::image);
                assertEquals(Optional.of(image(store, who, i).id()), image, who + i);
            }
            store.collector(CollectableSnapshots.NONE).collect();
            assertEquals(List.of(), store.verify(CollectableSnapshots.NONE));
        }
    }

    @Test
    void whatDeadProcessesLeftIsRemoved() throws Exception {
        var child = new Child("hang", folder.toString(), "a");
        child.readLines(1);
        try (Store store = Store.open(folder, TestImages.IDENTITY)) {
            assertEquals(0, store.collector(CollectableSnapshots.NONE).collect().blobs(), "its lease holds");
            assertEquals(2, entries("leases"));
            assertEquals(4, entries("tmp"), "its folder and ours, each with a lock");
            assertEquals(Optional.empty(), store.locks().tryLock("held"));
            child.process.destroyForcibly().waitFor();
            assertTrue(store.locks().tryLock("held").isPresent());
            assertEquals(1, store.collector(CollectableSnapshots.NONE).collect().blobs());
            assertEquals(0, entries("leases"));
            assertEquals(2, entries("tmp"));
        }
        assertEquals(0, entries("tmp"));
    }

    /** As a session holds what its cells stand on, while another prunes. */
    @Test
    void aSessionsLeaseHoldsAgainstTheCollectorOfAnotherProcess() throws Exception {
        Digest held;
        Digest other;
        try (Store store = Store.open(folder, TestImages.IDENTITY)) {
            held = store.content().put("held".getBytes(StandardCharsets.UTF_8));
            other = store.content().put("other".getBytes(StandardCharsets.UTF_8));
        }
        var child = new Child("session", folder.toString(), held.toString());
        child.readLines(1);
        try (Store store = Store.open(folder, TestImages.IDENTITY)) {
            Collector.Collected collected =
                    store.collector(CollectableSnapshots.NONE).collect();
            assertEquals(1, collected.blobs());
            assertEquals(1, collected.spared());
            assertTrue(store.content().contains(held));
            assertTrue(!store.content().contains(other));
            child.process.destroyForcibly().waitFor();
            assertEquals(1, store.collector(CollectableSnapshots.NONE).collect().blobs());
        }
    }

    private static void session(Path home, Digest held) throws IOException {
        Store store = Store.open(home, TestImages.IDENTITY);
        Lease lease = store.leases().session("session");
        try (Lease operation = store.leases().operation("build")) {
            operation.keep(GcRoot.blob(held));
        }
        lease.replace(List.of(GcRoot.blob(held)));
        System.out.println("holds");
        System.in.read();
    }

    private int entries(String name) {
        return folder.resolve(name).toFile().list().length;
    }

    @Test
    void aLockKeepsThreadsAndProcessesApart() throws Exception {
        Path counter = Files.writeString(folder.resolve("counter"), "0");
        Path home = folder.resolve("store");
        var children = List.of(
                new Child("count", home.toString(), counter.toString()),
                new Child("count", home.toString(), counter.toString()));
        var threads = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < 2; i++) {
            threads.add(CompletableFuture.runAsync(() -> {
                try {
                    count(home, counter);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }));
        }
        for (var thread : threads) {
            thread.get();
        }
        for (Child child : children) {
            assertEquals(0, child.process.waitFor());
        }
        assertEquals("400", Files.readString(counter));
    }

    /** The kernel sees two processes that wait for each other, where four threads will all go on. */
    @Test
    void threadsOfTwoProcessesThatWaitCrosswiseAllGoOn() throws Exception {
        var child = new Child("cross", folder.toString(), "");
        child.readLines(1);
        try (Store store = Store.open(folder, TestImages.IDENTITY)) {
            var mine = store.locks().lock("x");
            var crossed = CompletableFuture.runAsync(() -> {
                try {
                    store.locks().lock("y").close();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            var toChild = child.process.outputWriter();
            toChild.write("wait for x\n");
            toChild.flush();
            child.readLines(2);
            mine.close();
            child.readLines(3);
            assertEquals(List.of("has y", "waits", "got x"), child.lines);
            assertTrue(!crossed.isDone());
            toChild.write("let y go\n");
            toChild.flush();
            crossed.get();
        }
        assertEquals(0, child.process.waitFor());
    }

    private static void cross(Path home) throws Exception {
        try (Store store = Store.open(home, TestImages.IDENTITY)) {
            var mine = store.locks().lock("y");
            System.out.println("has y");
            var in = new BufferedReader(new InputStreamReader(System.in));
            in.readLine();
            var waiting = new Thread(() -> {
                try {
                    System.out.println("waits");
                    store.locks().lock("x").close();
                    System.out.println("got x");
                } catch (IOException e) {
                    System.out.println(e);
                }
            });
            waiting.start();
            in.readLine();
            waiting.join();
            mine.close();
        }
    }

    @Test
    void aWaitEndsWhenItsThreadIsInterrupted() throws Exception {
        var child = new Child("hang", folder.toString(), "a");
        child.readLines(1);
        try (Store store = Store.open(folder, TestImages.IDENTITY)) {
            var ended = new CompletableFuture<String>();
            var waiting = new Thread(() -> {
                try {
                    ended.complete("" + store.locks().lock("held"));
                } catch (IOException e) {
                    ended.complete(e.getClass().getSimpleName()
                            + Thread.currentThread().isInterrupted());
                }
            });
            waiting.start();
            waiting.interrupt();
            assertEquals("InterruptedIOExceptiontrue", ended.get());
        } finally {
            child.process.destroyForcibly().waitFor();
        }
    }

    private static void count(Path home, Path counter) throws IOException {
        try (Store store = Store.open(home, TestImages.IDENTITY)) {
            for (int i = 0; i < 100; i++) {
                try (var _ = store.locks().lock("counter")) {
                    int value = Integer.parseInt(Files.readString(counter));
                    Files.writeString(counter, "" + (value + 1));
                }
            }
        }
    }

    private static Reference name(String who, int i) {
        return Reference.parse(who + "/name:" + i % NAMES);
    }

    private static Image image(Store store, String who, int i) throws IOException {
        byte[] content = ("layer " + i % 11).repeat(1000).getBytes(StandardCharsets.UTF_8);
        Digest blob = store.content().put(content);
        Layer layer = TestImages.layers("layer " + i % 11)[0];
        return TestImages.image(
                who + i,
                new Layer(
                        layer.diffId(),
                        layer.chainId(),
                        content.length,
                        Optional.of(new Descriptor(MediaTypes.OCI_LAYER, blob, content.length))));
    }

    /** A JVM that runs {@link #main}. */
    private static final class Child {
        private final Process process;
        private final BufferedReader out;
        private final List<String> lines = new ArrayList<>();
        private final String who;

        Child(String... arguments) throws IOException {
            var command = new ArrayList<String>(List.of(
                    ProcessHandle.current().info().command().orElseThrow(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                    ManyProcessesTest.class.getName()));
            command.addAll(List.of(arguments));
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            out = process.inputReader();
            who = arguments[2];
        }

        void readLines(int count) throws IOException {
            for (String line = ""; lines.size() < count && line != null; ) {
                line = out.readLine();
                if (line != null) {
                    lines.add(line);
                }
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "work" -> work(home, arguments[2], Integer.parseInt(arguments[3]));
            case "hang" -> hang(home);
            case "session" -> session(home, Digest.parse(arguments[2]));
            case "cross" -> cross(home);
            case "count" -> count(home, Path.of(arguments[2]));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void work(Path home, String who, int first) throws IOException {
        try (Store store = Store.open(home, TestImages.IDENTITY)) {
            for (int i = first; ; i++) {
                try (Lease _ = store.leases().operation("work " + i)) {
                    Image image = image(store, who, i);
                    store.images().put(image);
                    Optional<Digest> before = store.names().set(name(who, i), image.id());
                    store.cache()
                            .put(
                                    TestImages.digest(who + i % 5),
                                    new byte[100],
                                    image.layers().stream()
                                            .map(layer -> GcRoot.blob(
                                                    layer.blob().orElseThrow().digest()))
                                            .collect(Collectors.toSet()),
                                    List.of(who));
                    if (before.isPresent()) {
                        store.images().remove(before.get());
                    }
                }
                if (i % 4 == 0) {
                    store.collector(CollectableSnapshots.NONE).collect();
                }
                System.out.println(i);
            }
        }
    }

    private static void hang(Path home) throws Exception {
        Store store = Store.open(home, TestImages.IDENTITY);
        Lease lease = store.leases().operation("hang");
        var held = store.locks().lock("held");
        store.content().put(new byte[] {1});
        Files.writeString(store.temp().path(), "half-made");
        System.out.println("ready " + lease + held);
        System.in.read();
        new File("keeps the handles in use").delete();
    }
}
