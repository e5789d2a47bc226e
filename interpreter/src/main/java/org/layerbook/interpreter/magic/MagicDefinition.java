package org.layerbook.interpreter.magic;

import java.util.List;
import java.util.Optional;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionCompletion;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.magic.Magic.Body;
import org.layerbook.interpreter.magic.Magic.Completer;
import org.layerbook.interpreter.magic.Magic.Form;
import org.layerbook.interpreter.magic.MagicSyntax.Reading;

/** A magic being written down: {@code MagicDefinition.line("new").takes(…).summary(…).does(…)}. */
final class MagicDefinition {
    private final Form form;
    private final List<String> names;
    private MagicSyntax syntax = new MagicSyntax("", Reading.OPTIONS, List.of(), Arity.NONE);
    private String summary = "";
    private String help = "";
    private boolean changesBuild;
    private Completer completer = Completer.NONE;

    private MagicDefinition(Form form, String... names) {
        this.form = form;
        this.names = List.of(names);
    }

    /** @param names without percent signs; the first is the one that lists show */
    static MagicDefinition of(Form form, String... names) {
        return new MagicDefinition(form, names);
    }

    static MagicDefinition line(String... names) {
        return of(Form.LINE, names);
    }

    /** Options and arguments, which {@code usage} shows. Without this, none. */
    MagicDefinition takes(String usage, Arity arity, OptionSpec... options) {
        syntax = new MagicSyntax(usage, Reading.OPTIONS, List.of(options), arity);
        return this;
    }

    /** Words that the magic reads itself. */
    MagicDefinition takesWords(String usage) {
        syntax = new MagicSyntax(usage, Reading.WORDS, List.of(), Arity.ANY);
        return this;
    }

    /** Words that are a program's. */
    MagicDefinition takesProgram(String usage) {
        syntax = new MagicSyntax(usage, Reading.PROGRAM, List.of(), Arity.ANY);
        return this;
    }

    /** @param line in lower case and without a full stop */
    MagicDefinition summary(String line) {
        summary = line;
        return this;
    }

    MagicDefinition help(String lines) {
        help = lines;
        return this;
    }

    MagicDefinition changesBuild() {
        changesBuild = true;
        return this;
    }

    /** What completes the words behind the name that are no options. */
    MagicDefinition completes(Completer arguments) {
        completer = arguments;
        return this;
    }

    Magic does(Body body) {
        Magic unread = magic(body);
        return magic((call, context) -> {
            Optional<MagicCall> read = unread.syntax().read(call, form.percent() + call.name());
            if (read.isPresent()) {
                body.run(read.get(), context);
            } else {
                context.print(unread.helpText() + "\n");
            }
        });
    }

    private Magic magic(Body body) {
        List<OptionSpec> options = syntax.options();
        Completer arguments = completer;
        Completer all = (prefix, hints) ->
                prefix.startsWith("-") ? OptionCompletion.names(options, prefix) : arguments.complete(prefix, hints);
        return new Magic(names, form, syntax, summary, help, changesBuild, all, body);
    }
}
