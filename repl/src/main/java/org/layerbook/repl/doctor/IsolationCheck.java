package org.layerbook.repl.doctor;

import java.util.List;
import java.util.Map;
import org.layerbook.engine.sandbox.Privileges;

/** How the launcher has set this process apart from the machine. */
final class IsolationCheck {
    private static final String SUBJECT = "isolation";

    private IsolationCheck() {}

    static Finding finding(Map<String, String> environment, Privileges privileges) {
        String why = environment.getOrDefault("LAYERBOOK_ISOLATION_WHY", "");
        List<String> reason = why.isBlank() ? List.of() : List.of(sentence(why));
        return switch (environment.getOrDefault("LAYERBOOK_ISOLATION", "")) {
            case "root" -> Finding.good(SUBJECT, "mount and process namespaces, as root of this machine");
            case "user" ->
                Finding.good(
                        SUBJECT,
                        "user, mount and process namespaces with "
                                + privileges.uids().count() + " user ids");
            case "single" ->
                weak(
                        "user, mount and process namespaces with one user id: the owners of an image's files are kept"
                                + " beside them, and a RUN sees one owner",
                        reason,
                        "Install the package uidmap and give yourself a line in /etc/subuid and /etc/subgid: then every"
                                + " owner is real.");
            case "" ->
                weak(
                        "started without the launcher: no namespaces",
                        List.of(),
                        "The `layerbook` that ./install puts on the PATH makes them: then nothing stays mounted or"
                                + " running when Layerbook is killed.");
            default ->
                weak(
                        "no namespaces: what a RUN leaves running is not ended with Layerbook, and images cannot be"
                                + " mounted",
                        reason,
                        "Allow unprivileged user namespaces on this machine: they bring isolated RUN steps and fast"
                                + " snapshots.");
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
