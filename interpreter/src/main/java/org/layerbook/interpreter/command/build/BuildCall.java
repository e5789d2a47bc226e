package org.layerbook.interpreter.command.build;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.layerbook.engine.builder.BuildOutline;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.dockerfile.DocComments;
import org.layerbook.engine.dockerfile.Dockerfile;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.engine.golang.CommaSeparated;
import org.layerbook.engine.golang.GoText;
import org.layerbook.interpreter.command.option.Options;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.template.GoJsonText;
import org.layerbook.interpreter.template.GoStruct;
import org.layerbook.interpreter.view.layout.TabWriter;

/** {@code docker build --call}: what a Dockerfile offers, instead of building it. */
record BuildCall(Method method, boolean json) {
    private static final String BUILD = "build";

    enum Method {
        /** The stages. */
        TARGETS,
        /** What a build of one stage can be given. */
        OUTLINE
    }

    /** Absent where there is to be a build. */
    static Optional<BuildCall> of(Options options) throws CommandException {
        String written = options.on("check") ? "check" : options.text("call").orElse(BUILD);
        Optional<String> name = Optional.empty();
        String format = "";
        for (String field : fields(written)) {
            int equals = field.indexOf('=');
            String key = equals < 0 ? "" : field.substring(0, equals);
            String value = field.substring(equals + 1);
            switch (key) {
                case "" -> {
                    if (name.isPresent() || equals == 0) {
                        throw BuildRequestReader.invalid("invalid print value: " + written);
                    }
                    name = Optional.of(value);
                }
                case "format" -> format = value;
                case "ignorestatus" -> checkStatus(value);
                default -> throw BuildRequestReader.invalid("invalid print field: " + field);
            }
        }
        boolean json = format.equals("json");
        return switch (name.orElse(BUILD)) {
            case BUILD -> Optional.empty();
            case "targets" -> Optional.of(new BuildCall(Method.TARGETS, json));
            case "outline" -> Optional.of(new BuildCall(Method.OUTLINE, json));
            case String other ->
                throw BuildRequestReader.failed("--call=" + other + " is not supported: use build, outline or targets");
        };
    }

    private static List<String> fields(String written) throws CommandException {
        try {
            return CommaSeparated.fields(written);
        } catch (IllegalArgumentException e) {
            throw BuildRequestReader.invalid(e.getMessage());
        }
    }

    private static void checkStatus(String value) throws CommandException {
        if (BuildAttests.bool(value).isEmpty()) {
            throw BuildRequestReader.invalid("invalid ignorestatus print value: " + value
                    + ": strconv.ParseBool: parsing " + GoText.quote(value) + ": invalid syntax");
        }
    }

    /** What is printed. */
    String answer(Dockerfile dockerfile, BuildSettings settings) throws DockerfileException {
        return switch (method) {
            case TARGETS -> targets(dockerfile);
            case OUTLINE -> outline(BuildOutline.of(dockerfile, settings), dockerfile);
        };
    }

    private String targets(Dockerfile dockerfile) {
        var comments = new DocComments(dockerfile);
        List<Instruction.From> stages = dockerfile.instructions().stream()
                .filter(Instruction.From.class::isInstance)
                .map(Instruction.From.class::cast)
                .toList();
        var table = new StringBuilder("TARGET\tDESCRIPTION\n");
        var targets = new ArrayList<GoStruct>();
        for (Instruction.From stage : stages) {
            String name = stage.stageName().orElse("").toLowerCase(Locale.ROOT);
            String description = comments.of(stage, name).orElse("");
            boolean last = stage == stages.getLast();
            String shown = last ? (name + " (default)").strip() : name;
            table.append(shown).append('\t').append(description).append('\n');
            targets.add(GoStruct.named("targets.Target")
                    .omitEmpty("name", name)
                    .omitEmpty("default", last)
                    .omitEmpty("description", description)
                    .omitEmpty("base", stage.image())
                    .omitEmpty("platform", stage.platform().orElse(""))
                    .field("location", location(stage.origin().range()))
                    .build());
        }
        return json
                ? document(GoStruct.named("targets.List")
                        .field("targets", targets)
                        .field("sources", sources(dockerfile))
                        .build())
                : TabWriter.align(table.toString(), 0, 1);
    }

    private String outline(BuildOutline outline, Dockerfile dockerfile) {
        return json ? document(outline, dockerfile) : tables(outline);
    }

    private static String tables(BuildOutline outline) {
        var text = new StringBuilder();
        if (!outline.name().isEmpty() || outline.description().isPresent()) {
            var head = new StringBuilder("TARGET:\t").append(outline.name()).append('\n');
            outline.description()
                    .ifPresent(its -> head.append("DESCRIPTION:\t").append(its).append('\n'));
            text.append(TabWriter.align(head.toString(), 0, 1)).append('\n');
        }
        if (!outline.args().isEmpty()) {
            var table = new StringBuilder("BUILD ARG\tVALUE\tDESCRIPTION\n");
            outline.args()
                    .forEach(arg -> table.append(arg.name())
                            .append('\t')
                            .append(arg.value())
                            .append('\t')
                            .append(arg.description().orElse(""))
                            .append('\n'));
            text.append(TabWriter.align(table.toString(), 0, 3)).append('\n');
        }
        needs(text, "SECRET", outline.secrets());
        needs(text, "SSH", outline.agents());
        return text.toString();
    }

    private static void needs(StringBuilder text, String title, List<BuildOutline.Need> needs) {
        if (needs.isEmpty()) {
            return;
        }
        var table = new StringBuilder(title).append("\tREQUIRED\n");
        needs.forEach(need -> table.append(need.name())
                .append('\t')
                .append(need.required() ? "true" : "")
                .append('\n'));
        text.append(TabWriter.align(table.toString(), 0, 3)).append('\n');
    }

    private static String document(BuildOutline outline, Dockerfile dockerfile) {
        var args = new ArrayList<GoStruct>();
        for (BuildOutline.Argument arg : outline.args()) {
            args.add(GoStruct.named("outline.Arg")
                    .field("name", arg.name())
                    .omitEmpty("description", arg.description().orElse(""))
                    .omitEmpty("value", arg.value())
                    .field("location", location(arg.range()))
                    .build());
        }
        return document(GoStruct.named("outline.Outline")
                .omitEmpty("name", outline.name())
                .omitEmpty("description", outline.description().orElse(""))
                .omitEmpty("args", args)
                .omitEmpty("secrets", needs("outline.Secret", outline.secrets()))
                .omitEmpty("ssh", needs("outline.SSH", outline.agents()))
                .field("sources", sources(dockerfile))
                .build());
    }

    /** As Go's encoder writes it, two blanks to the right at each level. */
    private static String document(GoStruct value) {
        return GoJsonText.indented(value, "  ", true) + "\n";
    }

    private static List<GoStruct> needs(String type, List<BuildOutline.Need> needs) {
        return needs.stream()
                .map(need -> GoStruct.named(type)
                        .field("name", need.name())
                        .omitEmpty("required", need.required())
                        .field("location", location(need.range()))
                        .build())
                .toList();
    }

    /** A range for each line, as BuildKit has it. */
    private static GoStruct location(SourceRange range) {
        var ranges = new ArrayList<GoStruct>();
        for (int line = range.startLine(); line <= range.endLine(); line++) {
            GoStruct position =
                    GoStruct.named("pb.Position").field("line", line).build();
            ranges.add(GoStruct.named("pb.Range")
                    .field("start", position)
                    .field("end", position)
                    .build());
        }
        return GoStruct.named("pb.Location").field("ranges", ranges).build();
    }

    private static List<String> sources(Dockerfile dockerfile) {
        return List.of(Base64.getEncoder().encodeToString(dockerfile.text().getBytes(StandardCharsets.UTF_8)));
    }
}
