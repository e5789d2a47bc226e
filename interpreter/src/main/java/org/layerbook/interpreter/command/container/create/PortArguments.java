package org.layerbook.interpreter.command.container.create;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.container.state.HostOptions.PortBinding;
import org.layerbook.engine.container.state.HostOptions.Protocol;
import org.layerbook.engine.dockerfile.PortSpec;
import org.layerbook.interpreter.command.spec.CommandException;

/** {@code --publish} and {@code --expose}. */
final class PortArguments {
    private PortArguments() {}

    static List<PortBinding> bindings(List<String> published) throws CommandException {
        var bindings = new ArrayList<PortBinding>();
        for (String text : published) {
            PortSpec spec = parse(text, "publish");
            if (spec.protocol().equals("sctp")) {
                throw new CommandException("docker: SCTP ports cannot be published here", SpecReader.NOT_RUN);
            }
            for (int port = spec.first(); port <= spec.last(); port++) {
                int offset = port - spec.first();
                // A range for a single port leaves the choice; the first free one of it is as good as any.
                Optional<Integer> host = spec.hostPorts().map(range -> range.first() + offset);
                bindings.add(new PortBinding(
                        port,
                        Protocol.valueOf(spec.protocol().toUpperCase(java.util.Locale.ROOT)),
                        spec.hostAddress(),
                        host));
            }
        }
        return bindings;
    }

    /** {@code 80/tcp} for each port. */
    static List<String> exposed(List<String> exposed, List<String> published) throws CommandException {
        var keys = new ArrayList<String>();
        for (String text : exposed) {
            if (text.contains(":")) {
                throw new CommandException("docker: invalid port format for --expose: " + text, SpecReader.NOT_RUN);
            }
            try {
                keys.addAll(PortSpec.parse(text).keys());
            } catch (IllegalArgumentException e) {
                throw new CommandException(
                        "docker: invalid range format for --expose: " + text + ", error: " + e.getMessage(),
                        SpecReader.NOT_RUN);
            }
        }
        for (String text : published) {
            keys.addAll(parse(text, "publish").keys());
        }
        return keys;
    }

    private static PortSpec parse(String text, String option) throws CommandException {
        try {
            return PortSpec.parse(text);
        } catch (IllegalArgumentException e) {
            throw new CommandException(
                    "docker: " + e.getMessage() + "\n\nRun 'docker run --help' for more information",
                    SpecReader.NOT_RUN);
        }
    }
}
