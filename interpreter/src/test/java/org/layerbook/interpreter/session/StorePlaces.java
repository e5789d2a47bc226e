package org.layerbook.interpreter.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What there is in a store, by kind. */
final class StorePlaces {
    /** Every kind there is, so that a new one comes to the tests' notice. */
    static final List<String> KINDS = List.of(
            "blobs",
            "blobs/sha256",
            "blobs/sha256/HEX",
            "build",
            "build/mounts",
            "build/mounts/ID",
            "build/mounts/ID/data",
            "build/mounts/ID/id",
            "build/stat",
            "build/stat/ID",
            "builders.json",
            "cache",
            "cache-latest",
            "cache-latest/XX",
            "cache-latest/XX/HEX",
            "cache/XX",
            "cache/XX/HEX",
            "collecting",
            "garbage",
            "garbage/ID",
            "gate.lock",
            "history",
            "images",
            "images/XX",
            "images/XX/HEX",
            "index",
            "index/images",
            "index/names",
            "layers",
            "layers/XX",
            "layers/XX/sha256-HEX",
            "leases",
            "leases/ID",
            "leases/ID.lock",
            "locks",
            "locks/HEX",
            "names",
            "names-of",
            "names-of/XX",
            "names-of/XX/HEX=NAME",
            "names/XX",
            "names/XX/NAME",
            "oci-layout",
            "reserve",
            "runtime",
            "snapshots",
            "snapshots/form",
            "snapshots/overlay",
            "snapshots/sha256-HEX",
            "snapshots/sha256-HEX/fs",
            "snapshots/sha256-HEX/layer.json",
            "store.json",
            "tmp",
            "tmp/ID",
            "tmp/ID.lock",
            "users",
            "users-complete",
            "users/XX",
            "users/XX/sha256-HEX=HEX");

    /** Those of {@link #KINDS} that are there only where a runtime and overlayfs work. */
    static final Set<String> MACHINES = Set.of("runtime", "snapshots/overlay");

    private StorePlaces() {}

    /** Every file and folder of a store, relative to it, but for what images and cache mounts contain. */
    static List<String> of(Path home) throws IOException {
        try (Stream<Path> all = Files.walk(home)) {
            return all.filter(place -> !place.equals(home))
                    .map(place -> home.relativize(place).toString())
                    .filter(place ->
                            !place.matches("snapshots/[^/]*/fs/.*|build/mounts/[^/]*/data/.*|tmp/[^/]*/.*|reserve/.*"))
                    .sorted()
                    .toList();
        }
    }

    /** The place with what differs between two of its kind left out. */
    static String kind(String place) {
        String kind = place.replaceAll("[0-9a-f]{64}", "HEX").replaceAll("docker\\.io[^/]*", "NAME");
        kind = kind.replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "ID");
        kind = kind.replaceAll("^(build/(mounts|stat))/[0-9a-f]{12}", "$1/ID");
        return kind.replaceAll("^([a-z-]+)/[0-9a-f]{2}(/|$)", "$1/XX$2");
    }

    static boolean isFolder(Path place) {
        return Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS);
    }
}
