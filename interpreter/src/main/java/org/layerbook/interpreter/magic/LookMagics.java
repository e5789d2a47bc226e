package org.layerbook.interpreter.magic;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.build.CacheMiss;
import org.layerbook.engine.build.Stage;
import org.layerbook.engine.build.StepRecord;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.layer.LayerChanges.FileKind;
import org.layerbook.engine.store.Image;
import org.layerbook.interpreter.look.ImageLooks;
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
        context.show(context.layers(image));
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
            context.show(ImageLooks.files(image, context.files(context.image(image)), path));
        } catch (IOException e) {
            throw new MagicException(image + ": " + FileProblems.sentence(e));
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
            String second = words.size() == 2 ? words.get(1) : "@";
            context.show(ImageLooks.difference(
                    words.getFirst(), before, context.files(before), second, after, context.files(after)));
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
