package org.layerbook.interpreter.crosscheck;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
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
    private static final int MOST_TRIES = 20;

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
     * @param said why, if so
     */
    record Result(List<String> differences, boolean failed, String said) {}

    Result run(Case one) throws IOException {
        one.write(work.resolve("context"));
        // What was built before is not to be taken for what is built now.
        engine.run("docker rmi -f cross");
        ours.runHere(List.of("rmi", "-f", "cross"));
        Ran mine = ours.runHere(one.words());
        Ran other = engine.run("DOCKER_BUILDKIT=1 docker '" + String.join("' '", one.words()) + "'");
        if (other.status() != 0 && !engine.answers()) {
            throw new IOException("the engine is gone: " + other.text());
        }
        boolean failed = mine.status() != 0;
        if (failed != (other.status() != 0)) {
            String difference = failed
                    ? Differences.line("verdict", "fails: " + end(mine), "builds")
                    : Differences.line("verdict", "builds", "fails: " + end(other));
            return new Result(Explained.without(one, List.of(difference)), false, "");
        }
        if (failed) {
            return new Result(List.of(), true, end(mine) + "\n  " + end(other));
        }
        List<String> save = List.of("save", "-o", "ours.tar", "cross");
        Ran saved = ours.runHere(save);
        Ran otherSaved = engine.run("docker save -o theirs.tar cross");
        if (saved.status() != 0 || otherSaved.status() != 0) {
            String difference = Differences.line("saved", saved.text(), otherSaved.text());
            return new Result(Explained.without(one, List.of(difference)), false, "");
        }
        List<String> differences = Differences.between(
                SavedImage.read(work.resolve("ours.tar")), SavedImage.read(work.resolve("theirs.tar")));
        return new Result(Explained.without(one, differences), false, "");
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
        int tries = 0;
        while (smaller) {
            smaller = false;
            for (Case next : fewer(small)) {
                if (++tries > MOST_TRIES) {
                    return small;
                }
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
            } catch (FileSystemException e) {
                // What cannot even be written is no smaller case: a file whose folder is gone.
                return false;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    /** Without some of it: first much, then little. */
    private static List<Case> fewer(Case one) {
        var all = new ArrayList<Case>();
        int most = Math.max(one.instructions().size(), one.files().size());
        for (int size = Math.max(1, most / 2); size > 0; size /= 2) {
            for (int end = one.files().size(); end > 0; end -= size) {
                all.add(one.with(without(one.files(), end - size, end), one.instructions()));
            }
            for (int end = one.instructions().size(); end > 0; end -= size) {
                all.add(one.with(one.files(), without(one.instructions(), end - size, end)));
            }
        }
        return all;
    }

    private static <T> List<T> without(List<T> list, int from, int to) {
        var rest = new ArrayList<>(list);
        rest.subList(Math.max(0, from), to).clear();
        return rest;
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
