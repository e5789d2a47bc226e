package org.layerbook.interpreter.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What there is in a store, by kind. */
final class StorePlaces {
    private StorePlaces() {}

    /** Every file and folder of a store, relative to it, but for what images and cache mounts contain. */
    static List<String> of(Path home) throws IOException {
        try (Stream<Path> all = Files.walk(home)) {
            return all.filter(place -> !place.equals(home))
                    .map(place -> home.relativize(place).toString())
                    .filter(place -> !place.matches("snapshots/[^/]*/fs/.*|build/mounts/[^/]*/data/.*"))
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
