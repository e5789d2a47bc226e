package org.layerbook.interpreter.magic;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.builder.step.CacheMiss;
import org.layerbook.engine.builder.step.Stage;
import org.layerbook.engine.builder.step.StepRecord;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.layer.FileTree;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.inspection.ImageInspections;
import org.layerbook.interpreter.report.ChangesReport;
import org.layerbook.interpreter.report.DifferenceReport;
import org.layerbook.interpreter.view.layout.Numbers;
import org.layerbook.interpreter.view.layout.SafeText;

/** Magics that look into images. */
final class InspectionMagics {
    /** Bytes of a file that are shown. */
    private static final int MOST_BYTES = 1 << 20;

    private InspectionMagics() {}

    static final List<Magic> ALL = List.of(
            MagicDefinition.line("layers")
                    .takes("[IMAGE]", Arity.atMost(1))
                    .summary("List the layers of an image, lowest first")
                    .help("IMAGE defaults to the live image. Example: %layers busybox")
                    .completes((prefix, hints) -> hints.images(prefix))
                    .does(InspectionMagics::layers),
            MagicDefinition.line("files")
                    .takes("[IMAGE|STEP] [PATH]", Arity.atMost(2))
                    .summary("List the files in an image, or the changes of a step")
                    .help(
                            "Examples: %files / lists the live image and marks what changed since its base, %files busybox /bin"
                                    + " another, %files 3 what step 3 changed, %files 3 /etc a directory after step 3")
                    .completes((prefix, hints) -> hints.images(prefix))
                    .does(InspectionMagics::files),
            MagicDefinition.line("cat")
                    .takes("[IMAGE] PATH", new Arity(1, 2))
                    .summary("Print a file of an image or, with one argument, of this host")
                    .help("Example: %cat @ /etc/passwd")
                    .completes((prefix, hints) -> hints.images(prefix))
                    .does(InspectionMagics::cat),
            MagicDefinition.line("diff")
                    .takes("A [B] [PATH]", new Arity(1, 3))
                    .summary("Compare the files, settings and packages of two images")
                    .help("B defaults to the live image; PATH (such as /etc) limits the comparison. A: added, C:"
                            + " changed, D: deleted."
                            + " Example: %diff @[2]")
                    .completes((prefix, hints) -> hints.images(prefix))
                    .does(InspectionMagics::diff),
            MagicDefinition.line("why")
                    .takes("[STEP]", Arity.atMost(1))
                    .summary("Explain why a step was or was not cached")
                    .help("STEP defaults to the last step.")
                    .does(InspectionMagics::why));

    private static void layers(MagicCall call, MagicContext context) throws MagicException {
        Image image = context.images().image(call.argument().orElse("@"));
        context.show(context.images().layers(image));
    }

    private static void files(MagicCall call, MagicContext context) throws MagicException {
        List<String> words = call.words();
        Optional<String> step = words.stream().findFirst().filter(word -> word.matches("\\d{1,5}"));
        if (step.isPresent() && words.size() == 1) {
            StepRecord record = step(step.get(), context);
            context.show(new ChangesReport("step " + step.get(), record.changes()));
            return;
        }
        boolean onlyPath = words.size() == 1 && words.getFirst().startsWith("/");
        String image = words.isEmpty() || onlyPath ? "@" : words.getFirst();
        String path = words.isEmpty() ? "/" : onlyPath ? words.getFirst() : words.size() > 1 ? words.get(1) : "/";
        try {
            if (step.isPresent()) {
                StepRecord record = step(step.get(), context);
                FileTree after = context.images().files(record.image());
                context.show(ImageInspections.files("step " + step.get(), after, path, record.changes()));
                return;
            }
            FileTree tree = context.images().files(context.images().image(image));
            context.show(ImageInspections.files(image, tree, path, sinceBase(image, tree, context)));
        } catch (IOException e) {
            throw new MagicException(image + ": " + FileProblems.sentence(e));
        }
    }

    /** Of the live image, what differs from the base it stands on; of others nothing is known. */
    private static LayerChanges sinceBase(String image, FileTree tree, MagicContext context)
            throws MagicException, IOException {
        Optional<Stage> stage = context.build().liveStage();
        if (!image.equals("@") || stage.isEmpty()) {
            return new LayerChanges(List.of());
        }
        Image base = stage.get().steps().getFirst().image();
        return base.layers().isEmpty()
                ? new LayerChanges(List.of())
                : context.images().files(base).changesTo(tree);
    }

    private static void cat(MagicCall call, MagicContext context) throws MagicException {
        List<String> words = call.words();
        try (InputStream in = words.size() == 2
                ? context.images()
                        .files(context.images().image(words.getFirst()))
                        .open(words.get(1))
                : Files.newInputStream(path(context, words.getFirst()))) {
            byte[] content = in.readNBytes(MOST_BYTES + 1);
            int shown = Math.min(content.length, MOST_BYTES);
            String text = new String(content, 0, shown, StandardCharsets.UTF_8);
            context.print(text.isEmpty() || text.endsWith("\n") ? text : text + "\n");
            if (content.length > MOST_BYTES) {
                context.printError("truncated after " + Numbers.size(MOST_BYTES) + "\n");
            }
        } catch (IOException e) {
            throw new MagicException(FileProblems.sentence(e));
        }
    }

    private static Path path(MagicContext context, String file) {
        return context.host().workingDirectory().resolve(file);
    }

    private static void diff(MagicCall call, MagicContext context) throws MagicException {
        var words = new ArrayList<>(call.words());
        Optional<String> path = words.size() > 1 && words.getLast().startsWith("/")
                ? Optional.of(words.removeLast())
                : Optional.empty();
        if (words.size() > 2) {
            throw new MagicException("`%diff` compares two images", "the third argument is a path that starts with /");
        }
        String second = words.size() == 2 ? words.get(1) : "@";
        Image before = context.images().image(words.getFirst());
        Image after = context.images().image(second);
        try {
            DifferenceReport all = ImageInspections.difference(
                    words.getFirst(),
                    before,
                    context.images().files(before),
                    second,
                    after,
                    context.images().files(after));
            context.show(path.isPresent() ? all.below(path.get()) : all);
        } catch (IOException e) {
            throw new MagicException(FileProblems.sentence(e));
        }
    }

    private static StepRecord step(String number, MagicContext context) throws MagicException {
        Stage stage =
                context.build().liveStage().orElseThrow(() -> new MagicException("no step yet", "start with FROM"));
        int index = Integer.parseInt(number);
        if (index < 1 || index > stage.steps().size()) {
            throw new MagicException(
                    "the live stage has no step " + number,
                    "its steps are 1 to " + stage.steps().size());
        }
        return stage.steps().get(index - 1);
    }

    private static void why(MagicCall call, MagicContext context) throws MagicException {
        Optional<String> number = call.argument();
        if (number.filter(n -> !n.matches("\\d{1,5}")).isPresent()) {
            throw new MagicException("invalid step number `" + number.get() + "`", "write `%why 3`");
        }
        String last =
                context.build().liveStage().map(s -> s.steps().size() + "").orElse("1");
        StepRecord step = step(number.orElse(last), context);
        String title = "Step " + number.orElse(last) + ", "
                + SafeText.abbreviate(
                        step.instruction().origin().original().strip().replaceAll("\\s+", " "), 50) + ": ";
        if (step.cached()) {
            context.print(title + "cached; nothing that it depends on has changed.\n");
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
