package org.layerbook.engine.store.file;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.image.ContentStore;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Images;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.image.Names;
import org.layerbook.engine.image.StoreException;
import org.layerbook.engine.image.StoreLocks;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.oci.MalformedException;
import org.layerbook.engine.oci.Reference;

/** {@code images/SHARD/HEX}, one {@link ImageRecord} each; the config is a blob. */
public final class FileImages implements Images {
    private static final Pattern ID_PREFIX = Pattern.compile("(?:sha256:)?([0-9a-f]{1,64})");
    private static final Pattern WHOLE_ID = Pattern.compile("(?:sha256:)?([0-9a-f]{64})");

    private final ShardedFolder<ImageRecord> records;
    private final ShardedFolder<ImageBrief> briefs;
    private final ContentStore content;
    private final LayerBlobs layerBlobs;
    private final StoreLocks locks;
    private final GcBarrier barrier;
    private final FileTags names;
    private final LayerUsers users;
    private volatile Listed listed = new Listed(List.of(), List.of(), List.of());

    /** Kept as long as nothing changes. */
    private record Listed(List<ImageBrief> records, List<Names.Name> names, List<Summary> summaries) {}

    public FileImages(
            StoreFiles files, ContentStore content, LayerBlobs layerBlobs, StoreLocks locks, GcBarrier barrier) {
        Path folder = files.home().resolve("images");
        this.records = new ShardedFolder<>(files, folder, ShardedFolder.Content.KEPT, ImageRecord::parse);
        var index = new ShardIndex<>(files.home().resolve("index/images"), ImageBrief.FORM);
        this.briefs =
                new ShardedFolder<>(files, folder, ShardedFolder.Content.KEPT, ImageBrief::parse, Optional.of(index));
        this.content = content;
        this.layerBlobs = layerBlobs;
        this.locks = locks;
        this.barrier = barrier;
        this.names = new FileTags(files, locks, this);
        this.users = new LayerUsers(files, locks);
    }

    public FileTags names() {
        return names;
    }

    /** What the collector and verification read. */
    public ShardedFolder<ImageRecord> records() {
        return records;
    }

    @Override
    public boolean contains(Digest id) {
        return id.algorithm().equals("sha256") && records.contains(shard(id), id.hex());
    }

    public Optional<ImageRecord> record(Digest id) throws IOException {
        return id.algorithm().equals("sha256") ? records.get(shard(id), id.hex()) : Optional.empty();
    }

    @Override
    public Optional<Image> get(Digest id) throws IOException {
        Optional<ImageRecord> record = record(id);
        if (record.isEmpty()) {
            return Optional.empty();
        }
        Bytes config = content.read(id);
        var layers = new ArrayList<Layer>();
        for (Layer layer : record.get().layers()) {
            layers.add(layerBlobs.withBlob(layer));
        }
        try {
            return Optional.of(new Image(
                    config,
                    ImageConfig.parse(config.toArray()),
                    layers,
                    record.get().manifest()));
        } catch (IllegalArgumentException | MalformedException e) {
            throw new StoreException("image " + id + " in the store is damaged: " + e.getMessage(), e);
        }
    }

    @Override
    public void put(Image image) throws IOException {
        Digest id = image.id();
        try (var _ = locks.lock("image " + shard(id));
                var _ = barrier.enter()) {
            content.put(image.configBytes().toArray());
            ImageRecord record = ImageRecord.of(image);
            Optional<ImageRecord> older = records.getIfWhole(shard(id), id.hex());
            ImageRecord merged = older.map(record::or).orElse(record);
            if (older.isEmpty()) {
                users.add(merged);
            }
            if (!older.equals(Optional.of(merged))) {
                records.put(shard(id), id.hex(), merged.toJson());
            }
            for (Layer layer : image.layers()) {
                if (layer.blob().isPresent()) {
                    layerBlobs.remember(layer.diffId(), layer.blob().get());
                }
            }
        }
    }

    @Override
    public boolean remove(Digest id) throws IOException {
        try (var _ = locks.lock("image " + shard(id))) {
            Optional<ImageRecord> record = records.getIfWhole(shard(id), id.hex());
            if (!names.of(id).isEmpty() || !records.remove(shard(id), id.hex())) {
                return false;
            }
            if (record.isPresent()) { // of one that is damaged the collector tidies up
                users.remove(record.get());
            }
            return true;
        }
    }

    @Override
    public List<Layer> ownLayers(Image image) throws IOException {
        if (!users.isComplete()) {
            users.complete(records.all());
        }
        return users.own(image.id(), image.layers(), this::contains);
    }

    /** Drops what a process left that died while it listed or removed an image. */
    public void tidy() throws IOException {
        Set<Digest> listed = records.all().stream().map(ImageRecord::id).collect(Collectors.toSet());
        users.tidy(id -> listed.contains(id) || contains(id));
        names.tidy();
    }

    @Override
    public int count(int most) throws IOException {
        int count = 0;
        for (String shard : ShardedFolder.SHARDS) {
            count += records.fileNames(shard).size();
            if (count >= most) {
                return most;
            }
        }
        return count;
    }

    @Override
    public List<Summary> list() throws IOException {
        List<Names.Name> allNames = names.unsorted();
        List<ImageBrief> all = briefs.all();
        Listed before = listed;
        if (before.records != all || before.names != allNames) {
            before = new Listed(all, allNames, summaries(all, allNames));
            listed = before;
        }
        return before.summaries;
    }

    private static List<Summary> summaries(List<ImageBrief> records, List<Names.Name> names) {
        Map<Digest, List<Names.Name>> namesOf = new HashMap<>();
        for (Names.Name name : names) {
            namesOf.computeIfAbsent(name.image(), id -> new ArrayList<>(1)).add(name);
        }
        for (List<Names.Name> several : namesOf.values()) {
            if (several.size() > 1) {
                several.sort(Comparator.comparing(Names.Name::reference));
            }
        }
        return records.stream()
                .map(record -> new Summary(
                        record.id(),
                        record.created(),
                        record.size(),
                        record.manifest(),
                        namesOf.getOrDefault(record.id(), List.of())))
                .sorted(Comparator.comparing(
                                (Summary summary) -> summary.created().orElse(Instant.MIN))
                        .reversed()
                        .thenComparing(summary -> summary.id().hex()))
                .toList();
    }

    @Override
    public Resolution resolve(String text) throws IOException {
        Matcher whole = WHOLE_ID.matcher(text);
        if (whole.matches()) {
            Digest id = new Digest("sha256", whole.group(1));
            return contains(id) ? new Resolution.Found(id, Optional.empty()) : new Resolution.Missing(id.toString());
        }
        Reference reference;
        try {
            reference = Reference.parse(text);
        } catch (IllegalArgumentException e) {
            return byPrefix(text).orElse(new Resolution.Invalid(e.getMessage()));
        }
        Optional<Names.Name> name = names.get(reference);
        if (name.isPresent() && contains(name.get().image())) {
            return new Resolution.Found(
                    name.get().image(), Optional.of(name.get().reference()));
        }
        return byPrefix(text).orElse(new Resolution.Missing(reference.tagged().familiar()));
    }

    private Optional<Resolution> byPrefix(String text) throws IOException {
        Matcher matcher = ID_PREFIX.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String prefix = matcher.group(1);
        var found = new ArrayList<Digest>();
        for (String shard : ShardedFolder.SHARDS) {
            if (shard.startsWith(prefix) || prefix.startsWith(shard)) {
                records.fileNames(shard).stream()
                        .filter(hex ->
                                hex.startsWith(prefix) && WHOLE_ID.matcher(hex).matches())
                        .map(hex -> new Digest("sha256", hex))
                        .forEach(found::add);
            }
        }
        return switch (found.size()) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(new Resolution.Found(found.getFirst(), Optional.empty()));
            default ->
                Optional.of(
                        new Resolution.Ambiguous(prefix, found.stream().sorted().toList()));
        };
    }

    private static String shard(Digest id) {
        return id.hex().substring(0, 2);
    }
}
