package org.layerbook.interpreter.magic;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionException;
import org.layerbook.interpreter.command.option.OptionHelp;
import org.layerbook.interpreter.command.option.OptionParser;
import org.layerbook.interpreter.command.option.OptionSpec;

/**
 * What may stand behind the name of a magic.
 *
 * @param usage as help shows it, {@code [NAME]}
 * @param reading how it is read
 * @param options of the magic itself
 * @param arity how many arguments there are besides
 */
record MagicSyntax(String usage, Reading reading, List<OptionSpec> options, Arity arity) {
    private static final OptionSpec HELP = OptionSpec.help(Optional.empty());
    private static final int COLUMNS = 79;

    /** Who reads the words behind the name. */
    enum Reading {
        /** The parser of docker's options. */
        OPTIONS,
        /** The magic itself, all but a single {@code --help}. */
        WORDS,
        /** A program, {@code --help} too. */
        PROGRAM
    }

    MagicSyntax {
        options = List.copyOf(options);
    }

    /** The options as docker's help lists them; empty where there are none. */
    String optionHelp() {
        return options.isEmpty()
                ? ""
                : "\nOptions:\n" + OptionHelp.text(options, COLUMNS).stripTrailing();
    }

    /**
     * The call with its words read; empty where it asks for help.
     *
     * @param magic as messages name it, {@code %new}
     */
    Optional<MagicCall> read(MagicCall call, String magic) throws MagicException {
        return switch (reading) {
            case OPTIONS -> parse(call, magic);
            case WORDS -> call.words().equals(List.of("--help")) ? Optional.empty() : Optional.of(call);
            case PROGRAM -> Optional.of(call);
        };
    }

    private Optional<MagicCall> parse(MagicCall call, String magic) throws MagicException {
        var specs = new ArrayList<>(options);
        specs.add(HELP);
        OptionParser.Parsed parsed;
        try {
            parsed = OptionParser.parse(specs, call.words(), arity.optionsBetween());
        } catch (OptionException e) {
            throw fault("`" + magic + "`: " + e.getMessage(), magic);
        }
        if (parsed.options().on("help")) {
            return Optional.empty();
        }
        Optional<String> fault = arity.fault(parsed.arguments().size());
        if (fault.isPresent()) {
            throw fault("`" + magic + "` " + fault.get(), magic);
        }
        return Optional.of(call.with(parsed));
    }

    private MagicException fault(String message, String magic) {
        return new MagicException(
                message,
                options.isEmpty() ? "write `" + (magic + " " + usage).strip() + "`" : "see `" + magic + " --help`");
    }
}
