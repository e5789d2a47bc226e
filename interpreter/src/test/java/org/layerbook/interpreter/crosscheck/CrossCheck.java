package org.layerbook.interpreter.crosscheck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.layerbook.interpreter.transcript.EngineMachine;
import org.layerbook.interpreter.transcript.OurMachine;
import org.layerbook.interpreter.transcript.Script.Ran;

/** Builds one case after the other on both sides. */
final class CrossCheck implements AutoCloseable {
    private final Path work;
    private final EngineMachine engine;
    private final OurMachine ours;

    private CrossCheck(Path work, EngineMachine engine, OurMachine ours) {
        this.work = work;
        this.engine = engine;
        this.ours = ours;
    }

    static CrossCheck open(Path folder) throws IOException, InterruptedException {
        Path work = Files.createDirectories(folder.resolve("work"));
        Path theirs = Files.createDirectories(folder.resolve("engine"));
        var engine = EngineMachine.start(EngineMachine.Client.BUILDING, theirs, work);
        try {
            var ours = OurMachine.building(Files.createDirectories(folder.resolve("ours")), work);
            BaseImages.make(engine, ours, work);
            return new CrossCheck(work, engine, ours);
        } catch (IOException | RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    /**
     * What both sides gave.
     *
     * @param differences empty when nothing differs that is not explained
     * @param failed whether both sides refuse it
     */
    record Result(List<String> differences, boolean failed) {}

    Result run(Case one) throws IOException {
        one.write(work.resolve("context"));
        Ran mine = ours.runHere(one.words());
        Ran other = engine.run("DOCKER_BUILDKIT=1 docker '" + String.join("' '", one.words()) + "'");
        boolean failed = mine.status() != 0;
        if (failed != (other.status() != 0)) {
            String difference =
                    failed ? "verdict: fails: " + end(mine) + " | builds" : "verdict: builds | fails: " + end(other);
            return new Result(Explained.without(one, List.of(difference)), false);
        }
        if (failed) {
            return new Result(List.of(), true);
        }
        ours.runHere(List.of("save", "-o", "ours.tar", "cross"));
        engine.run("docker save -o theirs.tar cross");
        List<String> differences = Differences.between(
                SavedImage.read(work.resolve("ours.tar")), SavedImage.read(work.resolve("theirs.tar")));
        return new Result(Explained.without(one, differences), false);
    }

    private static String end(Ran ran) {
        String text = ran.stderr().strip();
        return text.substring(Math.max(0, text.length() - 300)).replace('\n', ' ');
    }

    /** Gives up what builds leave behind. */
    void tidy() throws IOException {
        engine.run("docker image prune -f; DOCKER_BUILDKIT=1 docker builder prune -af");
        ours.runHere(List.of("image", "prune", "-f"));
        ours.runHere(List.of("builder", "prune", "-af"));
    }

    /** A smaller case that differs in the same kind of thing. */
    Case shrink(Case large, List<String> differences) throws IOException {
        String kind = kind(differences.getFirst());
        Case small = large;
        boolean smaller = true;
        while (smaller) {
            smaller = false;
            for (Case next : fewer(small)) {
                Optional<Case> kept = Optional.of(next).filter(stillDiffers(kind));
                if (kept.isPresent()) {
                    small = kept.get();
                    smaller = true;
                    break;
                }
            }
        }
        return small;
    }

    private Predicate<Case> stillDiffers(String kind) {
        return one -> {
            try {
                return run(one).differences().stream()
                        .anyMatch(line -> kind(line).equals(kind));
            } catch (IOException e) {
                // What cannot even be written is no smaller case: a hard link to a file that is gone.
                return false;
            }
        };
    }

    private static List<Case> fewer(Case one) {
        var all = new ArrayList<Case>();
        for (int at = one.instructions().size() - 1; at >= 0; at--) {
            var lines = new ArrayList<>(one.instructions());
            lines.remove(at);
            all.add(one.with(one.files(), lines));
        }
        for (int at = one.files().size() - 1; at >= 0; at--) {
            var files = new ArrayList<>(one.files());
            files.remove(at);
            all.add(one.with(files, one.instructions()));
        }
        return all;
    }

    /** {@code "config Env"}, {@code "layer mode"}, {@code "verdict: fails"}. */
    private static String kind(String difference) {
        String what = difference.substring(0, difference.indexOf(": "));
        return switch (what.split(" ")[0]) {
            case "layer" -> "layer " + what.substring(what.lastIndexOf(' ') + 1).replaceFirst("^/.*", "");
            case "verdict" -> difference.substring(0, Math.min(difference.length(), 40));
            default -> what;
        };
    }

    @Override
    public void close() throws IOException {
        try {
            ours.close();
        } finally {
            engine.close();
        }
    }
}
