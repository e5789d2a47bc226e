package org.layerbook.interpreter.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kind of file and folder of a store is replaced by all that it must not be, and then everything that reads the store
 * is asked for: each answers or fails with a sentence, none waits for ever, and with the file put back nothing is lost.
 *
 * <p>A sample of the cases, the same every time; {@code -Dstore.fuzz=all} runs all of them, which takes minutes,
 * and {@code -Dstore.fuzz.seed=21} takes other places.
 */
class BadStoreFilesTest {
    private static final int SAMPLE = 36;

    @TempDir
    private Path temporary;

    private record Case(String place, BadFile bad) {
        @Override
        public String toString() {
            return place + " as " + bad;
        }
    }

    @Test
    @Timeout(1800)
    void noBadFileDoesMoreThanFailOneCommand() throws Exception {
        assumeTrue(Files.isExecutable(WithBusybox.PROGRAM), "there is no busybox");
        var world = new BadStoreWorld(temporary);
        world.fill();
        List<String> kinds = world.places().stream()
                .map(StorePlaces::kind)
                .distinct()
                .sorted()
                .toList();
        List<String> expected = StorePlaces.KINDS.stream()
                .filter(kind -> kinds.contains(kind) || !StorePlaces.MACHINES.contains(kind))
                .toList();
        assertEquals(String.join("\n", expected), String.join("\n", kinds));
        List<Case> cases = cases(world.places());
        var problems = new ArrayList<String>();
        for (Case one : cases) {
            if (one.bad().isPossible() && world.differs(one.place(), one.bad())) {
                world.run(one.place(), one.bad()).forEach(problem -> problems.add(one + ": " + problem));
            }
        }
        assertEquals("", String.join("\n", problems));
    }

    /** Of every kind of place one, and with it every bad thing; a sample that has each kind and each bad thing. */
    private static List<Case> cases(List<String> places) {
        var ofKind = new TreeMap<String, List<String>>();
        places.forEach(place -> ofKind.computeIfAbsent(StorePlaces.kind(place), k -> new ArrayList<>())
                .add(place));
        var random = new Random(Long.getLong("store.fuzz.seed", 20));
        var all = new ArrayList<Case>();
        for (List<String> same : ofKind.values()) {
            for (BadFile bad : BadFile.values()) {
                all.add(new Case(same.get(random.nextInt(same.size())), bad));
            }
        }
        Optional<String> only = Optional.ofNullable(System.getProperty("store.fuzz.only"));
        if (only.isPresent()) {
            return all.stream().filter(c -> c.toString().contains(only.get())).toList();
        }
        if ("all".equals(System.getProperty("store.fuzz"))) {
            return all;
        }
        java.util.Collections.shuffle(all, random);
        return all.subList(0, Math.min(SAMPLE, all.size()));
    }
}
