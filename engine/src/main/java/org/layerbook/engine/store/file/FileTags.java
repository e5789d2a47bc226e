package org.layerbook.engine.store.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.layerbook.engine.golang.GoJson;
import org.layerbook.engine.image.Images;
import org.layerbook.engine.image.Names;
import org.layerbook.engine.image.StoreException;
import org.layerbook.engine.image.StoreLocks;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Json;
import org.layerbook.engine.oci.Reference;

/**
 * {@code names/SHARD/REFERENCE} says which image a reference names; {@code names-of/SHARD/ID=REFERENCE} is the way back.
 * The way back is written first and removed last, so it names at least what is true, and is checked against the former.
 */
public final class FileTags implements Names {
    /** Leaves room for {@code ID=} in the 255 bytes of a file name. */
    private static final int MAX_ESCAPED = 180;

    private static final String HUB = "docker.io%";
    private static final String OFFICIAL = "docker.io%library%";

    /**
     * Image, time in milliseconds, domain, path, tag, digest, and the target's media type, digest and size; the last five
     * may be empty.
     */
    private static final ShardIndex.Form<Name> FORM = new ShardIndex.Form<>() {
        @Override
        public String write(Name one) {
            Reference reference = one.reference();
            return String.join(
                    "\t",
                    one.image().hex(),
                    Long.toString(one.tagged().toEpochMilli()),
                    reference.domain(),
                    reference.path(),
                    reference.tag().orElse(""),
                    reference.digest().map(Digest::toString).orElse(""),
                    one.target().map(Descriptor::mediaType).orElse(""),
                    one.target().map(target -> target.digest().toString()).orElse(""),
                    one.target().map(target -> Long.toString(target.size())).orElse(""));
        }

        @Override
        public Name read(String name, String[] fields) {
            var reference = new Reference(
                    fields[3],
                    fields[4],
                    Optional.of(fields[5]).filter(tag -> !tag.isEmpty()),
                    Optional.of(fields[6]).filter(digest -> !digest.isEmpty()).map(Digest::parse));
            Optional<Descriptor> target = fields[8].isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Descriptor(fields[7], Digest.parse(fields[8]), Long.parseLong(fields[9])));
            Instant tagged = Instant.ofEpochMilli(Long.parseLong(fields[2]));
            return new Name(reference, new Digest("sha256", fields[1]), target, tagged);
        }
    };

    private final ShardedFolder<Name> names;
    private final ShardedFolder<Reference> back;
    private volatile Sorted sorted = new Sorted(List.of(), List.of());
    private final StoreLocks locks;
    private final Images images;

    /** Kept as long as nothing changes. */
    private record Sorted(List<Name> unsorted, List<Name> names) {}

    FileTags(StoreFiles files, StoreLocks locks, Images images) {
        Path home = files.home();
        var index = new ShardIndex<>(home.resolve("index/names"), FORM);
        this.names = new ShardedFolder<>(
                files, home.resolve("names"), ShardedFolder.Content.KEPT, FileTags::parse, Optional.of(index));
        this.back = new ShardedFolder<>(
                files, home.resolve("names-of"), ShardedFolder.Content.DERIVED, FileTags::parseBack);
        this.locks = locks;
        this.images = images;
    }

    @Override
    public Optional<Name> get(Reference reference) throws IOException {
        return read(canonical(reference));
    }

    private Optional<Name> read(Reference reference) throws IOException {
        return names.get(shard(reference), escape(reference));
    }

    @Override
    public Optional<Digest> set(Reference reference, Digest image, Optional<Descriptor> target) throws IOException {
        Reference canonical = canonical(reference);
        try (var _ = locks.lock("image " + idShard(image));
                var _ = locks.lock("name " + shard(canonical))) {
            if (!images.contains(image)) {
                throw new StoreException("No such image: " + image);
            }
            Optional<Digest> before =
                    names.getIfWhole(shard(canonical), escape(canonical)).map(Name::image);
            back.put(idShard(image), backName(image, canonical), utf8(canonical.toString()));
            names.put(shard(canonical), escape(canonical), write(new Name(canonical, image, target, now())));
            if (before.isPresent() && !before.get().equals(image)) {
                back.remove(idShard(before.get()), backName(before.get(), canonical));
            }
            return before;
        }
    }

    @Override
    public void settle(Name name, Descriptor target) throws IOException {
        Reference reference = name.reference();
        try (var _ = locks.lock("name " + shard(reference))) {
            if (name.target().isEmpty() && read(reference).equals(Optional.of(name))) {
                var settled = new Name(reference, name.image(), Optional.of(target), name.tagged());
                names.put(shard(reference), escape(reference), write(settled));
            }
        }
    }

    @Override
    public boolean remove(Reference reference) throws IOException {
        Reference canonical = canonical(reference);
        try (var _ = locks.lock("name " + shard(canonical))) {
            Optional<Name> name = names.getIfWhole(shard(canonical), escape(canonical));
            boolean was = names.remove(shard(canonical), escape(canonical));
            if (name.isEmpty()) { // or damaged; then the collector takes the way back away
                return was;
            }
            back.remove(idShard(name.get().image()), backName(name.get().image(), canonical));
            return true;
        }
    }

    @Override
    public List<Reference> of(Digest image) throws IOException {
        var found = new ArrayList<Reference>();
        for (String file : back.fileNames(idShard(image))) {
            Optional<Reference> reference =
                    file.startsWith(image.hex() + "=") ? back.get(idShard(image), file) : Optional.empty();
            if (reference.isPresent()
                    && read(reference.get())
                            .filter(name -> name.image().equals(image))
                            .isPresent()) {
                found.add(reference.get());
            }
        }
        found.sort(Comparator.naturalOrder());
        return List.copyOf(found);
    }

    /** Every name; the same list as before while nothing has changed. */
    List<Name> unsorted() throws IOException {
        return names.all();
    }

    @Override
    public List<Name> list() throws IOException {
        List<Name> all = names.all();
        Sorted before = sorted;
        if (before.unsorted != all) {
            before = new Sorted(
                    all,
                    all.stream().sorted(Comparator.comparing(Name::reference)).toList());
            sorted = before;
        }
        return before.names;
    }

    @Override
    public List<Reference> startingWith(String prefix) throws IOException {
        String escaped = prefix.replace('/', '%');
        var found = new ArrayList<Reference>();
        for (String shard : names.shardNames()) {
            for (String file : names.knownNames(shard, (text, at) -> mayStart(text, at, escaped))) {
                if (file.startsWith("~")) {
                    names.get(shard, file).map(Name::reference).ifPresent(found::add);
                } else {
                    reference(file).ifPresent(found::add);
                }
            }
        }
        found.removeIf(reference -> !reference.familiar().startsWith(prefix));
        return found;
    }

    /** Before the name is taken apart: with any of what the familiar form leaves out. */
    private static boolean mayStart(String text, int at, String escaped) {
        return text.startsWith(escaped, at)
                || text.startsWith("~", at)
                || text.startsWith(HUB, at) && text.startsWith(escaped, at + HUB.length())
                || text.startsWith(OFFICIAL, at) && text.startsWith(escaped, at + OFFICIAL.length());
    }

    /** Empty for a file that is none of ours. */
    private static Optional<Reference> reference(String file) {
        try {
            return Optional.of(unescape(file));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** What {@link #escape} was given, without checking it all over again. */
    private static Reference unescape(String file) {
        String text = file.replace('%', '/');
        int slash = text.indexOf('/');
        int at = text.indexOf('@');
        int colon = text.lastIndexOf(':');
        boolean host = slash > 0 && text.lastIndexOf('_', slash) < 0;
        if (!host || at >= 0 || colon < slash) {
            return Reference.parse(text);
        }
        return new Reference(
                text.substring(0, slash),
                text.substring(slash + 1, colon),
                Optional.of(text.substring(colon + 1)),
                Optional.empty());
    }

    /** Drops ways back that lead nowhere: what a process left that died between two of the steps above. */
    void tidy() throws IOException {
        Set<String> good = names.all().stream()
                .map(name -> backName(name.image(), name.reference()))
                .collect(Collectors.toSet());
        for (String shard : ShardedFolder.SHARDS) {
            for (Map.Entry<String, Reference> entry : back.shard(shard).entrySet()) {
                if (!good.contains(entry.getKey())) {
                    try (var _ = locks.lock("name " + shard(entry.getValue()))) {
                        if (!leads(entry)) {
                            back.remove(shard, entry.getKey());
                        }
                    }
                }
            }
        }
    }

    private boolean leads(Map.Entry<String, Reference> wayBack) throws IOException {
        Optional<Name> name = read(wayBack.getValue());
        return name.isPresent()
                && wayBack.getKey().startsWith(name.get().image().hex() + "=");
    }

    /** Says of every file that is no name, or names no image, what is wrong with it. */
    public void verify(BiConsumer<String, String> problem) throws IOException {
        names.unreadable((file, e) -> problem.accept(file, e.getMessage()));
        names.readable((file, name) -> {
            if (!images.contains(name.image())
                    && read(name.reference()).filter(name::equals).isPresent()) {
                problem.accept(
                        name.reference().familiar(), "refers to the image " + name.image() + ", which is missing");
            }
        });
    }

    private static Reference canonical(Reference reference) {
        return reference.digest().isPresent()
                ? reference.repository().withDigest(reference.digest().get())
                : reference.tagged();
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    private static byte[] write(Name name) {
        return GoJson.object(json -> {
            json.string("name", name.reference().toString())
                    .string("image", name.image().toString());
            name.target().ifPresent(target -> json.object("target", target::write));
            json.string("tagged", name.tagged().toString());
        });
    }

    private static Name parse(String file, byte[] content) throws IOException {
        Json json = Json.parse(content, "names/" + file);
        Reference reference = Reference.parse(json.require("name").string());
        if (!escape(reference).equals(file)) {
            throw json.problem("belongs to another name");
        }
        Optional<Json> target = json.get("target");
        return new Name(
                reference,
                json.require("image").digest(),
                target.isEmpty() ? Optional.empty() : Optional.of(Descriptor.read(target.get())),
                Instant.parse(json.require("tagged").string()));
    }

    private static Reference parseBack(String file, byte[] content) {
        return Reference.parse(new String(content, StandardCharsets.UTF_8));
    }

    /** No reference has a {@code %} or a {@code ~}. Longer than a file name may be, it is its digest instead. */
    static String escape(Reference reference) {
        String text = reference.toString();
        return text.length() <= MAX_ESCAPED
                ? text.replace('/', '%')
                : "~" + Digest.sha256(utf8(text)).hex();
    }

    private static String shard(Reference reference) {
        return Digest.sha256(utf8(reference.toString())).hex().substring(0, 2);
    }

    private static String backName(Digest image, Reference reference) {
        return image.hex() + "=" + escape(reference);
    }

    private static String idShard(Digest image) {
        return image.hex().substring(0, 2);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
