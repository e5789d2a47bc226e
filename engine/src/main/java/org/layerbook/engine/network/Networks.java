package org.layerbook.engine.network;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.layerbook.engine.golang.GoJson;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Json;
import org.layerbook.engine.oci.MalformedException;
import org.layerbook.engine.store.Store;

/** The networks of a store: a file for each under {@code networks/}. */
public final class Networks {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]*");
    private static final String SUFFIX = ".json";
    private static final Subnet DEFAULT_SUBNET = Subnet.parse("172.17.0.0/16", Optional.empty());
    /** docker gives 172.18.0.0/16 to the first network that is made, and so on, then pieces of 192.168.0.0/16. */
    private static final int FIRST_OF_172 = 18;

    private static final int LAST_OF_172 = 31;
    private static final int ID_BYTES = 32;
    private static final int SHORT = 12;

    private final Store store;
    private final Path folder;

    public Networks(Store store) {
        this.store = store;
        this.folder = store.home().resolve("networks");
    }

    /**
     * Where scripts and processes have what belongs to networks.
     *
     * @return a folder that is there
     */
    public Path runFolder() throws IOException {
        return makeFolder(folder.resolve("run"));
    }

    private static Path makeFolder(Path path) throws IOException {
        return Files.createDirectories(
                path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /** The ID of a network that nobody has made: {@code bridge}, {@code host} or {@code none}; the same each time. */
    public String idOf(String name) {
        return Digest.sha256((store.home() + " " + name).getBytes(StandardCharsets.UTF_8))
                .hex();
    }

    /** The one that is always there. */
    public Network defaultNetwork() {
        return new Network(
                Network.DEFAULT,
                idOf(Network.DEFAULT),
                Instant.EPOCH,
                DEFAULT_SUBNET,
                "docker0",
                false,
                Map.of(),
                Map.of());
    }

    /** Every bridge, the default one first, the others by name. */
    public List<Network> list() throws IOException {
        var found = new ArrayList<Network>();
        found.add(defaultNetwork());
        if (Files.isDirectory(folder)) {
            List<Path> files;
            try (Stream<Path> entries = Files.list(folder)) {
                files = entries.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                        .toList();
            }
            var made = new ArrayList<Network>();
            for (Path file : files) {
                read(file).ifPresent(made::add);
            }
            made.sort(Comparator.comparing(Network::name));
            found.addAll(made);
        }
        return found;
    }

    /** By name, by ID or by the beginning of one. */
    public Network get(String text) throws IOException {
        List<Network> all = list();
        for (Network network : all) {
            if (network.name().equals(text) || network.id().equals(text)) {
                return network;
            }
        }
        List<Network> matching = all.stream()
                .filter(network -> !text.isEmpty() && network.id().startsWith(text))
                .toList();
        if (matching.size() > 1) {
            throw new NetworkException(
                    "network " + text + " is ambiguous (" + matching.size() + " matches found on ID prefix)");
        }
        return matching.stream().findFirst().orElseThrow(() -> NetworkException.missing(text));
    }

    /** What a new network is to be. @param subnet absent for one that is free */
    public record Wanted(
            String name,
            Optional<Subnet> subnet,
            boolean internal,
            Map<String, String> labels,
            Map<String, String> options) {}

    public Network create(Wanted wanted, Instant now) throws IOException {
        if (!NAME.matcher(wanted.name()).matches()) {
            throw new NetworkException(
                    "invalid network name \"" + wanted.name() + "\": only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
        }
        if (List.of("host", "none", "default", Network.DEFAULT).contains(wanted.name())) {
            throw new NetworkException("operation is not permitted on predefined " + wanted.name() + " network ");
        }
        makeFolder(folder);
        try (var _ = store.locks().lock("networks")) {
            List<Network> all = list();
            if (all.stream().anyMatch(network -> network.name().equals(wanted.name()))) {
                throw new NetworkException("network with name " + wanted.name() + " already exists");
            }
            Subnet subnet = wanted.subnet().isPresent() ? free(wanted.subnet().get(), all) : anyFree(all);
            byte[] bytes = new byte[ID_BYTES];
            new SecureRandom().nextBytes(bytes);
            String id = HexFormat.of().formatHex(bytes);
            var network = new Network(
                    wanted.name(),
                    id,
                    now,
                    subnet,
                    "br-" + id.substring(0, SHORT),
                    wanted.internal(),
                    wanted.labels(),
                    wanted.options());
            Path made = folder.resolve(wanted.name() + ".new");
            Files.write(made, write(network));
            Files.move(made, file(wanted.name()), StandardCopyOption.ATOMIC_MOVE);
            return network;
        }
    }

    private static Subnet free(Subnet wanted, List<Network> all) throws NetworkException {
        if (all.stream().anyMatch(network -> network.subnet().overlaps(wanted))) {
            throw new NetworkException("invalid pool request: Pool overlaps with other one on this address space");
        }
        return wanted;
    }

    private static Subnet anyFree(List<Network> all) throws NetworkException {
        for (int i = FIRST_OF_172; i <= LAST_OF_172; i++) {
            Subnet subnet = Subnet.parse("172." + i + ".0.0/16", Optional.empty());
            if (all.stream().noneMatch(network -> network.subnet().overlaps(subnet))) {
                return subnet;
            }
        }
        for (int i = 0; i < 256; i += 16) {
            Subnet subnet = Subnet.parse("192.168." + i + ".0/20", Optional.empty());
            if (all.stream().noneMatch(network -> network.subnet().overlaps(subnet))) {
                return subnet;
            }
        }
        throw new NetworkException("all predefined address pools have been fully subnetted");
    }

    /** @param network that nothing is in */
    public void remove(Network network) throws IOException {
        if (network.isDefault()) {
            throw new NetworkException("bridge is a pre-defined network and cannot be removed");
        }
        Files.deleteIfExists(file(network.name()));
    }

    private Path file(String name) {
        return folder.resolve(name + SUFFIX);
    }

    private static byte[] write(Network network) {
        return GoJson.indentedObject(json -> json.string("name", network.name())
                .string("id", network.id())
                .string("created", network.created().toString())
                .string("subnet", network.subnet().toString())
                .string("gateway", Subnet.text(network.subnet().gateway()))
                .string("bridge", network.bridge())
                .trueIf("internal", network.internal())
                .mapIfAny("labels", network.labels())
                .mapIfAny("options", network.options()));
    }

    private static Optional<Network> read(Path file) throws IOException {
        try {
            Json json = Json.parse(Files.readAllBytes(file), file.toString());
            return Optional.of(new Network(
                    json.require("name").string(),
                    json.require("id").string(),
                    Instant.parse(json.require("created").string()),
                    Subnet.parse(json.require("subnet").string(), json.string("gateway")),
                    json.require("bridge").string(),
                    json.bool("internal"),
                    json.stringMap("labels"),
                    json.stringMap("options")));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (MalformedException | RuntimeException e) {
            throw new NetworkException("the network in " + file + " is damaged: " + e.getMessage());
        }
    }
}
