package org.layerbook.interpreter.session.context;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What of a build context is the notebook's own: the file that the cells stand in, which changes at every save, and the
 * folder of its checkpoints. Where the front-end does not say which file that is (nbclient), every notebook of this
 * language that lies at the top of the context.
 */
public final class Notebooks {
    public static final String CHECKPOINTS = ".ipynb_checkpoints";
    private static final Pattern OURS = Pattern.compile("\"language\"\\s*:\\s*\"dockerfile\"");
    /** Metadata stands behind the cells; a larger notebook is read as far as this. */
    private static final int MOST_BYTES = 16 << 20;

    private Notebooks() {}

    /** Paths in the context. @param notebook where it is known */
    public static List<String> in(Path context, Optional<Path> notebook) {
        if (notebook.isPresent()) {
            return notebook.filter(file -> file.startsWith(context)).stream()
                    .map(file -> context.relativize(file).toString())
                    .toList();
        }
        var found = new ArrayList<String>();
        try (Stream<Path> files = Files.list(context)) {
            files.filter(file -> file.toString().endsWith(".ipynb"))
                    .filter(Notebooks::isOurs)
                    .forEach(file -> found.add(file.getFileName().toString()));
        } catch (IOException | UncheckedIOException e) {
            // A context that cannot be listed has nothing to leave out; the step that reads it says what is wrong.
            return List.of();
        }
        found.sort(null);
        return List.copyOf(found);
    }

    private static boolean isOurs(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
            return OURS.matcher(text).find();
        } catch (IOException e) {
            return false;
        }
    }
}
