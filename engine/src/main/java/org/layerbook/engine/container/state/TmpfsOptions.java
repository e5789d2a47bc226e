package org.layerbook.engine.container.state;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.golang.ByteSize;

/** The options of {@code --tmpfs}, by docker's rules: its own defaults first, of two that say the opposite the later one counts. */
public final class TmpfsOptions {
    private static final List<String> DEFAULTS = List.of("noexec", "nosuid", "nodev", "rprivate");

    /** Each flag and what it undoes. */
    private static final Map<String, String> OPPOSITES = Map.ofEntries(
            Map.entry("defaults", ""),
            Map.entry("ro", "rw"),
            Map.entry("rw", "ro"),
            Map.entry("suid", "nosuid"),
            Map.entry("nosuid", "suid"),
            Map.entry("dev", "nodev"),
            Map.entry("nodev", "dev"),
            Map.entry("exec", "noexec"),
            Map.entry("noexec", "exec"),
            Map.entry("sync", "async"),
            Map.entry("async", "sync"),
            Map.entry("dirsync", ""),
            Map.entry("remount", ""),
            Map.entry("mand", "nomand"),
            Map.entry("nomand", "mand"),
            Map.entry("atime", "noatime"),
            Map.entry("noatime", "atime"),
            Map.entry("diratime", "nodiratime"),
            Map.entry("nodiratime", "diratime"),
            Map.entry("bind", ""),
            Map.entry("rbind", ""),
            Map.entry("unbindable", ""),
            Map.entry("runbindable", ""),
            Map.entry("private", ""),
            Map.entry("rprivate", ""),
            Map.entry("shared", ""),
            Map.entry("rshared", ""),
            Map.entry("slave", ""),
            Map.entry("rslave", ""),
            Map.entry("relatime", "norelatime"),
            Map.entry("norelatime", "relatime"),
            Map.entry("strictatime", "nostrictatime"),
            Map.entry("nostrictatime", "strictatime"));

    private static final Set<String> VALUES = Set.of("mode", "size", "nr_inodes", "nr_blocks", "uid", "gid", "mpol");

    private TmpfsOptions() {}

    /** The first option that docker does not take. */
    public static Optional<String> invalid(String options) {
        return words(options).stream()
                .filter(word -> {
                    int equals = word.indexOf('=');
                    return equals < 0 ? !OPPOSITES.containsKey(word) : !VALUES.contains(word.substring(0, equals));
                })
                .findFirst();
    }

    private static List<String> words(String options) {
        return options.isEmpty() ? List.of() : List.of(options.split(",", -1));
    }

    /** For the runtime. */
    public static List<String> merge(String options) {
        var all = new ArrayList<>(DEFAULTS);
        all.addAll(words(options));
        var merged = new ArrayList<String>();
        var settled = new HashSet<String>();
        for (String word : all.reversed()) {
            int equals = word.indexOf('=');
            String key = equals < 0 ? word : word.substring(0, equals);
            if (!settled.contains(key)) {
                settled.add(key);
                if (equals < 0) {
                    settled.add(OPPOSITES.getOrDefault(key, ""));
                }
                merged.addFirst(inBytes(word));
            }
        }
        return List.copyOf(merged);
    }

    /** The kernel knows {@code 64m}, but not {@code 64MB}. */
    private static String inBytes(String word) {
        return word.startsWith("size=") && !word.endsWith("%")
                ? ByteSize.parse(word.substring("size=".length()))
                        .map(bytes -> "size=" + bytes)
                        .orElse(word)
                : word;
    }
}
