package org.layerbook.repl.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.host.Isolation;
import org.layerbook.engine.host.Isolation.Mode;
import org.layerbook.engine.host.Isolation.Step;
import org.layerbook.engine.sandbox.Privileges;

/** How the launcher has set this process apart from the machine, and what keeps it from doing better. */
final class IsolationCheck {
    private static final String SUBJECT = "isolation";

    private final Isolation isolation;
    private final Privileges privileges;
    private final Obstacles obstacles;

    private IsolationCheck(Isolation isolation, Privileges privileges, Obstacles obstacles) {
        this.isolation = isolation;
        this.privileges = privileges;
        this.obstacles = obstacles;
    }

    static Finding finding(Isolation isolation, Privileges privileges, Obstacles obstacles) {
        return new IsolationCheck(isolation, privileges, obstacles).finding();
    }

    private Finding finding() {
        if (isolation.mode() == Mode.NONE && isolation.directory().isEmpty()) {
            return Finding.weak(
                    SUBJECT,
                    isolation.description() + ": started without its launcher",
                    "Start the `layerbook` that ./install puts on the PATH: it creates the namespaces, so that"
                            + " nothing stays mounted or running when Layerbook is killed.");
        }
        String ids = isolation.mode() == Mode.USER ? " (" + privileges.uids().count() + ")" : "";
        List<String> weaker = weaker();
        if (weaker.isEmpty()) {
            return Finding.good(SUBJECT, isolation.description() + ids);
        }
        var notes = new ArrayList<String>();
        reasons().ifPresent(notes::add);
        notes.addAll(remedies());
        return new Finding(
                SUBJECT, Finding.State.WEAK, isolation.description() + ids + ": " + String.join("; ", weaker), notes);
    }

    private List<String> weaker() {
        if (isolation.mode() == Mode.NONE) {
            return List.of("RUN steps are barely isolated, and every step copies all files of its image");
        }
        var weaker = new ArrayList<String>();
        switch (isolation.apart()) {
            case PROCESSES -> {}
            case MOUNTS -> weaker.add("a RUN sees /proc of this container");
            case IDS -> weaker.add("RUN steps are barely isolated, and every step copies all files of its image");
        }
        if (isolation.mode() == Mode.SINGLE) {
            weaker.add("the owners of an image's files are recorded beside them, and a RUN sees one owner");
        }
        return weaker;
    }

    /** Each once: several ways may fail for the same reason. */
    private Optional<String> reasons() {
        var distinct = new ArrayList<String>();
        for (String each : isolation.why().split("\\. (?=[a-z-]+: )")) {
            String reason = each.replaceFirst("^[a-z-]+: ", "").strip();
            if (!reason.isEmpty() && !distinct.contains(reason)) {
                distinct.add(reason);
            }
        }
        return distinct.isEmpty()
                ? Optional.empty()
                : Optional.of("Refused by the system: " + String.join("; ", distinct) + ".");
    }

    /** What helps here, the first obstacle first. */
    private List<String> remedies() {
        var remedies = new ArrayList<String>();
        if (isolation.failed(Mode.USER, Step.NAMESPACE)) {
            remedies.add(obstacles.toNamespaces());
        }
        if (isolation.failed(Mode.USER, Step.IDS)) {
            remedies.add(obstacles.toIds(isolation.mode() == Mode.NONE));
        }
        switch (isolation.apart()) {
            case PROCESSES -> {}
            case MOUNTS -> remedies.add(obstacles.toProc());
            case IDS -> {
                if (isolation.mode() != Mode.NONE) {
                    remedies.add(obstacles.toMounts());
                }
            }
        }
        return remedies;
    }
}
