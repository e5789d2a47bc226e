package org.layerbook.engine.network;

import java.util.List;
import java.util.Map;
import org.layerbook.engine.golang.GoJson;

/**
 * How a container is connected, as netavark reads it.
 *
 * @param containerId 64 hexadecimal digits
 * @param containerName by which others in a network that was made find it
 */
public record Connection(String containerId, String containerName, List<Endpoint> endpoints, List<Port> ports) {
    private static final int SHORT = 12;

    public Connection {
        endpoints = List.copyOf(endpoints);
        ports = List.copyOf(ports);
    }

    /**
     * A place in a network.
     *
     * @param interfaceName {@code eth0} in the container
     * @param aliases further names
     */
    public record Endpoint(Network network, String interfaceName, int address, List<String> aliases) {
        public Endpoint {
            aliases = List.copyOf(aliases);
        }
    }

    /** A port of the container on an address of the host. @param protocol {@code tcp} or {@code udp} */
    public record Port(String hostAddress, int hostPort, int containerPort, String protocol) {}

    /** The names that others find the container by. */
    public List<String> names(Endpoint endpoint) {
        var names = new java.util.ArrayList<String>();
        names.add(containerName);
        endpoint.aliases().stream().filter(alias -> !names.contains(alias)).forEach(names::add);
        names.add(containerId.substring(0, SHORT));
        return names;
    }

    /**
     * What {@code netavark setup} and {@code teardown} read. Names are left to us: netavark 1.4 writes its name server's files in a
     * way that lets that end. So are ports, which it would open on addresses of the keeper alone.
     */
    public byte[] toJson() {
        return GoJson.indentedObject(json -> json.string("container_id", containerId)
                .string("container_name", containerName)
                .object(
                        "networks",
                        networks -> endpoints.forEach(endpoint -> networks.object(
                                endpoint.network().name(),
                                one -> one.string("interface_name", endpoint.interfaceName())
                                        .strings("static_ips", List.of(Subnet.text(endpoint.address())))
                                        .strings("aliases", List.of()))))
                .object(
                        "network_info",
                        networks -> endpoints.forEach(endpoint ->
                                networks.object(endpoint.network().name(), one -> info(one, endpoint.network()))))
                .objects("port_mappings", List.<Port>of(), (_, _) -> {}));
    }

    private static void info(GoJson json, Network network) {
        json.string("name", network.name())
                .string("id", network.id())
                .string("driver", "bridge")
                .string("network_interface", network.bridge())
                .bool("internal", network.internal())
                .bool("ipv6_enabled", false)
                .bool("dns_enabled", false)
                .objects(
                        "subnets",
                        List.of(network.subnet()),
                        (subnet, value) -> subnet.string("subnet", value.toString())
                                .string("gateway", Subnet.text(value.gateway())))
                .object("options", _ -> {})
                .object(
                        "ipam_options",
                        options -> Map.of("driver", "host-local").forEach(options::string));
    }
}
