package org.layerbook.engine.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.engine.container.state.ContainerException.Kind;
import org.layerbook.engine.container.state.ContainerMount;
import org.layerbook.engine.container.state.Containers;
import org.layerbook.engine.golang.GoJson;
import org.layerbook.engine.image.StoreLocks;
import org.layerbook.engine.linux.Errno;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxException;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.RegularFile;
import org.layerbook.engine.linux.Trees;
import org.layerbook.engine.oci.Json;
import org.layerbook.engine.oci.MalformedException;
import org.layerbook.engine.store.Store;

/**
 * The volumes of a store: a folder {@code volumes/NAME} for each, with its files in {@code _data} and what is known about it in
 * {@code volume.json}. A volume is not removed while a container has it, running or not; both are looked at under one lock.
 */
public final class Volumes {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]+");
    private static final int ID_BYTES = 32;
    private static final int MOST_BYTES = 1 << 20;

    private final Store store;
    private final Containers containers;
    private final Path folders;

    Volumes(Store store, Containers containers) {
        this.store = store;
        this.containers = containers;
        this.folders = store.home().resolve("volumes");
    }

    /** A name that no volume has. */
    private static String anyName() {
        byte[] bytes = new byte[ID_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** While it is held, no volume is removed. */
    StoreLocks.Held lock() throws IOException {
        return store.locks().lock("volumes");
    }

    /** The volume of that name, made where there is none. */
    public Volume create(String name, Map<String, String> labels, Map<String, String> options) throws IOException {
        if (name.length() == 1) {
            throw new ContainerException(
                    Kind.INVALID,
                    "create " + name
                            + ": volume name is too short, names should be at least two alphanumeric characters");
        }
        if (!NAME.matcher(name).matches()) {
            throw new ContainerException(
                    Kind.INVALID,
                    "create " + name + ": \"" + name
                            + "\" includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\""
                            + " are allowed. If you intended to pass a host directory, use absolute path");
        }
        Optional<Volume> there = find(name);
        if (there.isPresent()) {
            return there.get();
        }
        Files.createDirectories(
                folders, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path made = store.temp().directory();
        LinuxFiles.chmodFollowing(made, 0700);
        LinuxFiles.mkdir(made.resolve("_data"), 0755);
        var volume = new Volume(
                name, Instant.now(), labels, options, folders.resolve(name).resolve("_data"));
        Files.write(made.resolve("volume.json"), write(volume));
        try {
            LinuxFiles.renameNoReplace(made, folders.resolve(name));
        } catch (LinuxException e) {
            Trees.delete(made);
            if (!e.is(Errno.EEXIST) && !e.is(Errno.ENOTEMPTY)) {
                throw e;
            }
        }
        return get(name);
    }

    /** One that no one has named. */
    public Volume createAnonymous(Map<String, String> labels) throws IOException {
        var all = new TreeMap<>(labels);
        all.put(Volume.ANONYMOUS, "");
        return create(anyName(), all, Map.of());
    }

    private static byte[] write(Volume volume) {
        return GoJson.indentedObject(
                json -> json.string("created", volume.created().toString())
                        .mapIfAny("labels", new TreeMap<>(volume.labels()))
                        .mapIfAny("options", new TreeMap<>(volume.options())));
    }

    public Volume get(String name) throws IOException {
        return find(name).orElseThrow(() -> new ContainerException(Kind.MISSING, "get " + name + ": no such volume"));
    }

    public Optional<Volume> find(String name) throws IOException {
        if (!NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        Path folder = folders.resolve(name);
        Optional<byte[]> bytes = RegularFile.read(folder.resolve("volume.json"), MOST_BYTES);
        return bytes.isEmpty() ? Optional.empty() : Optional.of(read(name, folder, bytes.get()));
    }

    private static Volume read(String name, Path folder, byte[] bytes) throws ContainerException {
        try {
            Json json = Json.parse(bytes, folder.resolve("volume.json").toString());
            return new Volume(
                    name,
                    Instant.parse(json.require("created").string()),
                    json.stringMap("labels"),
                    json.stringMap("options"),
                    folder.resolve("_data"));
        } catch (MalformedException | DateTimeParseException e) {
            throw new ContainerException(Kind.SYSTEM, "volume " + name + " is damaged: " + e.getMessage());
        }
    }

    /** All there are, by name. */
    public List<Volume> list() throws IOException {
        if (!Files.isDirectory(folders)) {
            return List.of();
        }
        List<String> names;
        try (Stream<Path> entries = Files.list(folders)) {
            names = entries.map(path -> path.getFileName().toString()).toList();
        }
        var found = new ArrayList<Volume>();
        for (String name : names) {
            find(name).ifPresent(found::add);
        }
        found.sort(Comparator.comparing(Volume::name));
        return found;
    }

    /** The containers that have a volume. */
    public List<Container> users(String name) throws IOException {
        return containers.list().stream()
                .filter(container -> has(container, name))
                .toList();
    }

    private static boolean has(Container container, String name) {
        return container.spec().host().mounts().stream()
                .anyMatch(mount -> mount instanceof ContainerMount.Volume volume
                        && volume.name().equals(name));
    }

    /** @throws ContainerException where a container has it, or there is none */
    public void remove(String name) throws IOException {
        try (var _ = lock()) {
            get(name);
            List<Container> users = users(name);
            if (!users.isEmpty()) {
                throw new ContainerException(
                        Kind.CONFLICT,
                        "remove " + name + ": volume is in use - ["
                                + String.join(
                                        ", ", users.stream().map(Container::id).toList()) + "]");
            }
            delete(name);
        }
    }

    private void delete(String name) throws IOException {
        Path going = store.temp().path();
        Files.move(folders.resolve(name), going, StandardCopyOption.ATOMIC_MOVE);
        Trees.delete(going);
    }

    /** Removes the volumes that were made for {@code container} alone and that no other has; it is gone already. */
    void removeAnonymous(Container container) throws IOException {
        for (ContainerMount mount : container.spec().host().mounts()) {
            if (mount instanceof ContainerMount.Volume volume && volume.anonymous()) {
                try {
                    remove(volume.name());
                } catch (ContainerException e) {
                    continue; // another container has it too, or it is gone
                }
            }
        }
    }

    /** Bytes of the files in it, each counted once. */
    public long size(Volume volume) throws IOException {
        return size(volume.data());
    }

    private static long size(Path directory) throws IOException {
        long bytes = 0;
        List<Path> children;
        try (Stream<Path> entries = Files.list(directory)) {
            children = entries.toList();
        }
        for (Path child : children) {
            Optional<FileStat> stat = LinuxFiles.lstatIfExists(child);
            if (stat.isPresent()) {
                bytes += stat.get().isDirectory()
                        ? size(child)
                        : stat.get().isRegular()
                                ? stat.get().size() / Math.max(1, stat.get().links())
                                : 0;
            }
        }
        return bytes;
    }
}
