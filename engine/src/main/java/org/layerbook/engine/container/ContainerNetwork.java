package org.layerbook.engine.container;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.engine.container.state.ContainerException.Kind;
import org.layerbook.engine.container.state.ContainerFolder;
import org.layerbook.engine.container.state.Containers;
import org.layerbook.engine.container.state.HostOptions.PortBinding;
import org.layerbook.engine.container.state.NetworkMode;
import org.layerbook.engine.dockerfile.PortSpec;
import org.layerbook.engine.network.Addresses;
import org.layerbook.engine.network.Connection;
import org.layerbook.engine.network.Connection.Endpoint;
import org.layerbook.engine.network.Connection.Port;
import org.layerbook.engine.network.Network;
import org.layerbook.engine.network.NetworkException;
import org.layerbook.engine.network.Networks;
import org.layerbook.engine.network.Subnet;

/** Connects a container before a start: which addresses, names and ports it has, as files for the script that does it. */
final class ContainerNetwork {
    /** Ports are opened to this machine alone unless an address is given. */
    private static final String DEFAULT_ADDRESS = "127.0.0.1";

    private final Networks networks;
    private final Containers containers;

    ContainerNetwork(Networks networks, Containers containers) {
        this.networks = networks;
        this.containers = containers;
    }

    /** Writes the files; what was of an earlier start is replaced. */
    Connection prepare(Container container, ContainerFolder folder) throws IOException {
        Endpoint endpoint = endpoint(container);
        List<Port> ports = ports(container);
        var connection = new Connection(container.id(), container.name(), List.of(endpoint), ports);
        Files.write(folder.file("connection.json"), connection.toJson());
        Files.writeString(
                folder.file("addresses"), new Addresses(networks, endpoint.network()).file(endpoint.address()) + "\n");
        String address = Subnet.text(endpoint.address());
        var lines = new StringBuilder();
        for (Port port : ports) {
            lines.append(String.join(
                            " ",
                            port.protocol(),
                            port.hostAddress(),
                            Integer.toString(port.hostPort()),
                            address,
                            Integer.toString(port.containerPort())))
                    .append('\n');
        }
        Files.writeString(folder.file("ports"), lines);
        if (!endpoint.network().isDefault()) {
            names(container, folder, connection, endpoint);
        }
        return connection;
    }

    private Endpoint endpoint(Container container) throws IOException {
        Network network;
        try {
            network = networks.get(
                    container.spec().host().network() instanceof NetworkMode.Named named
                            ? named.name()
                            : Network.DEFAULT);
        } catch (NetworkException e) {
            throw new ContainerException(Kind.MISSING, "failed to set up container networking: " + e.getMessage());
        }
        var addresses = new Addresses(networks, network);
        Optional<String> wanted = container.spec().host().address();
        try {
            if (wanted.isPresent()) {
                int address = Subnet.address(wanted.get());
                addresses.take(address, container.id(), this::runs);
                return new Endpoint(
                        network, "eth0", address, container.spec().host().aliases());
            }
            int address = addresses.take(container.id(), this::runs);
            return new Endpoint(
                    network, "eth0", address, container.spec().host().aliases());
        } catch (NetworkException | IllegalArgumentException e) {
            throw new ContainerException(Kind.INVALID, "failed to set up container networking: " + e.getMessage());
        }
    }

    private boolean runs(String id) {
        try {
            return containers
                    .find(id)
                    .filter(found -> found.state().isRunning())
                    .isPresent();
        } catch (IOException e) {
            return true;
        }
    }

    /** What the name server is to say, in the form of aardvark-dns: ID, IPv4, no IPv6, names. */
    private void names(Container container, ContainerFolder folder, Connection connection, Endpoint endpoint)
            throws IOException {
        Network network = endpoint.network();
        Path folderOfNames =
                Files.createDirectories(networks.runFolder().resolve("names").resolve(network.name()));
        Files.createDirectories(networks.runFolder().resolve("aardvark-dns"));
        Files.writeString(
                folderOfNames.resolve("head"), Subnet.text(network.subnet().gateway()) + "\n");
        Files.writeString(
                folder.file("names." + network.name()),
                container.id() + " " + Subnet.text(endpoint.address()) + "  "
                        + String.join(",", connection.names(endpoint)) + "\n");
    }

    private static List<Port> ports(Container container) throws IOException {
        var ports = new ArrayList<Port>();
        for (PortBinding binding : container.spec().host().ports()) {
            ports.add(port(container, binding));
        }
        if (container.spec().host().publishAll()) {
            for (String exposed : container.spec().config().exposedPorts()) {
                PortSpec spec = PortSpec.parse(exposed);
                boolean isPublished = ports.stream()
                        .anyMatch(port -> port.containerPort() == spec.first()
                                && port.protocol().equals(spec.protocol()));
                if (!isPublished && !spec.protocol().equals("sctp")) {
                    ports.add(new Port(DEFAULT_ADDRESS, freePort(DEFAULT_ADDRESS), spec.first(), spec.protocol()));
                }
            }
        }
        return ports;
    }

    private static Port port(Container container, PortBinding binding) throws IOException {
        String address = binding.hostAddress().isEmpty() ? DEFAULT_ADDRESS : binding.hostAddress();
        String protocol = binding.protocol().toString();
        if (binding.hostPort().isEmpty() || binding.hostPort().get() == 0) {
            return new Port(address, freePort(address), binding.containerPort(), protocol);
        }
        int port = binding.hostPort().get();
        if (protocol.equals("tcp")) {
            check(container, address, port, binding.containerPort());
        }
        return new Port(address, port, binding.containerPort(), protocol);
    }

    private static int freePort(String address) throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName(address))) {
            return socket.getLocalPort();
        }
    }

    /** Said before anything is begun, in docker's words. */
    private static void check(Container container, String address, int port, int containerPort) throws IOException {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
        } catch (IOException e) {
            String why = e.getMessage() == null ? e.toString() : e.getMessage().toLowerCase(java.util.Locale.ROOT);
            throw new ContainerException(
                    Kind.CONFLICT,
                    "failed to set up container networking: driver failed programming external connectivity on endpoint "
                            + container.name() + " (" + container.id() + "): failed to bind host port for " + address
                            + ":"
                            + port + ":" + containerPort + "/tcp: "
                            + (why.contains("in use") ? "address already in use" : why));
        }
    }

    /** {@code /etc/hosts} and {@code /etc/resolv.conf}. */
    static void etcFiles(Container container, ContainerFolder folder, Optional<Connection> connection)
            throws IOException {
        Files.writeString(folder.file("hostname"), container.hostname() + "\n");
        var hosts = new StringBuilder("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n")
                .append(
                        "fe00::\tip6-localnet\nff00::\tip6-mcastprefix\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n");
        container
                .spec()
                .host()
                .extraHosts()
                .forEach(line -> hosts.append(line.address())
                        .append('\t')
                        .append(line.name())
                        .append('\n'));
        String own = connection
                .map(c -> Subnet.text(c.endpoints().getFirst().address()))
                .orElse("127.0.1.1");
        hosts.append(own).append('\t').append(container.hostname()).append('\n');
        Files.writeString(folder.file("hosts"), hosts);
        Files.write(folder.file("resolv.conf"), resolvConf(container, connection));
    }

    private static byte[] resolvConf(Container container, Optional<Connection> connection) throws IOException {
        List<String> dns = container.spec().host().dns();
        if (!dns.isEmpty()) {
            return String.join(
                            "",
                            dns.stream()
                                    .map(server -> "nameserver " + server + "\n")
                                    .toList())
                    .getBytes(StandardCharsets.UTF_8);
        }
        Optional<Network> network = connection.map(c -> c.endpoints().getFirst().network());
        if (network.isPresent() && !network.get().isDefault()) {
            return ("nameserver " + Subnet.text(network.get().subnet().gateway()) + "\noptions ndots:0\n")
                    .getBytes(StandardCharsets.UTF_8);
        }
        if (network.isPresent()) {
            return ("nameserver " + Keeper.RESOLVER + "\n").getBytes(StandardCharsets.UTF_8);
        }
        Path own = Path.of("/etc/resolv.conf");
        return Files.isReadable(own) ? Files.readAllBytes(own) : new byte[0];
    }
}
