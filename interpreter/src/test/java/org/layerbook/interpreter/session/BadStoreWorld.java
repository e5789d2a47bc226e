package org.layerbook.interpreter.session;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.layerbook.engine.Engine;
import org.layerbook.engine.linux.Trees;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.store.Identity;
import org.layerbook.engine.store.Store;
import org.layerbook.interpreter.CellResult;
import org.layerbook.interpreter.Interpreter;
import org.layerbook.interpreter.Interpreter.CellRequest;
import org.layerbook.interpreter.session.engine.LocalEngine;
import org.layerbook.interpreter.testing.SessionScript;

/** A store with all that a store can hold, and what happens when something in it is bad. */
final class BadStoreWorld {
    /** Far more than any of the cells takes: what takes longer hangs. */
    private static final int HANGING_SECONDS = 60;

    private static final Pattern NO_SENTENCE =
            Pattern.compile("internal error|Exception|OutOfMemory|\\bat org\\.layerbook|StackOverflow|\\bnull\\b");

    private static final List<String> CELLS = List.of(
            "docker images",
            "docker history app:1",
            "docker inspect app:1",
            "docker tag app:1 fresh:1",
            "docker build -t app:2 work",
            "docker build -t app:3 -f work/More work",
            "docker save -o app.tar app:1",
            "docker system df -v",
            "docker buildx du",
            "docker buildx ls",
            "%files app:1",
            "docker rmi other:2",
            "docker image prune -f",
            "docker builder prune -f",
            "docker system prune -f");

    private final Path folder;
    private final Path whole;
    private final Path home;
    private final Path elsewhere;
    private final Path work;

    BadStoreWorld(Path folder) throws IOException {
        this.folder = folder;
        this.whole = folder.resolve("whole");
        this.home = folder.resolve("store");
        this.elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        this.work = Files.createDirectory(folder.resolve("work"));
        Files.writeString(elsewhere.resolve("file"), "not ours");
        Files.writeString(Files.createDirectory(elsewhere.resolve("aa")).resolve("b"), "not ours either");
        Files.writeString(work.resolve("a.txt"), "hello\n");
        String start = "FROM base\nCOPY . /src\nRUN --mount=type=cache,target=/c echo x >> /c/y\n";
        Files.writeString(work.resolve("Dockerfile"), start + "LABEL a=b\n");
        Files.writeString(work.resolve("More"), start + "RUN --mount=type=cache,target=/c echo more > /more\n");
    }

    /** Builds, tags, saves; and puts there what processes leave that were killed. */
    void fill() throws Exception {
        Thread.sleep(200); // what has just been written is not remembered of a context
        try (Interpreter session = open(whole)) {
            Path root = Files.createDirectories(folder.resolve("root/bin"));
            Files.copy(WithBusybox.PROGRAM, root.resolve("busybox"));
            Files.createSymbolicLink(root.resolve("sh"), Path.of("busybox"));
            Files.createSymbolicLink(root.resolve("echo"), Path.of("busybox"));
            Files.writeString(folder.resolve("Base"), "FROM scratch\nCOPY . /\n");
            Files.createDirectories(folder.resolve("kept"));
            Files.writeString(folder.resolve("kept/Dockerfile"), "FROM scratch\nCOPY Dockerfile /kept\n");
            for (String cell : List.of(
                    "docker build -t base -f Base root",
                    "docker build -t keep:1 kept",
                    "docker build -t app:1 work",
                    "docker tag app:1 other:2",
                    "docker buildx create --name mine",
                    "FROM base\nRUN echo cell > /cell",
                    "docker save -o first.tar app:1 keep:1",
                    "docker images")) {
                assertInstanceOf(CellResult.Ok.class, run(session, cell), cell);
            }
        }
        try (Store store = Store.open(whole, Identity.current())) {
            Digest keep = store.names().list().getFirst().image();
            // So many that lists have an index.
            for (int i = 0; i < 140; i++) {
                store.names().set(org.layerbook.engine.oci.Reference.parse("many:" + i), keep);
            }
            Thread.sleep(300); // so that the folders have settled
            store.images().list();
        }
        // Images are too few for an index of their own.
        Files.copy(whole.resolve("index/names"), whole.resolve("index/images"));
        String dead = "00000000-0000-0000-0000-000000000000";
        Files.createDirectories(whole.resolve("tmp/" + dead));
        Files.writeString(whole.resolve("tmp/" + dead + "/half"), "half");
        Files.createFile(whole.resolve("tmp/" + dead + ".lock"));
        Files.createDirectories(whole.resolve("leases"));
        Files.writeString(whole.resolve("leases/" + dead), "session session\n");
        Files.createFile(whole.resolve("leases/" + dead + ".lock"));
        Files.createDirectories(whole.resolve("garbage"));
        Files.createFile(whole.resolve("garbage/" + dead));
        Files.createFile(whole.resolve("collecting"));
        Files.writeString(whole.resolve("history"), "docker images\n");
    }

    List<String> places() throws IOException {
        return StorePlaces.of(whole);
    }

    /** Another folder in the place of one, or an empty file in that of an empty one, is nothing bad that could be seen. */
    boolean differs(String place, BadFile bad) throws IOException {
        Path original = whole.resolve(place);
        return StorePlaces.isFolder(original)
                ? bad != BadFile.FOLDER
                : bad != BadFile.EMPTY || Files.size(original) > 0;
    }

    /** What was wrong. */
    List<String> run(String place, BadFile bad) throws Exception {
        var problems = new ArrayList<String>();
        copy(whole, home);
        Path target = home.resolve(place);
        Path original = folder.resolve("original");
        Files.move(target, original);
        bad.make(target, original, elsewhere);
        var told = new FutureTask<>(() -> session(CELLS));
        Thread.ofPlatform().daemon().start(told); // which may never end
        try {
            told.get(HANGING_SECONDS, TimeUnit.SECONDS).forEach((cell, said) -> {
                if (NO_SENTENCE.matcher(said).find() || said.isBlank()) {
                    problems.add(cell + " says: " + said);
                }
            });
        } catch (TimeoutException e) {
            throw new AssertionError(place + " as " + bad + " hangs", e);
        } catch (ExecutionException e) {
            problems.add(trace(e.getCause()));
        }
        verify().ifPresent(problems::add);
        if (!Files.readString(elsewhere.resolve("file")).equals("not ours")
                || !Files.readString(elsewhere.resolve("aa/b")).equals("not ours either")) {
            problems.add("changes what a link leads to");
        }
        putBack(target, original);
        for (var said : session(List.of("docker save -o kept.tar keep:1", "docker build -t app:1 work"))
                .entrySet()) {
            if (!said.getValue().isEmpty() && !said.getValue().equals("ok")) {
                problems.add("put back, " + said.getKey() + " says: " + said.getValue());
            }
        }
        delete(home);
        delete(original);
        return problems;
    }

    private static String trace(Throwable fault) {
        var text = new StringWriter();
        fault.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    /** What the whole store had there, over what has been made of it since. */
    private static void putBack(Path target, Path original) throws IOException {
        if (StorePlaces.isFolder(original) && StorePlaces.isFolder(target)) {
            return; // made anew
        }
        delete(target);
        Files.createDirectories(target.getParent());
        Files.move(original, target);
    }

    private static void copy(Path from, Path to) throws Exception {
        int status = new ProcessBuilder("cp", "-a", from.toString(), to.toString())
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("cp -a " + from + " fails");
        }
    }

    private static void delete(Path what) throws IOException {
        if (Files.exists(what, LinkOption.NOFOLLOW_LINKS)) {
            Trees.delete(what);
        }
    }

    /** What each of the cells says, one session for all: {@code ok}, or how it fails. */
    private Map<String, String> session(List<String> cells) {
        var said = new LinkedHashMap<String, String>();
        try (Interpreter session = open(home)) {
            for (String cell : cells) {
                said.put(
                        cell,
                        switch (run(session, cell)) {
                            case CellResult.Failed failed -> String.join("\n", failed.details());
                            case CellResult.Ok ok -> "ok";
                        });
            }
        }
        return said;
    }

    private Interpreter open(Path store) {
        var environment = new HashMap<>(System.getenv());
        environment.put("LAYERBOOK_HOME", store.toString());
        environment.put("LAYERBOOK_ADDITIONAL_STORES", "");
        environment.remove("LAYERBOOK_RUNTIME_DIR");
        return SessionInterpreter.open(
                new SessionInterpreter.Options(folder, Optional.empty()),
                new LocalEngine(environment, new LocalHost()));
    }

    private static CellResult run(Interpreter session, String cell) {
        return session.run(new CellRequest(cell, Optional.empty(), Optional.empty()), new SessionScript.Transcript());
    }

    /** As {@code doctor --verify}: gives a list, or fails with a sentence. */
    private Optional<String> verify() {
        var environment = new HashMap<>(System.getenv());
        environment.put("LAYERBOOK_HOME", home.toString());
        environment.put("LAYERBOOK_ADDITIONAL_STORES", "");
        environment.remove("LAYERBOOK_RUNTIME_DIR");
        try (Engine engine = Engine.open(environment, new LocalHost())) {
            return engine.store().verify(engine.snapshots().collectable()).stream()
                    .map(Object::toString)
                    .filter(problem -> NO_SENTENCE.matcher(problem).find())
                    .findFirst()
                    .map(problem -> "verification says: " + problem);
        } catch (IOException e) {
            String text = String.valueOf(e.getMessage());
            return NO_SENTENCE.matcher(text).find() ? Optional.of("verification fails: " + trace(e)) : Optional.empty();
        } catch (RuntimeException | Error e) {
            return Optional.of("verification fails: " + trace(e));
        }
    }
}
