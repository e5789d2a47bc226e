package org.layerbook.interpreter.look;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.layerbook.engine.layer.FileTree;
import org.layerbook.interpreter.report.DifferenceReport.PackageChange;

/** Packages that a distribution's own tool has installed in an image: dpkg's and apk's lists are plain text. */
final class Packages {
    private static final String DPKG = "/var/lib/dpkg/status";
    private static final String APK = "/lib/apk/db/installed";

    private Packages() {}

    /** Versions by name. */
    static Map<String, String> of(FileTree files) throws IOException {
        Map<String, String> packages = new TreeMap<>();
        read(files, DPKG, "Package: ", "Version: ", packages);
        read(files, APK, "P:", "V:", packages);
        return packages;
    }

    private static void read(FileTree files, String list, String name, String version, Map<String, String> packages)
            throws IOException {
        try (var reader = new BufferedReader(new InputStreamReader(files.open(list), StandardCharsets.UTF_8))) {
            String current = "";
            String its = "";
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.isEmpty()) {
                    current = "";
                    its = "";
                } else if (line.startsWith(name)) {
                    current = line.substring(name.length()).strip();
                } else if (line.startsWith(version)) {
                    its = line.substring(version.length()).strip();
                }
                if (!current.isEmpty() && !its.isEmpty()) {
                    packages.put(current, its);
                }
            }
        } catch (NoSuchFileException e) {
            // Not that distribution.
        }
    }

    static List<PackageChange> differences(Map<String, String> before, Map<String, String> after) {
        var names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        var changes = new ArrayList<PackageChange>();
        for (String name : names) {
            var from = Optional.ofNullable(before.get(name));
            var to = Optional.ofNullable(after.get(name));
            if (!from.equals(to)) {
                changes.add(new PackageChange(name, from, to));
            }
        }
        return changes;
    }
}
