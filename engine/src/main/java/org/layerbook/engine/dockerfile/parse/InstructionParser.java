package org.layerbook.engine.dockerfile.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.Instruction.CommandLine;
import org.layerbook.engine.dockerfile.Instruction.Origin;
import org.layerbook.engine.dockerfile.RunDevice;
import org.layerbook.engine.dockerfile.RunMount;
import org.layerbook.engine.dockerfile.Word;
import org.layerbook.engine.golang.GoText;
import org.layerbook.engine.golang.Suggestion;

/** A statement to an instruction: the right number of arguments, known flags, values of the right form. */
final class InstructionParser {
    private static final Pattern STAGE_NAME = Pattern.compile("[a-z][a-z0-9-_.]*");

    private final Statement statement;
    private final Origin origin;

    private InstructionParser(Statement statement, Origin origin) {
        this.statement = statement;
        this.origin = origin;
    }

    static Instruction parse(Statement statement, Origin origin) throws DockerfileException {
        return new InstructionParser(statement, origin).parse();
    }

    private Instruction parse() throws DockerfileException {
        return switch (statement.name()) {
            case "ADD" -> CopyParser.add(statement, origin);
            case "ARG" -> new Instruction.Arg(origin, declarations());
            case "CMD" -> new Instruction.Cmd(withoutFlags(), command(statement.arguments()));
            case "COPY" -> CopyParser.copy(statement, origin);
            case "ENTRYPOINT" -> new Instruction.Entrypoint(withoutFlags(), command(statement.arguments()));
            case "ENV" -> new Instruction.Env(withoutFlags(), pairs());
            case "EXPOSE" -> {
                List<String> ports = new ArrayList<>(atLeastOne());
                withoutFlags();
                ports.sort(null); // BuildKit sorts them too; the order shows in the history
                yield new Instruction.Expose(origin, List.copyOf(ports));
            }
            case "FROM" -> from();
            case "HEALTHCHECK" -> HealthcheckParser.parse(statement, origin);
            case "LABEL" -> new Instruction.Label(withoutFlags(), pairs());
            case "MAINTAINER" -> {
                String name = exactlyOne();
                yield new Instruction.Maintainer(withoutFlags(), name);
            }
            case "ONBUILD" -> onBuild();
            case "RUN" -> run();
            case "SHELL" -> shell();
            case "STOPSIGNAL" -> new Instruction.StopSignal(origin, exactlyOne());
            case "USER" -> {
                String user = exactlyOne();
                yield new Instruction.User(withoutFlags(), user);
            }
            case "VOLUME" -> volume();
            case "WORKDIR" -> {
                String path = exactlyOne();
                yield new Instruction.Workdir(withoutFlags(), path);
            }
            default -> throw unknownInstruction();
        };
    }

    private DockerfileException unknownInstruction() {
        String word = statement.keyword().text();
        String message = Suggestion.addTo("unknown instruction: " + word, word, Keywords.ALL, false);
        String hint = Suggestion.nearest(word, Keywords.ALL, false)
                .map(keyword -> "write " + keyword)
                .orElse("to run a command in the image, write RUN " + word + " …");
        return failure(statement.keyword(), message, hint);
    }

    private Origin withoutFlags() throws DockerfileException {
        new FlagSet().parse(statement);
        return origin;
    }

    private String exactlyOne() throws DockerfileException {
        if (statement.arguments().size() != 1) {
            throw failure(statement.name() + " requires exactly one argument", Keywords.example(statement.name()));
        }
        return statement.arguments().getFirst().text();
    }

    private List<String> atLeastOne() throws DockerfileException {
        if (statement.arguments().isEmpty()) {
            throw failure(statement.name() + " requires at least one argument", Keywords.example(statement.name()));
        }
        return statement.arguments().stream().map(Word::text).toList();
    }

    private List<Instruction.KeyValue> pairs() throws DockerfileException {
        atLeastOne();
        List<Instruction.KeyValue> pairs = new ArrayList<>();
        List<Word> words = statement.arguments();
        for (int at = 0; at < words.size(); at += 2) {
            checkName(words.get(at));
            pairs.add(new Instruction.KeyValue(
                    words.get(at).text(), words.get(at + 1).text()));
        }
        return List.copyOf(pairs);
    }

    private void checkName(Word name) throws DockerfileException {
        if (name.text().isEmpty()) {
            throw failure(
                    name, statement.name() + " names can not be blank", "remove the spaces around the equals sign");
        }
    }

    private List<Instruction.ArgDeclaration> declarations() throws DockerfileException {
        atLeastOne();
        List<Instruction.ArgDeclaration> declarations = new ArrayList<>();
        for (Word word : statement.arguments()) {
            int equals = word.text().indexOf('=');
            String name = equals < 0 ? word.text() : word.text().substring(0, equals);
            if (equals >= 0) {
                checkName(new Word(name, word.start(), word.start()));
            }
            Optional<String> value =
                    equals < 0 ? Optional.empty() : Optional.of(word.text().substring(equals + 1));
            declarations.add(new Instruction.ArgDeclaration(name, value));
        }
        return List.copyOf(declarations);
    }

    private Instruction from() throws DockerfileException {
        List<Word> words = statement.arguments();
        Optional<String> stage = Optional.empty();
        if (words.size() == 3 && words.get(1).text().equalsIgnoreCase("as")) {
            Word name = words.get(2);
            stage = Optional.of(name.text().toLowerCase(Locale.ROOT));
            if (!STAGE_NAME.matcher(stage.get()).matches()) {
                throw failure(
                        name,
                        "invalid name for build stage: " + GoText.quote(name.text())
                                + ", name can't start with a number or contain symbols",
                        "start with a letter, then use letters, digits, - _ and .");
            }
        } else if (words.size() != 1) {
            throw failure("FROM requires either one or three arguments", "FROM IMAGE or FROM IMAGE AS NAME");
        }
        var flags = new FlagSet().texts("platform").parse(statement);
        return new Instruction.From(
                origin, flags.text("platform"), words.getFirst().text(), stage);
    }

    private CommandLine command(List<Word> words) {
        List<String> texts = words.stream().map(Word::text).toList();
        return statement.json()
                ? new CommandLine.Exec(texts)
                : new CommandLine.Shell(
                        String.join(" ", texts), statement.line().heredocs());
    }

    private Instruction run() throws DockerfileException {
        var flags = new FlagSet()
                .lists("mount", "device")
                .texts("network", "security")
                .parse(statement);
        for (Word mount : flags.words("mount")) {
            try {
                RunMount.checkUnexpanded(mount.text());
            } catch (IllegalArgumentException e) {
                throw failure(mount, e.getMessage(), RunMount.USAGE);
            }
        }
        for (Word device : flags.words("device")) {
            try {
                RunDevice.parse(device.text());
            } catch (IllegalArgumentException e) {
                throw failure(device, e.getMessage(), "RUN --device=NAME[,required]");
            }
        }
        checkOneOf(flags, "network", "invalid network mode ", List.of("default", "none", "host"));
        checkOneOf(flags, "security", "security ", List.of("sandbox", "insecure"));
        return new Instruction.Run(
                origin,
                command(statement.arguments()),
                flags.list("mount"),
                flags.text("network"),
                flags.text("security"),
                flags.list("device"));
    }

    private void checkOneOf(FlagSet flags, String name, String message, List<String> values)
            throws DockerfileException {
        Optional<Word> value = flags.words(name).stream().findFirst();
        if (value.isPresent() && !values.contains(value.get().text())) {
            String quoted = GoText.quote(value.get().text());
            String sentence = name.equals("security") ? message + quoted + " is not valid" : message + quoted;
            throw failure(value.get(), sentence, "use one of " + String.join(", ", values));
        }
    }

    private Instruction shell() throws DockerfileException {
        withoutFlags();
        List<String> words = atLeastOne();
        if (!statement.json()) {
            throw failure(
                    statement.arguments().getFirst(),
                    "SHELL requires the arguments to be in JSON form",
                    Keywords.example("SHELL"));
        }
        return new Instruction.Shell(origin, words);
    }

    private Instruction volume() throws DockerfileException {
        atLeastOne();
        withoutFlags();
        List<String> paths = new ArrayList<>();
        for (Word word : statement.arguments()) {
            String path = GoText.trim(word.text());
            if (path.isEmpty()) {
                throw failure(word, "VOLUME specified can not be an empty string", Keywords.example("VOLUME"));
            }
            paths.add(path);
        }
        return new Instruction.Volume(origin, List.copyOf(paths));
    }

    private Instruction onBuild() throws DockerfileException {
        atLeastOne();
        withoutFlags();
        Word inner = statement.trigger().map(Statement::keyword).orElseGet(statement::keyword);
        String name = inner.text().toUpperCase(Locale.ROOT);
        switch (name) {
            case "ONBUILD" ->
                throw failure(
                        inner,
                        "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed",
                        "a trigger runs only in the next build");
            case "FROM", "MAINTAINER" ->
                throw failure(
                        inner,
                        name + " isn't allowed as an ONBUILD trigger",
                        "use an instruction of a stage: RUN, COPY, ENV, …");
            default -> {}
        }
        var trigger = new StringBuilder(
                statement.line().text().substring(statement.keyword().end()).stripLeading());
        for (Instruction.Heredoc body : statement.line().heredocs()) {
            trigger.append('\n').append(body.content()).append(body.delimiter());
        }
        return new Instruction.OnBuild(origin, trigger.toString());
    }

    private DockerfileException failure(String message, String hint) {
        return new DockerfileException(new Diagnostic(statement.range(), message, Optional.of(hint)));
    }

    private DockerfileException failure(Word place, String message, String hint) {
        return new DockerfileException(new Diagnostic(statement.range(place), message, Optional.of(hint)));
    }
}
