package org.layerbook.repl.doctor;

import java.util.List;
import org.layerbook.engine.sandbox.Isolation;
import org.layerbook.engine.sandbox.Privileges;

/** How the launcher has set this process apart from the machine. */
final class IsolationCheck {
    private static final String SUBJECT = "isolation";

    private IsolationCheck() {}

    static Finding finding(Isolation isolation, Privileges privileges) {
        List<String> why = isolation.why().isBlank() ? List.of() : List.of(sentence(isolation.why()));
        return switch (isolation.mode()) {
            case ROOT -> Finding.good(SUBJECT, isolation.mode().sentence());
            case USER ->
                Finding.good(
                        SUBJECT,
                        isolation.mode().sentence() + " (" + privileges.uids().count() + ")");
            case SINGLE ->
                weak(
                        isolation.mode().sentence()
                                + ": the owners of an image's files are noted beside them, and a RUN sees one owner",
                        why,
                        "Install the package uidmap and give yourself a line in /etc/subuid and /etc/subgid: then every"
                                + " owner is real.");
            case NONE ->
                isolation.directory().isPresent()
                        ? weak(
                                isolation.mode().sentence()
                                        + ": what a RUN leaves running is not ended with Layerbook, and images cannot be"
                                        + " mounted",
                                why,
                                privileges.isRealRoot()
                                        ? "Start this container with the right to mount (CAP_SYS_ADMIN), or Layerbook as"
                                                + " an ordinary user: that brings isolated RUN steps and fast snapshots."
                                        : "Allow unprivileged user namespaces on this machine: they bring isolated RUN"
                                                + " steps and fast snapshots.")
                        : weak(
                                isolation.mode().sentence() + ": started without its launcher",
                                List.of(),
                                "The `layerbook` that ./install puts on the PATH makes them: then nothing stays mounted"
                                        + " or running when Layerbook is killed.");
        };
    }

    private static Finding weak(String text, List<String> reason, String remedy) {
        var notes = new java.util.ArrayList<>(reason);
        notes.add(remedy);
        return new Finding(SUBJECT, Finding.State.WEAK, text, notes);
    }

    private static String sentence(String why) {
        return why.endsWith(".") ? why : why + ".";
    }
}
