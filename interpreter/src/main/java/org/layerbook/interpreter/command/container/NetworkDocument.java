package org.layerbook.interpreter.command.container;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.NetworkPlace;
import org.layerbook.interpreter.template.GoNil;
import org.layerbook.interpreter.template.GoStruct;

/** The {@code NetworkSettings} of {@code docker inspect}. */
final class NetworkDocument {
    private NetworkDocument() {}

    static GoStruct of(Container container) {
        Optional<NetworkPlace> place = container.place();
        boolean byDefault = place.filter(p -> p.network().equals("bridge")).isPresent();
        return GoStruct.named("*container.NetworkSettings")
                .field("Bridge", "")
                .field("SandboxID", "")
                .field("SandboxKey", "")
                .field("Ports", ports(container))
                .field("HairpinMode", false)
                .field("LinkLocalIPv6Address", "")
                .field("LinkLocalIPv6PrefixLen", 0)
                .field("SecondaryIPAddresses", GoNil.LIST)
                .field("SecondaryIPv6Addresses", GoNil.LIST)
                .field("EndpointID", "")
                .field("Gateway", byDefault ? place.get().gateway() : "")
                .field("GlobalIPv6Address", "")
                .field("GlobalIPv6PrefixLen", 0)
                .field("IPAddress", byDefault ? place.get().address() : "")
                .field("IPPrefixLen", byDefault ? place.get().bits() : 0)
                .field("IPv6Gateway", "")
                .field("MacAddress", "")
                .field("Networks", Map.of(PsFilters.network(container), endpoint(container)))
                .build();
    }

    /** What is published, and without an address what is only exposed; nothing where it does not run. */
    private static Map<String, Object> ports(Container container) {
        if (!container.state().isRunning()) {
            return Map.of();
        }
        var ports = new TreeMap<String, Object>();
        container.spec().config().exposedPorts().forEach(port -> ports.put(port, GoNil.LIST));
        ports.putAll(HostConfigDocument.bindings(PublishedPorts.of(container)));
        return ports;
    }

    private static GoStruct endpoint(Container container) {
        Optional<NetworkPlace> place = container.place();
        List<String> names = place.filter(p -> !p.network().equals("bridge")).isPresent()
                ? Stream.concat(
                                Stream.of(container.name(), container.shortId()),
                                container.spec().host().aliases().stream())
                        .toList()
                : List.of();
        return GoStruct.named("*network.EndpointSettings")
                .field("IPAMConfig", null)
                .field("Links", GoNil.LIST)
                .field("Aliases", GoNil.LIST)
                .field("MacAddress", "")
                .field("DriverOpts", GoNil.MAP)
                .field("GwPriority", 0)
                .field("NetworkID", place.map(NetworkPlace::networkId).orElse(""))
                .field("EndpointID", "")
                .field("Gateway", place.map(NetworkPlace::gateway).orElse(""))
                .field("IPAddress", place.map(NetworkPlace::address).orElse(""))
                .field("IPPrefixLen", place.map(NetworkPlace::bits).orElse(0))
                .field("IPv6Gateway", "")
                .field("GlobalIPv6Address", "")
                .field("GlobalIPv6PrefixLen", 0)
                .field("DNSNames", names.isEmpty() ? GoNil.LIST : names)
                .build();
    }
}
