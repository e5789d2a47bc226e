package org.layerbook.engine.container.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.layerbook.engine.container.ContainerLimits;
import org.layerbook.engine.container.state.ContainerException.Kind;
import org.layerbook.engine.host.HostProc;
import org.layerbook.engine.image.GcRoot;
import org.layerbook.engine.linux.Trees;
import org.layerbook.engine.store.Store;

/**
 * The containers of a store: a folder for each under {@code containers/}, and a file for each name under {@code container-names/}
 * that holds the ID. Every session and every script sees the same; nothing is kept in memory.
 */
public final class Containers {
    /** docker's rule for names. */
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]+");

    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");
    private static final int ID_BYTES = 32;
    private static final int ATTEMPTS = 100;

    private final Store store;
    private final Path folders;
    private final Path names;
    private final Optional<HostProc> proc;
    private final ContainerEvents events;
    private final SecureRandom random = new SecureRandom();

    /** @param proc with which is seen what runs */
    public Containers(Store store, Optional<HostProc> proc) {
        this.store = store;
        this.folders = store.home().resolve("containers");
        this.names = store.home().resolve("container-names");
        this.proc = proc;
        this.events = new ContainerEvents(store.home());
    }

    public ContainerEvents events() {
        return events;
    }

    /** @param name absent for one that nobody has chosen */
    public Container create(ContainerSpec spec, Optional<String> name) throws IOException {
        makeFolders();
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        String id = HexFormat.of().formatHex(bytes);
        String taken = name.isPresent() ? take(checked(name.get()), id) : takeAny(id);
        try {
            Path made = store.temp().directory();
            Files.write(made.resolve("spec.json"), SpecWire.write(spec));
            Files.writeString(made.resolve("name"), taken);
            Files.writeString(made.resolve("holds"), holds(spec));
            Files.move(made, folders.resolve(id), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(names.resolve(taken));
            throw e;
        }
        var created = new Container(id, taken, spec, new ContainerState.Created(Optional.empty()));
        events.record(created, "create");
        return created;
    }

    /** What the collector has to leave: the root stands on it, and the image can be shown. */
    private static String holds(ContainerSpec spec) {
        var lines = new StringBuilder().append(GcRoot.blob(spec.image())).append('\n');
        spec.chain().ifPresent(chain -> lines.append(GcRoot.chain(chain)).append('\n'));
        return lines.toString();
    }

    private void makeFolders() throws IOException {
        for (Path folder : List.of(folders, names)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }

    private static String checked(String name) throws ContainerException {
        String plain = name.startsWith("/") ? name.substring(1) : name;
        if (!NAME.matcher(plain).matches()) {
            throw new ContainerException(
                    Kind.INVALID, "Invalid container name (" + name + "), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
        }
        return plain;
    }

    private String take(String name, String id) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                Files.writeString(
                        names.resolve(name),
                        id,
                        java.nio.file.StandardOpenOption.CREATE_NEW,
                        java.nio.file.StandardOpenOption.WRITE);
                return name;
            } catch (FileAlreadyExistsException e) {
                String holder = holder(name);
                if (ID.matcher(holder).matches() && Files.isDirectory(folders.resolve(holder))) {
                    throw new ContainerException(
                            Kind.CONFLICT,
                            "Conflict. The container name \"/" + name + "\" is already in use by container \"" + holder
                                    + "\". You have to remove (or rename) that container to be able to reuse that name.");
                }
                Files.deleteIfExists(names.resolve(name)); // its creator died before its container was there
            }
        }
        throw new IOException("the name " + name + " cannot be taken");
    }

    private String holder(String name) throws IOException {
        try {
            return Files.readString(names.resolve(name)).strip();
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private String takeAny(String id) throws IOException {
        for (int attempt = 0; ; attempt++) {
            try {
                return take(GeneratedNames.any(random, attempt), id);
            } catch (ContainerException taken) {
                if (attempt == ATTEMPTS) {
                    throw taken;
                }
            }
        }
    }

    /** All there are, the newest first, as {@code docker ps} sorts. */
    public List<Container> list() throws IOException {
        if (!Files.isDirectory(folders)) {
            return List.of();
        }
        List<Path> all;
        try (Stream<Path> entries = Files.list(folders)) {
            all = entries.filter(
                            path -> ID.matcher(path.getFileName().toString()).matches())
                    .toList();
        }
        var found = new ArrayList<Container>();
        for (Path folder : all) {
            read(folder).ifPresent(found::add);
        }
        found.sort(Comparator.comparing((Container c) -> c.spec().created()).reversed());
        return found;
    }

    /** Empty for one that is being removed. */
    private Optional<Container> read(Path path) throws IOException {
        var folder = new ContainerFolder(path);
        try {
            ContainerState state = folder.state(proc);
            String name = folder.read("name").orElse("");
            return Optional.of(
                    state.isRunning()
                            ? new Container(folder.id(), name, folder.spec(), state, folder.place(), folder.published())
                            : new Container(folder.id(), name, folder.spec(), state));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** What a user means by an ID, the beginning of one, or a name. @throws ContainerException with docker's sentence */
    public Container get(String text) throws IOException {
        return find(text).orElseThrow(() -> ContainerException.missing(text));
    }

    public Optional<Container> find(String text) throws IOException {
        if (text.isEmpty() || !Files.isDirectory(folders)) {
            return Optional.empty();
        }
        if (ID.matcher(text).matches() && Files.isDirectory(folders.resolve(text))) {
            return read(folders.resolve(text));
        }
        String name = text.startsWith("/") ? text.substring(1) : text;
        if (NAME.matcher(name).matches()) {
            String holder = holder(name);
            if (ID.matcher(holder).matches() && Files.isDirectory(folders.resolve(holder))) {
                return read(folders.resolve(holder));
            }
        }
        return byPrefix(text);
    }

    private Optional<Container> byPrefix(String prefix) throws IOException {
        if (!prefix.matches("[0-9a-f]+")) {
            return Optional.empty();
        }
        List<Path> matching;
        try (Stream<Path> entries = Files.list(folders)) {
            matching = entries.filter(path -> path.getFileName().toString().startsWith(prefix))
                    .toList();
        }
        if (matching.size() > 1) {
            throw new ContainerException(Kind.INVALID, "Multiple IDs found with provided prefix: " + prefix);
        }
        return matching.isEmpty() ? Optional.empty() : read(matching.getFirst());
    }

    /** The same container as it is now. @throws ContainerException when it is gone */
    public Container refresh(Container container) throws IOException {
        return read(folders.resolve(container.id())).orElseThrow(() -> ContainerException.missing(container.id()));
    }

    public boolean exists(Container container) {
        return folder(container).exists();
    }

    public ContainerFolder folder(Container container) {
        return new ContainerFolder(folders.resolve(container.id()));
    }

    /** What its health checks have found since it was started. */
    public Optional<HealthResults> health(Container container) throws IOException {
        return HealthResults.read(folder(container));
    }

    public void rename(Container container, String newName) throws IOException {
        if (newName.equals(container.name()) || newName.equals("/" + container.name())) {
            throw new ContainerException(Kind.INVALID, "Renaming a container with the same name as its current name");
        }
        String taken;
        try {
            taken = take(checked(newName.startsWith("/") ? newName : "/" + newName), container.id());
        } catch (ContainerException e) {
            throw new ContainerException(e.kind(), "Error when allocating new name: " + e.getMessage());
        }
        replace(container, "name", taken.getBytes(StandardCharsets.UTF_8));
        Files.deleteIfExists(names.resolve(container.name()));
        events.record(refresh(container), "rename", Map.of("oldName", "/" + container.name()));
    }

    /** Gives a container other limits or another restart policy; what runs is changed by {@link ContainerLimits}. */
    public void change(Container container, ContainerSpec spec) throws IOException {
        replace(container, "spec.json", SpecWire.write(spec));
    }

    private void replace(Container container, String file, byte[] content) throws IOException {
        Path made = folder(container).file(file + ".new");
        Files.write(made, content);
        Files.move(made, folder(container).file(file), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Removes what is on the disk of a container that does not run and has nothing mounted. */
    public void delete(Container container) throws IOException {
        Path going = store.temp().path();
        try {
            Files.move(folders.resolve(container.id()), going, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            return;
        }
        Files.deleteIfExists(names.resolve(container.name()));
        events.record(container, "destroy");
        Trees.delete(going);
    }

    Optional<HostProc> proc() {
        return proc;
    }
}
