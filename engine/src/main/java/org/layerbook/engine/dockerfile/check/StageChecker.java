package org.layerbook.engine.dockerfile.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.dockerfile.Dockerfile;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.ImageName;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.PlatformName;
import org.layerbook.engine.dockerfile.RunMountParser;
import org.layerbook.engine.dockerfile.StageOrder;
import org.layerbook.engine.dockerfile.expand.ExpansionException;
import org.layerbook.engine.dockerfile.expand.WordExpander;
import org.layerbook.engine.golang.GoText;
import org.layerbook.engine.golang.Suggestion;

/**
 * Resolves the stages of a Dockerfile: base names and platforms, what copies or mounts from what, which stages the target
 * needs; and has the instructions of those checked in order.
 */
final class StageChecker {
    private static final Map<String, String> PLATFORM_ARGUMENTS = Map.of(
            "BUILDPLATFORM", "linux/amd64",
            "BUILDOS", "linux",
            "BUILDARCH", "amd64",
            "BUILDVARIANT", "",
            "TARGETPLATFORM", "linux/amd64",
            "TARGETOS", "linux",
            "TARGETARCH", "amd64",
            "TARGETVARIANT", "",
            "TARGETSTAGE", "default");

    private final Dockerfile dockerfile;
    private final DockerfileChecker.Options options;
    private final WordExpander expander;
    private final Map<String, String> globals = new HashMap<>(PLATFORM_ARGUMENTS);
    private final List<CheckedStage> stages = new ArrayList<>();
    private final Map<String, CheckedStage> byName = new HashMap<>();
    /** Images named by COPY and RUN instead of a FROM, each with the instruction that names it first. */
    private final Map<String, Instruction> images = new LinkedHashMap<>();

    private StageChecker(Dockerfile dockerfile, DockerfileChecker.Options options) {
        this.dockerfile = dockerfile;
        this.options = options;
        this.expander = new WordExpander(dockerfile.escape());
    }

    static void check(Dockerfile dockerfile, DockerfileChecker.Options options) throws CheckFailureException {
        new StageChecker(dockerfile, options).check();
    }

    private void check() throws CheckFailureException {
        if (dockerfile.instructions().stream().noneMatch(Instruction.From.class::isInstance)) {
            throw CheckFailureException.ofWholeFile(
                    "dockerfile contains no stages to build", "a stage begins with FROM");
        }
        for (Instruction instruction : dockerfile.instructions()) {
            if (instruction instanceof Instruction.From from) {
                addStage(from);
            } else if (stages.isEmpty() && instruction instanceof Instruction.Arg arg) {
                addGlobals(arg);
            } else if (!stages.isEmpty()) {
                stages.getLast().instructions.add(instruction);
            }
        }
        CheckedStage target = target();
        resolveSources();
        checkCycles();
        checkImages();
        dispatch(target);
    }

    private void addGlobals(Instruction.Arg arg) throws CheckFailureException {
        for (Instruction.ArgDeclaration declaration : arg.declarations()) {
            Optional<String> given = Optional.ofNullable(options.buildArgs().get(declaration.name()));
            if (given.isPresent()) {
                globals.put(declaration.name(), given.get());
            } else if (declaration.defaultValue().isPresent()) {
                globals.put(
                        declaration.name(),
                        expand(arg, declaration.defaultValue().get()));
            }
        }
    }

    private String expand(Instruction instruction, String text) throws CheckFailureException {
        try {
            return expander.word(text, globals);
        } catch (ExpansionException e) {
            throw CheckFailureException.at(instruction, e.getMessage());
        }
    }

    private void addStage(Instruction.From from) throws CheckFailureException {
        String base = expand(from, from.image());
        if (base.isEmpty()) {
            throw CheckFailureException.at(
                    from,
                    "base name (" + from.image() + ") should not be blank",
                    "declare the variable above the first FROM: ARG NAME=IMAGE");
        }
        if (from.platform().isPresent()) {
            checkPlatform(from, from.platform().get());
        }
        String label = from.stageName().orElse("stage-" + stages.size());
        // BuildKit looks the base up as it is written, so a stage is found by its lower-case name only.
        var stage = new CheckedStage(from, base, label, Optional.ofNullable(byName.get(base)));
        stages.add(stage);
        from.stageName().ifPresent(name -> byName.put(name, stage));
    }

    private void checkPlatform(Instruction.From from, String text) throws CheckFailureException {
        try {
            PlatformName.of(from, text, globals);
        } catch (DockerfileException e) {
            throw e.diagnostic().hint().isPresent()
                    ? CheckFailureException.at(
                            from, e.getMessage(), e.diagnostic().hint().get())
                    : CheckFailureException.at(from, e.getMessage());
        }
    }

    private CheckedStage target() throws CheckFailureException {
        if (options.target().isEmpty()) {
            return stages.getLast();
        }
        String name = options.target().get();
        CheckedStage found = byName.get(name.toLowerCase(Locale.ROOT));
        if (found == null) {
            String message = "target stage " + GoText.quote(name) + " could not be found";
            throw CheckFailureException.ofWholeFile(
                    Suggestion.addTo(message, name, byName.keySet(), false),
                    "the stages are "
                            + stages.stream().map(stage -> stage.label).toList());
        }
        return found;
    }

    private void resolveSources() throws CheckFailureException {
        for (CheckedStage stage : stages) {
            for (Instruction instruction : stage.instructions) {
                for (String source : sources(instruction)) {
                    Optional<CheckedStage> found = find(instruction, source);
                    if (found.isPresent()) {
                        stage.needs.put(found.get(), instruction);
                    } else {
                        images.putIfAbsent(source, instruction);
                    }
                }
            }
        }
    }

    /** The names behind {@code --from} and {@code --mount=from=}. */
    private List<String> sources(Instruction instruction) throws CheckFailureException {
        if (instruction instanceof Instruction.Copy copy) {
            if (copy.from().isPresent()) {
                checkNoVariable(copy, copy.from().get());
            }
            return copy.from().stream().toList();
        }
        List<String> sources = new ArrayList<>();
        if (instruction instanceof Instruction.Run run) {
            run.mounts().forEach(mount -> RunMountParser.option(mount, "from").ifPresent(sources::add));
        }
        return sources;
    }

    private void checkNoVariable(Instruction.Copy copy, String source) throws CheckFailureException {
        try {
            if (!expander.word(source, Map.of()).equals(source)) {
                throw CheckFailureException.at(
                        copy,
                        "variable expansion is not supported for --from, define a new stage with FROM using ARG from"
                                + " global scope as a workaround",
                        "FROM " + source + " AS NAME above this stage, and --from=NAME here");
            }
        } catch (ExpansionException e) {
            throw CheckFailureException.at(copy, e.getMessage());
        }
    }

    private Optional<CheckedStage> find(Instruction instruction, String source) throws CheckFailureException {
        boolean mayBeIndex = instruction instanceof Instruction.Copy;
        if (mayBeIndex && source.matches("[+-]?[0-9]+")) {
            int index = source.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(source);
            if (index < 0 || index >= stages.size()) {
                throw CheckFailureException.at(
                        instruction,
                        "invalid stage index " + source,
                        "stages are counted from 0; there are " + stages.size());
            }
            return Optional.of(stages.get(index));
        }
        return Optional.ofNullable(byName.get(source.toLowerCase(Locale.ROOT)));
    }

    private void checkCycles() throws CheckFailureException {
        Set<CheckedStage> done = new HashSet<>();
        for (CheckedStage stage : stages) {
            Optional<Instruction> closing = done.contains(stage) ? Optional.empty() : stage.findCycle(done);
            if (closing.isPresent()) {
                throw CheckFailureException.at(
                        closing.get(),
                        "circular dependency detected on stage: " + stage.label,
                        "a stage can only use stages above it");
            }
        }
    }

    /** Every image has to be well named, whether its stage is needed or not. */
    private void checkImages() throws CheckFailureException {
        for (CheckedStage stage : stages) {
            if (stage.parent.isEmpty() && !stage.base.equals("scratch")) {
                checkImage(stage.from, stage.base);
            }
        }
        for (var image : images.entrySet()) {
            if (!image.getKey().equals("scratch")) {
                checkImage(image.getValue(), image.getKey());
            }
        }
    }

    private void checkImage(Instruction instruction, String name) throws CheckFailureException {
        Optional<String> fault = ImageName.fault(name);
        if (fault.isPresent()) {
            String hint = Optional.ofNullable(byName.get(name.toLowerCase(Locale.ROOT)))
                    .map(stage -> "a stage is named in lower case: " + stage.label)
                    .orElse("an image is named [host/]name[:tag][@digest], in lower case");
            throw CheckFailureException.at(
                    instruction, "failed to parse stage name " + GoText.quote(name) + ": " + fault.get(), hint);
        }
    }

    private void dispatch(CheckedStage target) throws CheckFailureException {
        Set<CheckedStage> needed = target.needed();
        Map<CheckedStage, InstructionChecker> done = new HashMap<>();
        for (CheckedStage stage : stages) {
            if (!needed.contains(stage)) {
                continue;
            }
            var checker = stage.parent
                    .map(done::get)
                    .map(InstructionChecker::child)
                    .orElseGet(() -> new InstructionChecker(expander, globals, options.buildArgs()));
            for (Instruction instruction : stage.instructions) {
                checker.check(instruction);
                checkOrder(stage, instruction, done.keySet());
            }
            done.put(stage, checker);
        }
    }

    private void checkOrder(CheckedStage stage, Instruction instruction, Set<CheckedStage> done)
            throws CheckFailureException {
        for (String source : sources(instruction)) {
            Optional<CheckedStage> found = find(instruction, source);
            if (found.isPresent() && !done.contains(found.get())) {
                throw CheckFailureException.at(
                        instruction,
                        StageOrder.tooEarly(stage.label, instruction, source),
                        "move the stage " + source + " above this one");
            }
        }
    }
}
