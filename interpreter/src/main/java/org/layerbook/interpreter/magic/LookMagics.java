package org.layerbook.interpreter.magic;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.build.CacheMiss;
import org.layerbook.engine.build.Stage;
import org.layerbook.engine.build.StepRecord;
import org.layerbook.engine.layer.FileTree;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.layer.LayerChanges.FileKind;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.store.Image;
import org.layerbook.engine.store.Layer;
import org.layerbook.interpreter.magic.Magic.Completer;
import org.layerbook.interpreter.magic.Magic.Form;
import org.layerbook.interpreter.view.Figures;
import org.layerbook.interpreter.view.Plain;

/** Magics that look into images. */
final class LookMagics {
    /** Lines of a list that are shown; the rest is counted. */
    private static final int MOST_LINES = 200;
    /** Bytes of a file that are shown. */
    private static final int MOST_BYTES = 1 << 20;

    private LookMagics() {}

    static final List<Magic> ALL = List.of(
            new Magic(
                    List.of("layers"),
                    Form.LINE,
                    "[IMAGE]",
                    "the layers of an image, the lowest first",
                    "Without an image, the live one. Example: %layers busybox",
                    false,
                    (prefix, hints) -> hints.images(prefix),
                    LookMagics::layers),
            new Magic(
                    List.of("files"),
                    Form.LINE,
                    "[IMAGE|STEP] [PATH]",
                    "the files in a folder of an image, or what a step changed",
                    "Examples: %files / lists the live image, %files busybox /bin another, %files 3 what step 3 did",
                    false,
                    (prefix, hints) -> hints.images(prefix),
                    LookMagics::files),
            new Magic(
                    List.of("cat"),
                    Form.LINE,
                    "[IMAGE] PATH",
                    "print a file of an image, or with one argument of this host",
                    "Example: %cat @ /etc/passwd",
                    false,
                    (prefix, hints) -> hints.images(prefix),
                    LookMagics::cat),
            new Magic(
                    List.of("diff"),
                    Form.LINE,
                    "A [B]",
                    "the files in which image B differs from image A",
                    "B is the live image where only one is given. A: added, C: changed, D: deleted. Example: %diff @[2]",
                    false,
                    (prefix, hints) -> hints.images(prefix),
                    LookMagics::diff),
            new Magic(
                    List.of("why"),
                    Form.LINE,
                    "[STEP]",
                    "why a step was or was not taken from the cache",
                    "The last one, or that of a number.",
                    false,
                    Completer.NONE,
                    LookMagics::why));

    private static void layers(MagicCall call, MagicContext context) throws MagicException {
        Image image = context.image(call.withoutOptions("%layers [IMAGE]")
                .atMostOne("%layers [IMAGE]")
                .orElse("@"));
        Iterator<Layer> layers = image.layers().iterator();
        var text = new StringBuilder();
        int number = 0;
        for (ImageConfig.History step : image.config().history()) {
            if (!step.emptyLayer() && layers.hasNext()) {
                Layer layer = layers.next();
                text.append(line(++number, layer, step.createdBy().orElse("")));
            }
        }
        while (layers.hasNext()) {
            text.append(line(++number, layers.next(), ""));
        }
        context.print(text + Figures.size(image.size()) + " in "
                + Figures.count(image.layers().size(), "layer") + "\n");
    }

    private static String line(int number, Layer layer, String createdBy) {
        String step = Plain.abbreviate(Plain.clean(createdBy.replaceAll("\\s+", " ")), 60);
        return (Plain.padLeft(number + "", 3) + "  " + layer.diffId().shortHex() + "  "
                                + Plain.padLeft(Figures.size(layer.size()), 8) + "  " + step)
                        .stripTrailing()
                + "\n";
    }

    private static void files(MagicCall call, MagicContext context) throws MagicException {
        String usage = "%files [IMAGE|STEP] [PATH]";
        List<String> words = call.withoutOptions(usage).words();
        if (words.size() > 2) {
            throw new MagicException("`%files` takes an image and a path", "write `" + usage + "`");
        }
        if (words.size() == 1 && words.getFirst().matches("\\d{1,5}")) {
            changes(step(words.getFirst(), context).changes(), context);
            return;
        }
        boolean onlyPath = words.size() == 1 && words.getFirst().startsWith("/");
        String image = words.isEmpty() || onlyPath ? "@" : words.getFirst();
        String path = words.isEmpty() ? "/" : onlyPath ? words.getFirst() : words.size() > 1 ? words.get(1) : "/";
        try {
            FileTree tree = context.files(context.image(image));
            Optional<FileTree.Entry> found = tree.find(path);
            List<FileTree.Entry> entries =
                    found.filter(e -> e.kind() == FileKind.FILE).map(List::of).isPresent()
                            ? List.of(found.get())
                            : tree.list(path);
            print(entries.stream().map(LookMagics::line).toList(), context);
        } catch (IOException e) {
            throw new MagicException(image + ": " + FileProblems.sentence(e));
        }
    }

    private static String line(FileTree.Entry entry) {
        String name = entry.path().substring(entry.path().lastIndexOf('/') + 1);
        String type = switch (entry.kind()) {
            case FILE -> "-";
            case DIRECTORY -> "d";
            case SYMLINK -> "l";
            case OTHER -> "?";
        };
        return type + permissions(entry.mode()) + "  "
                + Plain.padLeft(entry.uid() + ":" + entry.gid(), 9) + "  "
                + Plain.padLeft(entry.kind() == FileKind.FILE ? Figures.size(entry.size()) : "", 8) + "  "
                + Plain.clean(name) + (entry.kind() == FileKind.DIRECTORY ? "/" : "")
                + entry.link().map(target -> " -> " + Plain.clean(target)).orElse("");
    }

    private static String permissions(int mode) {
        var text = new StringBuilder();
        for (int bit = 8; bit >= 0; bit--) {
            text.append((mode >> bit & 1) == 1 ? "rwx".charAt((8 - bit) % 3) : '-');
        }
        special(text, mode, 04000, 2, 's');
        special(text, mode, 02000, 5, 's');
        special(text, mode, 01000, 8, 't');
        return text.toString();
    }

    private static void special(StringBuilder text, int mode, int bit, int position, char letter) {
        if ((mode & bit) != 0) {
            boolean executable = text.charAt(position) == 'x';
            text.setCharAt(position, executable ? letter : Character.toUpperCase(letter));
        }
    }

    private static void cat(MagicCall call, MagicContext context) throws MagicException {
        String usage = "%cat [IMAGE] PATH";
        List<String> words = call.withoutOptions(usage).words();
        if (words.isEmpty() || words.size() > 2) {
            throw new MagicException("`%cat` needs a path", "write `" + usage + "`");
        }
        try (InputStream in = words.size() == 2
                ? context.files(context.image(words.getFirst())).open(words.get(1))
                : Files.newInputStream(path(context, words.getFirst()))) {
            byte[] content = in.readNBytes(MOST_BYTES + 1);
            int shown = Math.min(content.length, MOST_BYTES);
            String text = new String(content, 0, shown, StandardCharsets.UTF_8);
            context.print(text.isEmpty() || text.endsWith("\n") ? text : text + "\n");
            if (content.length > MOST_BYTES) {
                context.printError("cut off after " + Figures.size(MOST_BYTES) + "\n");
            }
        } catch (IOException e) {
            throw new MagicException(FileProblems.sentence(e));
        }
    }

    private static Path path(MagicContext context, String file) {
        return context.workingDirectory().resolve(file);
    }

    private static void diff(MagicCall call, MagicContext context) throws MagicException {
        String usage = "%diff A [B]";
        List<String> words = call.withoutOptions(usage).words();
        if (words.isEmpty() || words.size() > 2) {
            throw new MagicException("`%diff` compares two images", "write `" + usage + "`");
        }
        Image before = context.image(words.getFirst());
        Image after = context.image(words.size() == 2 ? words.get(1) : "@");
        try {
            changes(context.files(before).changesTo(context.files(after)), context);
        } catch (IOException e) {
            throw new MagicException(FileProblems.sentence(e));
        }
    }

    private static void changes(LayerChanges changes, MagicContext context) {
        var lines = new ArrayList<String>();
        for (LayerChanges.Change change : changes.changes()) {
            String sign = switch (change.kind()) {
                case ADDED -> "A ";
                case MODIFIED -> "C ";
                case DELETED -> "D ";
            };
            boolean sized = change.fileKind() == FileKind.FILE && change.kind() != LayerChanges.Kind.DELETED;
            lines.add(sign + Plain.clean(change.path()) + (sized ? "  " + Figures.size(change.size()) : ""));
        }
        if (lines.isEmpty()) {
            context.print("No file differs.\n");
        }
        print(lines, context);
    }

    private static void print(List<String> lines, MagicContext context) {
        lines.stream().limit(MOST_LINES).forEach(line -> context.print(line + "\n"));
        if (lines.size() > MOST_LINES) {
            context.print("… and " + Figures.count(lines.size() - MOST_LINES) + " more\n");
        }
    }

    private static StepRecord step(String number, MagicContext context) throws MagicException {
        Stage stage =
                context.liveStage().orElseThrow(() -> new MagicException("there is no step yet", "begin with FROM"));
        int index = Integer.parseInt(number);
        if (index < 1 || index > stage.steps().size()) {
            throw new MagicException(
                    "the live stage has no step " + number,
                    "its steps are 1 to " + stage.steps().size());
        }
        return stage.steps().get(index - 1);
    }

    private static void why(MagicCall call, MagicContext context) throws MagicException {
        Optional<String> number = call.atMostOne("%why [STEP]");
        if (number.filter(n -> !n.matches("\\d{1,5}")).isPresent()) {
            throw new MagicException("`" + number.get() + "` is not a number of a step", "write `%why 3`");
        }
        String last = context.liveStage().map(s -> s.steps().size() + "").orElse("1");
        StepRecord step = step(number.orElse(last), context);
        String title = "Step " + number.orElse(last) + ", "
                + Plain.abbreviate(
                        step.instruction().origin().original().strip().replaceAll("\\s+", " "), 50) + ": ";
        if (step.cached()) {
            context.print(title + "taken from the cache; everything that it depends on is as it was.\n");
        } else if (step.miss().isEmpty()) {
            context.print(title + "changes only the image's configuration, which is not cached.\n");
        } else {
            CacheMiss miss = step.miss().get();
            context.print(title + miss.explanation() + ".\n");
            if (!miss.changed().isEmpty()) {
                context.print("Changed: " + String.join(", ", miss.changed()) + "\n");
            }
        }
    }
}
