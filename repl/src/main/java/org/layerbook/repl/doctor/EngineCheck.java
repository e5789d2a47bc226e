package org.layerbook.repl.doctor;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.layerbook.engine.Engine;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.linux.Trees;
import org.layerbook.engine.sandbox.Sandbox;
import org.layerbook.engine.sandbox.selection.SandboxTrial;
import org.layerbook.engine.sandbox.selection.Sandboxes;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.engine.store.Problem;
import org.layerbook.engine.store.Store;
import org.layerbook.interpreter.view.layout.DockerUnits;

/** What holds images, what runs processes, and what there is. */
final class EngineCheck {
    /** Less free space than this is said. */
    private static final long LITTLE_BYTES = 2_000_000_000;

    private static final int MOST_PROBLEMS = 20;

    private EngineCheck() {}

    /** @param verify whether every blob is read, which takes as long as reading the disk takes */
    static List<Finding> findings(Map<String, String> environment, HostCommands host, boolean verify) {
        try (Engine engine = Engine.open(environment, host)) {
            var findings = new ArrayList<Finding>();
            findings.add(snapshots(engine.snapshots(), engine.store().home()));
            findings.add(runtime(
                    engine.sandbox(), engine.notes(), engine.store().temp().directory()));
            findings.add(ContainerCheck.finding(engine.containers(), environment));
            findings.add(store(engine));
            leftovers(engine.store()).ifPresent(findings::add);
            engine.store().additional().forEach(additional -> findings.add(additional(additional)));
            if (verify) {
                findings.add(verified(engine));
            }
            return findings;
        } catch (IOException e) {
            return List.of(runtimeWithoutStore(environment), Finding.broken("store", message(e)));
        }
    }

    private static String message(IOException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    /** Where mounts are refused, the finding on isolation says what helps. */
    private static Finding snapshots(Snapshots snapshots, Path home) throws IOException {
        String description = snapshots.description();
        if (snapshots.driver().equals("overlayfs")) {
            return Finding.good("snapshots", description);
        }
        String type = Files.getFileStore(home).type();
        return type.equals("overlay")
                ? Finding.weak(
                        "snapshots",
                        description,
                        "The store is on the container's own overlayfs: put it on a volume (`docker run -v"
                                + " layerbook:/store -e LAYERBOOK_HOME=/store`), where overlayfs can be mounted if"
                                + " mounts are allowed.")
                : Finding.weak("snapshots", description);
    }

    /**
     * What was remembered to work is tried: one command is run.
     *
     * @param notes why nothing better was found; of no interest where the best is there
     */
    private static Finding runtime(Sandbox sandbox, List<String> notes, Path folder) throws IOException {
        String description = sandbox.description();
        Optional<String> failure = SandboxTrial.failure(sandbox, folder);
        if (failure.isPresent()) {
            var all = new ArrayList<>(notes);
            if (!notes.contains(failure.get()) && !description.startsWith("none")) {
                all.add("A test command failed: " + failure.get());
            }
            return new Finding("runtime", Finding.State.BROKEN, "RUN does not work: " + description, all);
        }
        return sandbox.weaker().isEmpty()
                ? Finding.good("runtime", description)
                : Finding.weak("runtime", description, notes.toArray(String[]::new));
    }

    /** As far as it can be told when there is no place to remember it. */
    private static Finding runtimeWithoutStore(Map<String, String> environment) {
        try {
            Path folder = Files.createTempDirectory("layerbook-doctor");
            try {
                var found = Sandboxes.detect(new Sandboxes.Settings(
                        environment,
                        folder.resolve("runtime"),
                        folder,
                        folder,
                        "doctor" + ProcessHandle.current().pid()));
                return runtime(found.sandbox(), found.notes(), folder);
            } finally {
                Trees.delete(folder);
            }
        } catch (IOException e) {
            return Finding.broken("runtime", "cannot be determined: " + message(e));
        }
    }

    private static Finding store(Engine engine) throws IOException {
        Store store = engine.store();
        long free = Files.getFileStore(store.home()).getUsableSpace();
        String text = "%s, %s, %s, %s; %s in total, %s free on its disk"
                .formatted(
                        store.home(),
                        count(store.images().list().size(), "image"),
                        count(engine.snapshots().collectable().list().size(), "layer"),
                        count(store.cache().list().size(), "step") + " in the cache",
                        DockerUnits.size(bytes(store.home())),
                        DockerUnits.size(free));
        return free < LITTLE_BYTES
                ? Finding.weak(
                        "store",
                        text,
                        "The disk is nearly full: free space with `docker image prune -a` and `docker builder"
                                + " prune`, or set LAYERBOOK_HOME to a directory on another disk.")
                : Finding.good("store", text);
    }

    private static Finding additional(Store.Additional additional) {
        return additional
                .problem()
                .map(problem -> Finding.weak("shared store", additional.home() + " is not used", problem))
                .orElseGet(() -> Finding.good("shared store", additional.home() + ", read-only"));
    }

    /** What killed sessions left; absent where there is nothing. */
    private static Optional<Finding> leftovers(Store store) throws IOException {
        List<Path> left = store.leftovers();
        if (left.isEmpty()) {
            return Optional.empty();
        }
        long bytes = 0;
        for (Path folder : left) {
            bytes += bytes(folder);
        }
        return Optional.of(Finding.weak(
                "leftovers",
                "temporary files of " + count(left.size(), "session") + " that did not exit properly, "
                        + DockerUnits.size(bytes),
                "`docker system prune` removes them; any session does so after a few seconds."));
    }

    private static String count(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    /** What files hold, mounted roots of other sessions left out. */
    private static long bytes(Path home) throws IOException {
        Object disk = Files.getAttribute(home, "unix:dev");
        var sum = new AtomicLong();
        Files.walkFileTree(home, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                boolean same = Files.getAttribute(folder, "unix:dev").equals(disk);
                return same ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                sum.addAndGet(attributes.isRegularFile() ? attributes.size() : 0);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                // Another session has just taken it away.
                return FileVisitResult.CONTINUE;
            }
        });
        return sum.get();
    }

    private static Finding verified(Engine engine) throws IOException {
        List<Problem> problems = engine.store().verify(engine.snapshots().collectable());
        if (problems.isEmpty()) {
            return Finding.good("verified", "every digest and reference in the store is correct");
        }
        var notes = new ArrayList<String>();
        problems.stream().limit(MOST_PROBLEMS).forEach(p -> notes.add(p.toString()));
        if (problems.size() > MOST_PROBLEMS) {
            notes.add("and " + (problems.size() - MOST_PROBLEMS) + " more");
        }
        notes.add("Remove damaged images with `docker rmi`, then load or build them again.");
        return new Finding(
                "verified", Finding.State.BROKEN, "the store is damaged: " + count(problems.size(), "problem"), notes);
    }
}
