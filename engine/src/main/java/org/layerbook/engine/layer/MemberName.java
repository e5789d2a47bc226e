package org.layerbook.engine.layer;

import java.util.ArrayList;
import java.util.List;
import org.layerbook.engine.layer.tar.ByteString;
import org.layerbook.engine.layer.tar.MalformedLayerException;

/**
 * What the name of a member says: a place inside the root, and whether it is a marker (OCI image specification,
 * "Whiteouts").
 *
 * @param names raw names from the root on; of a whiteout those of what it hides, of an opaque marker its directory's
 */
record MemberName(Role role, List<String> names) {
    enum Role {
        ORDINARY,
        /** The root directory itself. */
        ROOT,
        WHITEOUT,
        OPAQUE,
        /** What aufs kept for itself, and nobody else reads. */
        IGNORED
    }

    private static final String AUFS = ".wh..wh.";

    /** The directory that {@link #last} is in. */
    List<String> parent() {
        return role == Role.OPAQUE ? names : names.subList(0, names.size() - 1);
    }

    String last() {
        return names.getLast();
    }

    /** @throws MalformedLayerException when it leads out of the root, or is no name */
    static MemberName of(String raw) throws MalformedLayerException {
        List<String> names = new ArrayList<>();
        for (String name : raw.split("/")) {
            if (name.equals("..")) {
                if (names.isEmpty()) {
                    throw new MalformedLayerException("invalid layer: path outside the root: " + ByteString.text(raw));
                }
                names.removeLast();
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
        }
        if (names.isEmpty()) {
            return new MemberName(raw.isEmpty() ? Role.IGNORED : Role.ROOT, List.of());
        }
        return marker(names, raw);
    }

    private static MemberName marker(List<String> names, String raw) throws MalformedLayerException {
        String last = names.getLast();
        List<String> parent = names.subList(0, names.size() - 1);
        if (last.equals(TreeTar.OPAQUE)) {
            refuseMarkers(parent, raw);
            return new MemberName(Role.OPAQUE, List.copyOf(parent));
        }
        if (names.stream().anyMatch(n -> n.startsWith(AUFS))) {
            return new MemberName(Role.IGNORED, List.copyOf(names));
        }
        refuseMarkers(parent, raw);
        if (!last.startsWith(TreeTar.WHITEOUT)) {
            return new MemberName(Role.ORDINARY, List.copyOf(names));
        }
        String hidden = last.substring(TreeTar.WHITEOUT.length());
        if (hidden.isEmpty() || hidden.equals(".") || hidden.equals("..")) {
            throw new MalformedLayerException("invalid layer: whiteout without a name: " + ByteString.text(raw));
        }
        List<String> target = new ArrayList<>(parent);
        target.add(hidden);
        return new MemberName(Role.WHITEOUT, List.copyOf(target));
    }

    private static void refuseMarkers(List<String> directories, String raw) throws MalformedLayerException {
        if (directories.stream().anyMatch(n -> n.startsWith(TreeTar.WHITEOUT))) {
            throw new MalformedLayerException("invalid layer: entry inside a whiteout: " + ByteString.text(raw));
        }
    }
}
