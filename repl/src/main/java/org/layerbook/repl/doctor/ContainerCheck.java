package org.layerbook.repl.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.container.ContainerEngine;
import org.layerbook.engine.container.NetworkPrograms;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.engine.sandbox.selection.Sandboxes;

/** Whether {@code docker run} works, and what its networks lack. */
final class ContainerCheck {
    private static final Path TUN = Path.of("/dev/net/tun");

    private ContainerCheck() {}

    static Finding finding(ContainerEngine containers, Map<String, String> environment) throws IOException {
        int running = (int) containers.containers().list().stream()
                .filter(container -> container.state().isRunning())
                .count();
        try {
            containers.runtime();
        } catch (ContainerException e) {
            return Finding.absent("containers", e.getMessage());
        }
        List<String> lacking = lacking(environment);
        String text = "conmon, " + (running == 1 ? "1 container runs" : running + " containers run");
        return lacking.isEmpty()
                ? Finding.good("containers", text)
                : Finding.weak("containers", text, lacking.toArray(String[]::new));
    }

    private static List<String> lacking(Map<String, String> environment) {
        Optional<NetworkPrograms> programs = NetworkPrograms.find(environment);
        if (programs.isEmpty()) {
            return List.of("Containers have no networks of their own: install the package netavark.");
        }
        var lacking = new ArrayList<String>();
        if (programs.get().aardvark().isEmpty()) {
            lacking.add("Containers do not find each other by name: install the package aardvark-dns.");
        }
        if (Sandboxes.find("socat", environment).isEmpty()) {
            lacking.add("Ports cannot be published: install the package socat.");
        }
        if (programs.get().slirp().isEmpty()) {
            lacking.add("Containers cannot reach other machines: install the package slirp4netns.");
        } else if (!Files.isReadable(TUN) || !Files.isWritable(TUN)) {
            lacking.add("Containers cannot reach other machines: this user cannot open " + TUN
                    + " (in a container: --device /dev/net/tun).");
        }
        return lacking;
    }
}
