package org.layerbook.engine.builder.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.layerbook.engine.builder.step.RunDefaults;
import org.layerbook.engine.builder.tree.SourceTree;

/**
 * What apt in a step is told through {@code APT_CONFIG} (apt.conf(5)): a proxy, and sources with mirrors in place of
 * archives. The image's own sources are read, never changed.
 */
public final class AptSettings {
    /** Where the files are shown in the container. */
    static final String FOLDER = "/run/layerbook-apt";

    static final String VARIABLE = "APT_CONFIG";

    private static final String SOURCES = "/etc/apt/sources.list";
    private static final String PARTS = "/etc/apt/sources.list.d";

    private final RunDefaults defaults;

    public AptSettings(RunDefaults defaults) {
        this.defaults = defaults;
    }

    /**
     * Writes the files into {@code folder}.
     *
     * @param root of the step
     * @return whether the image has apt, and so anything is written
     */
    public boolean write(Path root, Path folder) throws IOException {
        SourceTree tree = SourceTree.rootFs(root);
        if (tree.resolve("/etc/apt").isEmpty()) {
            return false;
        }
        var conf = new StringBuilder();
        defaults.aptProxy()
                .ifPresent(proxy ->
                        conf.append("Acquire::http::Proxy \"").append(proxy).append("\";\n"));
        if (!defaults.aptMirrors().isEmpty()) {
            rewritten(tree, SOURCES, folder.resolve("sources.list"));
            Path parts = Files.createDirectory(folder.resolve("sources.list.d"));
            for (String name : partNames(tree)) {
                rewritten(tree, PARTS + "/" + name, parts.resolve(name));
            }
            conf.append("Dir::Etc::sourcelist \"").append(FOLDER).append("/sources.list\";\n");
            conf.append("Dir::Etc::sourceparts \"").append(FOLDER).append("/sources.list.d\";\n");
        }
        Files.writeString(folder.resolve("apt.conf"), conf);
        return true;
    }

    /** Everything in the folder, itself included: whoever runs apt has to read it, whatever this process's umask is. */
    static List<Path> written(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.toList();
        }
    }

    private static List<String> partNames(SourceTree tree) throws IOException {
        Optional<SourceTree.Entry> parts = tree.resolve(PARTS);
        var names = new ArrayList<String>();
        if (parts.isPresent() && Files.isDirectory(parts.get().file())) {
            try (Stream<Path> files = Files.list(parts.get().file())) {
                files.map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith(".list") || name.endsWith(".sources"))
                        .sorted()
                        .forEach(names::add);
            }
        }
        return names;
    }

    private void rewritten(SourceTree tree, String source, Path target) throws IOException {
        Optional<SourceTree.Entry> entry = tree.resolve(source);
        String text = entry.isPresent() && Files.isRegularFile(entry.get().file())
                ? new String(Files.readAllBytes(entry.get().file()), StandardCharsets.ISO_8859_1)
                : "";
        Files.write(target, rewritten(text, defaults.aptMirrors()).getBytes(StandardCharsets.ISO_8859_1));
    }

    public static String rewritten(String sources, Map<String, String> mirrors) {
        String text = sources;
        for (var mirror : mirrors.entrySet()) {
            text = Pattern.compile("https?://" + Pattern.quote(mirror.getKey()) + "(?=[/\\s]|$)", Pattern.MULTILINE)
                    .matcher(text)
                    .replaceAll(Matcher.quoteReplacement(mirror.getValue().replaceFirst("/+$", "")));
        }
        return text;
    }
}
