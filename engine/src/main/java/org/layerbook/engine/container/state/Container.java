package org.layerbook.engine.container.state;

import java.util.List;
import java.util.Optional;
import org.layerbook.engine.container.state.HostOptions.PortBinding;

/**
 * A container as it was found just now.
 *
 * @param id 64 hexadecimal digits
 * @param place where it is connected, while it runs
 * @param published the ports that are open on the host, while it runs
 */
public record Container(
        String id,
        String name,
        ContainerSpec spec,
        ContainerState state,
        Optional<NetworkPlace> place,
        List<PortBinding> published) {
    private static final int SHORT = 12;

    public Container {
        published = List.copyOf(published);
    }

    /** One that does not run. */
    public Container(String id, String name, ContainerSpec spec, ContainerState state) {
        this(id, name, spec, state, Optional.empty(), List.of());
    }

    /** As docker shows it. */
    public String shortId() {
        return id.substring(0, SHORT);
    }

    /** What a process in it finds as the name of its machine. */
    public String hostname() {
        return spec.host()
                .hostname()
                .orElse(spec.host().network() instanceof NetworkMode.Host ? hostsOwn() : shortId());
    }

    private static String hostsOwn() {
        return System.getenv().getOrDefault("HOSTNAME", "localhost");
    }
}
