package org.layerbook.interpreter.command.container;

import java.util.ArrayList;
import java.util.List;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.HostOptions.PortBinding;

/** The ports of a running container that are reached on the host. */
final class PublishedPorts {
    private PublishedPorts() {}

    static List<PortBinding> of(Container container) {
        return container.published();
    }

    static String hostAddress(PortBinding port) {
        return port.hostAddress().isEmpty() ? "127.0.0.1" : port.hostAddress();
    }

    /** {@code 127.0.0.1:8080}. */
    static String address(PortBinding port) {
        String host = hostAddress(port);
        return (host.contains(":") ? "[" + host + "]" : host) + ":"
                + port.hostPort().map(String::valueOf).orElse("");
    }

    /** As {@code docker ps} lists them, with those that are only exposed. */
    static String text(Container container) {
        if (!container.state().isRunning()) {
            return "";
        }
        var shown = new ArrayList<String>();
        List<PortBinding> published = of(container);
        published.forEach(port -> shown.add(address(port) + "->" + port.containerPort() + "/" + port.protocol()));
        for (String exposed : container.spec().config().exposedPorts()) {
            if (published.stream().noneMatch(port -> exposed.equals(port.containerPort() + "/" + port.protocol()))) {
                shown.add(exposed);
            }
        }
        return String.join(", ", shown);
    }
}
