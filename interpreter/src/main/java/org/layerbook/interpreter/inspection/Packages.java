package org.layerbook.interpreter.inspection;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.layerbook.engine.layer.FileTree;
import org.layerbook.interpreter.report.DifferenceReport.PackageChange;

/**
 * Packages that a distribution's own tool has installed in an image, by the lists of dpkg and apk, which are plain text.
 * What rpm has is in a database and not read.
 */
final class Packages {
    private static final String DPKG = "/var/lib/dpkg/status";
    /** Of images without a shell: a list for each package. */
    private static final String DPKG_FOLDER = "/var/lib/dpkg/status.d";

    private static final String APK = "/lib/apk/db/installed";

    private Packages() {}

    /** Versions by name. */
    static Map<String, String> of(FileTree files) throws IOException {
        Map<String, String> packages = new TreeMap<>();
        read(files, DPKG, packages);
        read(files, APK, packages);
        try {
            for (FileTree.Entry list : files.list(DPKG_FOLDER)) {
                if (!list.path().endsWith(".md5sums")) {
                    read(files, list.path(), packages);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            // Not that kind of image.
        }
        return packages;
    }

    private static void read(FileTree files, String list, Map<String, String> packages) throws IOException {
        try (var reader = new BufferedReader(new InputStreamReader(files.open(list), StandardCharsets.UTF_8))) {
            packages.putAll(parse(reader));
        } catch (NoSuchFileException e) {
            // Not that distribution.
        }
    }

    /** Of blocks of lines, either tool's; those that were removed but for their settings do not count. */
    static Map<String, String> parse(BufferedReader reader) throws IOException {
        Map<String, String> packages = new TreeMap<>();
        String name = "";
        String version = "";
        boolean installed = true;
        for (String line = reader.readLine(); ; line = reader.readLine()) {
            if (line == null || line.isEmpty()) {
                if (installed && !name.isEmpty() && !version.isEmpty()) {
                    packages.put(name, version);
                }
                name = "";
                version = "";
                installed = true;
                if (line == null) {
                    return packages;
                }
            } else if (line.startsWith("Package: ") || line.startsWith("P:")) {
                name = line.substring(line.indexOf(':') + 1).strip();
            } else if (line.startsWith("Version: ") || line.startsWith("V:")) {
                version = line.substring(line.indexOf(':') + 1).strip();
            } else if (line.startsWith("Status: ")) {
                installed = line.endsWith(" installed");
            }
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
